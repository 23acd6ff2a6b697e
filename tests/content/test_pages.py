"""Versions of pages, each its own, and the histories that were there before there were folders."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forms_app.community import OfficePage
from forms_app.content.differences import unpublished
from forms_app.content.pages import (
    NEW,
    chapter,
    chapters,
    digest_of_page,
    own_pages,
    remove_page,
    save_page,
    seen_digest,
    shipped_before,
    shipped_page,
    taken_away,
)
from forms_app.content.saving import Change, ChangedMeanwhile, place_of
from forms_app.content.versions import content_of, digest_of, versions
from forms_app.formats.office_text import render
from forms_app.publishing.releases import MADE_FROM, keep_inputs
from forms_app.settings import Settings
from tests.support.running import ROOT

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
INDEX, GOAL, TEA = "pages/handbook/index.md", "pages/handbook/goal.md", "pages/local/tea.md"


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "data" / "community")
    shutil.copytree(ROOT / "site" / "docs" / "handbook", tmp_path / "site" / "docs" / "handbook")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path / "mkdocs.yml")
    return Settings.from_environment({}, tmp_path)


def save(office: Settings, file: str, text: str, seen: str = "", **more: str) -> bool:
    page = OfficePage(file, more.get("title", "题"), text, "" if "handbook" in file else "list",
                      based_on=more.get("based_on", ""))  # fmt: skip
    return save_page(
        office, page, seen or seen_digest(office, file), Change(file, "何文", "题", NOW)
    )


def remove(office: Settings, file: str, seen: str = "") -> bool:
    seen = seen or seen_digest(office, file)
    return remove_page(office, seen, Change(file, "何文", "去掉", NOW))


def test_two_files_of_one_name_have_nothing_in_common(office: Settings) -> None:
    save(office, INDEX, "手册的。")
    save(office, TEA, "茶的。", title="茶")
    (office.community_dir / "pages" / "local" / "goal.md").write_text(
        "---\ntitle: 又\n---\n又。\n", encoding="utf-8"
    )
    save(office, GOAL, "目标的。")
    place = place_of(office)
    assert [one.what for one in versions(place, GOAL)] == ["题", "系统带来的原文"]
    assert [one.what for one in versions(place, "pages/local/goal.md")] == [""]
    assert len(versions(place, INDEX)) == 2
    assert len(versions(place, "index.md")) == 0


def test_a_history_of_before_is_carried_along(office: Settings) -> None:
    """As earlier versions of the program left it: by the file's name, which is its path."""
    old = b"- id: old\n"
    folder = office.private_dir / "content" / "announcements.yml"
    folder.mkdir(parents=True)
    (folder / digest_of(old)).write_bytes(old)
    line = {"made_at": NOW.isoformat(), "who": "王芳", "what": "旧", "digest": digest_of(old)}
    (folder / "versions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (found,) = versions(place_of(office), "announcements.yml")
    assert found.who == "王芳"
    assert content_of(place_of(office), "announcements.yml", found) == old


def test_a_page_that_goes_leaves_its_versions_and_can_come_back(office: Settings) -> None:
    assert save(office, TEA, "一。")
    assert not save(office, TEA, "一。", seen="anything")
    assert remove(office, TEA)
    assert not remove(office, TEA)
    assert own_pages(office) == []
    assert taken_away(office) == [TEA]
    gone, first = versions(place_of(office), TEA)
    assert content_of(place_of(office), TEA, gone) == b""
    assert "一。" in (content_of(place_of(office), TEA, first) or b"").decode()


def test_who_has_not_seen_the_newest_writes_nothing(office: Settings) -> None:
    save(office, TEA, "一。")
    with pytest.raises(ChangedMeanwhile):
        save(office, TEA, "二。", seen="older")
    with pytest.raises(ChangedMeanwhile):
        remove(office, TEA, seen="older")
    save(office, GOAL, "甲。")
    with pytest.raises(ChangedMeanwhile):
        save(office, GOAL, "乙。", seen=NEW)


def test_the_products_chapters_are_words_that_an_office_may_write(office: Settings) -> None:
    every = chapters(office)
    assert [one.title for one in every][:2] == ["工作手册", "目标与原则"]
    assert len(every) == 12
    for one in every:
        assert one.shipped is not None
        assert render(one.shipped.text).told == (), one.file
        assert "<div" not in one.shipped.text
        assert "<span" not in one.shipped.text
        assert len(one.shipped.text) < 10_000


def test_another_text_of_the_products_under_an_offices_is_told_with_the_old(
    office: Settings,
) -> None:
    shipped = shipped_page(office, GOAL)
    assert shipped is not None
    save(office, GOAL, "我们的。", based_on=digest_of_page(shipped))
    found = chapter(office, GOAL)
    assert found is not None
    assert not found.is_behind
    file = office.root / "site" / "docs" / "handbook" / "goal.md"
    file.write_text(file.read_text(encoding="utf-8") + "\n新。\n", encoding="utf-8")
    found = chapter(office, GOAL)
    assert found is not None
    assert found.is_behind
    assert found.office is not None
    assert shipped_before(office, found.office) == shipped
    file.unlink()
    found = chapter(office, GOAL)
    assert found is not None
    assert found.shipped is None
    assert found.office is not None


def test_what_the_site_does_not_show_yet_tells_of_pages(office: Settings, tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.mkdir()
    save(office, TEA, "一。")
    keep_inputs(office.community_dir, release)
    assert (release / MADE_FROM / TEA).is_file()
    assert unpublished(office, release / MADE_FROM) == ()
    save(office, TEA, "二。")
    save(office, GOAL, "三。")
    assert [one.file for one in unpublished(office, release / MADE_FROM) or ()] == [GOAL, TEA]
