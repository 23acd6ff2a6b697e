"""Whatever happens while the site is being built, the old one stays up, whole."""

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from forms_app.publishing import building
from forms_app.publishing.outcome import BuildFailed, PublishBusy
from forms_app.publishing.publish import publish
from forms_app.publishing.releases import current_release, told_of
from forms_app.settings import Settings
from tests.publishing.conftest import NOW, edit, page
from tests.support.running import ROOT

pytestmark = pytest.mark.slow
REPOSITORY = ROOT


def start_elsewhere(settings: Settings) -> "subprocess.Popen[str]":
    """A publisher in another process, as the administrator's command would be."""
    program = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from forms_app.settings import Settings; from forms_app.publishing.publish import publish;"
        "publish(Settings.from_environment({}, Path(sys.argv[1])), None, now=datetime.now(UTC))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(settings.root)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists() or not path.read_text():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.02)


def test_the_first_publish_puts_the_site_up(site: Settings) -> None:
    done = publish(site, '{"made_at": "2026-11-22T04:00:00Z", "totals": {}}', now=NOW)
    assert done.changed
    assert done.pages == 2
    assert done.release == "20261122T040000Z"
    assert "欢迎" in page(site)
    assert (site.build / "site").readlink() == Path("releases/20261122T040000Z/site")
    assert json.loads(site.tallies_file.read_text())["totals"] == {}


def test_nothing_is_built_where_nothing_changed(site: Settings) -> None:
    first = publish(site, '{"made_at": "2026-11-22T04:00:00Z", "n": 7}', now=NOW)
    later = NOW + timedelta(minutes=5)
    second = publish(site, '{"made_at": "2026-11-22T04:05:00Z", "n": 7}', now=later)
    assert not second.changed
    assert (second.release, second.pages) == (first.release, 2)


@pytest.mark.parametrize("left", [b"", b'[{"url"'])
def test_words_that_a_power_cut_left_half_written_are_made_anew(
    site: Settings, left: bytes
) -> None:
    publish(site, '{"n": 7}', now=NOW)
    words = site.build / "releases" / "20261122T040000Z" / "search.json"
    words.write_bytes(left)
    mended = publish(site, '{"n": 7}', now=NOW + timedelta(minutes=5))
    assert mended.changed
    assert mended.pages == 2


@pytest.mark.parametrize("changed", ["page", "figures", "data", "day", "address", "force"])
def test_whatever_a_page_is_made_of_makes_it_anew(site: Settings, changed: str) -> None:
    publish(site, '{"n": 7}', now=NOW)
    settings, figures, now = site, '{"n": 7}', NOW
    if changed == "page":
        edit(site, "改过了。")
    elif changed == "figures":
        figures = '{"n": 8}'
    elif changed == "data":
        (site.community_dir / "circle.yml").write_text("name: 示例社区\n")
    elif changed == "day":
        now = NOW + timedelta(hours=12, seconds=1)  # midnight in China, not in London
    elif changed == "address":
        settings = Settings.from_environment(
            {"CIRCLE_PUBLIC_URL": "https://www.example.cn/circle"}, site.root
        )
    assert publish(settings, figures, changed == "force", now=now).changed


def test_a_failed_build_keeps_the_old_site_and_says_why(site: Settings) -> None:
    publish(site, None, now=NOW)
    edit(site, "[断了的链接](nowhere.md)")
    with pytest.raises(BuildFailed) as failure:
        publish(site, None, now=NOW)
    assert "nowhere.md" in "\n".join(failure.value.last_lines)
    assert str(failure.value).startswith("网站没有生成，继续使用原来的版本")
    assert "nowhere.md" in failure.value.log.read_text()
    assert "欢迎" in page(site)


def test_with_a_public_address_the_map_of_the_site_is_made_again_and_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))  # or midnight changes it
    for number in range(12):  # long enough for a compressed copy, which MkDocs makes as well
        (site.root / "site" / "docs" / f"page{number}.md").write_text(f"# 第{number}页\n")
    public = {"CIRCLE_PUBLIC_URL": "https://www.example.cn"}
    settings = Settings.from_environment(public, site.root)
    first = publish(settings, None, now=NOW)
    old = site.build / "releases" / first.release / "site" / "sitemap.xml.gz"
    old_bytes = old.read_bytes()
    for minute in (1, 2):
        publish(settings, None, force=True, now=NOW + timedelta(minutes=minute))
    zipped = site.build / "site" / "sitemap.xml.gz"
    assert gzip.decompress(zipped.read_bytes()).decode() == page(settings, "sitemap.xml")
    assert "https://www.example.cn/page7/" in page(settings, "sitemap.xml")
    assert zipped.samefile(old)
    assert old.read_bytes() == old_bytes


@pytest.mark.parametrize("in_the_way", ["releases", "publish.lock", "publish.log"])
def test_a_folder_that_cannot_be_written_keeps_the_old_site_and_says_which(
    site: Settings, in_the_way: str
) -> None:
    publish(site, None, now=NOW)
    obstacle = site.build / in_the_way
    if in_the_way == "releases":
        obstacle.rename(site.build / "kept")
        (site.build / "site").unlink()
        (site.build / "site").symlink_to("kept/20261122T040000Z/site")
        obstacle.write_text("")
    else:
        obstacle.unlink()
        obstacle.mkdir()
    edit(site, "改过了。")
    with pytest.raises(BuildFailed) as failure:
        publish(site, None, now=NOW)
    sentence = str(failure.value)
    assert sentence.startswith("网站没有生成，继续使用原来的版本：\n无法读写")
    assert str(obstacle) in sentence
    assert "欢迎" in page(site)


def test_an_old_release_that_cannot_be_removed_does_not_hide_the_new_one(
    site: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    publish(site, None, now=NOW)
    (site.build / "releases" / "20250101T000000Z").write_text("a file in a folder's place")
    for minute in (1, 2, 3):
        edit(site, f"改过{minute}次。")
        assert publish(site, None, now=NOW + timedelta(minutes=minute)).changed
    assert "改过3次" in page(site)
    assert "cannot remove" in caplog.text


def test_a_failed_build_leaves_no_half_of_a_site(site: Settings) -> None:
    edit(site, "[断了的链接](nowhere.md)")
    with pytest.raises(BuildFailed):
        publish(site, None, now=NOW)
    assert list((site.build / "releases").iterdir()) == []
    edit(site, "修好了。")
    publish(site, None, now=NOW)
    assert "修好了" in page(site)
    assert [path.name for path in (site.build / "releases").iterdir()] == ["20261122T040000Z"]


def test_a_build_that_a_full_disk_left_without_a_word_says_why(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, None, now=NOW)
    edit(site, "[断了的链接](nowhere.md)")
    monkeypatch.setattr(building.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(BuildFailed, match="所在的磁盘满了。"):
        publish(site, None, now=NOW)
    assert "欢迎" in page(site)


def test_a_build_that_the_system_killed_for_its_memory_says_so(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, None, now=NOW)
    edit(site, "改过了。")
    killed = site.root / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(building.sys, "executable", str(killed))
        with pytest.raises(BuildFailed, match="内存不够"):
            publish(site, None, now=NOW + timedelta(minutes=1))
    assert "欢迎" in page(site)


def test_a_publisher_killed_in_the_midst_leaves_the_old_site_up(site: Settings) -> None:
    publish(site, None, now=NOW)
    edit(site, "改过了。")
    (site.root / "wait").write_text("")
    publisher = start_elsewhere(site)
    wait_for(site.root / "building")
    publisher.send_signal(signal.SIGKILL)
    publisher.communicate()
    assert "欢迎" in page(site)
    # Its build outlives it, and nobody builds beside it.
    with pytest.raises(PublishBusy):
        publish(site, None, now=NOW, wait_seconds=0.3)
    (site.root / "wait").unlink()
    publish(site, None, now=NOW)
    assert "改过了" in page(site)
    assert not list((site.build / "releases").glob("*.tmp"))


def test_a_second_publisher_waits_for_the_first(site: Settings) -> None:
    (site.root / "wait").write_text("")
    publisher = start_elsewhere(site)
    wait_for(site.root / "building")
    timer = threading.Timer(0.5, (site.root / "wait").unlink)
    timer.start()
    second = publish(site, None, now=datetime.now(UTC))
    _, errors = publisher.communicate()
    assert (publisher.returncode, errors) == (0, "")
    assert not second.changed  # the first one had just built the same


def test_a_publisher_that_may_not_wait_says_so(site: Settings) -> None:
    (site.root / "wait").write_text("")
    publisher = start_elsewhere(site)
    wait_for(site.root / "building")
    with pytest.raises(PublishBusy, match="另一处正在发布网站"):
        publish(site, None, now=NOW, wait_seconds=0)
    (site.root / "wait").unlink()
    publisher.communicate()


def test_three_releases_are_kept(site: Settings) -> None:
    names = [
        publish(site, None, True, now=NOW + timedelta(minutes=minute)).release
        for minute in range(5)
    ]
    kept = sorted(path.name for path in (site.build / "releases").iterdir())
    assert kept == names[-3:]


def test_the_release_that_is_up_is_kept_even_when_the_clock_was_put_back(site: Settings) -> None:
    for minute in range(3):
        publish(site, None, True, now=NOW + timedelta(minutes=minute))
    early = publish(site, None, True, now=NOW - timedelta(days=1))
    assert "欢迎" in page(site)
    release = current_release(site.build)
    assert release is not None
    assert release.name == early.release
    assert len(list((site.build / "releases").iterdir())) == 3


def test_two_releases_in_one_second_have_two_names(site: Settings) -> None:
    assert publish(site, None, now=NOW).release == "20261122T040000Z"
    assert publish(site, None, True, now=NOW).release == "20261122T040000Z-02"


def test_files_that_did_not_change_are_the_same_files(site: Settings) -> None:
    publish(site, None, now=NOW)
    old_near = (site.build / "site" / "near" / "index.html").stat()
    edit(site, "改过了。")
    done = publish(site, None, now=NOW)
    near = site.build / "site" / "near"
    assert (near / "index.html").stat().st_ino == old_near.st_ino
    assert (near / "index.html.gz").stat().st_nlink == 2
    assert (site.build / "site" / "index.html").stat().st_nlink == 1
    assert done.linked >= 1


def test_long_texts_have_a_compressed_copy_and_short_ones_none(site: Settings) -> None:
    publish(site, None, now=NOW)
    near = site.build / "site" / "near" / "index.html"
    zipped = near.with_name("index.html.gz").read_bytes()
    assert gzip.decompress(zipped) == near.read_bytes()
    assert zipped[4:8] == bytes(4)  # no time in it
    assert not (site.build / "site" / "index.html.gz").exists()


def test_the_words_of_every_page_lie_beside_the_site_not_in_it(site: Settings) -> None:
    publish(site, None, now=NOW)
    release = current_release(site.build)
    assert release is not None
    rows = json.loads((release / "search.json").read_text())
    assert [(row["url"], row["title"]) for row in rows] == [("", "首页"), ("near/", "身边")]
    assert rows[0]["text"] == "欢迎。"
    assert not (release / "site" / "search.json").exists()


def test_posters_and_cards_are_not_found_by_their_words(site: Settings) -> None:
    docs = site.root / "site" / "docs"
    for name in ("index", "duties", "poster/jingui"):
        file = docs / "print" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# 打印\n")
    publish(site, None, now=NOW)
    release = current_release(site.build)
    assert release is not None
    found = {row["url"] for row in json.loads((release / "search.json").read_text())}
    assert {url for url in found if url.startswith("print/")} == {"print/", "print/duties/"}
    assert (release / "site" / "print" / "poster" / "jingui" / "index.html").is_file()


def test_the_build_sees_no_secret(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("CIRCLE_DATABASE_URL", "postgresql://office:hush@host/name")
    monkeypatch.setenv("ANY_TOKEN", "hush")
    publish(site, None, now=NOW)
    seen = json.loads((site.root / "seen.json").read_text())
    assert seen["CIRCLE_DATA"] == str(site.data)
    assert seen["SITE_TODAY"] == "2026-11-22"
    assert not {"CIRCLE_SECRET_KEY", "CIRCLE_DATABASE_URL", "ANY_TOKEN"} & seen.keys()
    assert "hush" not in json.dumps(seen)


def test_a_site_built_by_hand_is_replaced(site: Settings) -> None:
    (site.build / "site").mkdir()
    (site.build / "site" / "index.html").write_text("by hand")
    publish(site, None, now=NOW)
    assert "欢迎" in page(site)


def test_what_does_not_stand_there_as_it_was_written_is_told_and_published_all_the_same(
    site: Settings,
) -> None:
    page = site.community_dir / "pages" / "local" / "tea.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\ntitle: 茶\n---\n一。\n", encoding="utf-8")
    row = {"file": "pages/local/tea.md", "line": 4, "problem": "没有这一页", "remedy": "改"}
    (site.root / "told").write_text(json.dumps([row]))
    done = publish(site, None, now=NOW)
    assert done.changed
    assert "自己的页面有1处没有照写的上网" in done.warning
    assert told_of(site.build) == [row]
    release = current_release(site.build)
    assert release is not None
    assert (release / "content" / "pages" / "local" / "tea.md").is_file()
    # Another word on the page, and the site is made anew.
    assert not publish(site, None, now=NOW).changed
    page.write_text("---\ntitle: 茶\n---\n二。\n", encoding="utf-8")
    (site.root / "told").unlink()
    assert publish(site, None, now=NOW + timedelta(minutes=1)).warning == ""
    assert told_of(site.build) == []
