"""The whole site, built strictly by MkDocs as it is published."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml

from tests.support.running import ROOT

pytestmark = pytest.mark.slow

HOME = "https://site.invalid/prefix/"
# Addresses that the forms answer, not the site.
APP = re.compile(r"(issues/|ratings/|staff/|search|elder|language|open311/|healthz)")


# Says how many kilobytes the command took that it is given: a process that is begun by a large one
# counts as large as that.
TELLS_MEMORY = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def build(
    out: Path,
    data: Path = ROOT / "data",
    config: Path = ROOT / "mkdocs.yml",
    through: Sequence[str] = (),
    **environ: str,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *through,
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "-f",
            config,
            "--site-dir",
            out,
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "CIRCLE_DATA": str(data),
            "SITE_TODAY": "2026-11-23",
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def community_in(folder: Path) -> Path:
    """A data folder with a copy of the sample community, for a test to change."""
    shutil.copytree(ROOT / "data" / "community", folder / "community")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "built"
    done = build(out)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return out


class Page(HTMLParser):
    """What the tests look at: headings, ids, links and everything that a browser would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.h1 = 0
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.heading_levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.heading_levels.append(int(tag[1]))
        self.h1 += tag == "h1"
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif "src" in values or (tag == "link" and values.get("rel") != "canonical"):
            self.loads.append(values.get("src", "") or values.get("href", ""))
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name[:2] == "on"]


def pages(site: Path) -> Iterator[tuple[str, Page]]:
    for file in sorted(site.rglob("*.html")):
        yield file.relative_to(site).as_posix(), Page(file.read_text(encoding="utf-8"))


def address(path: str) -> str:
    return urljoin(HOME, path.removesuffix("index.html"))


def test_every_page_has_one_first_heading_and_skips_no_level(site: Path):
    for path, page in pages(site):
        assert page.h1 == 1, path
        own = page.heading_levels[page.heading_levels.index(1) :]
        for above, below in pairwise(own):
            assert below <= above + 1, (path, own)


def test_no_id_stands_twice_on_a_page(site: Path):
    for path, page in pages(site):
        assert len(page.ids) == len(set(page.ids)), path


class Phones(HTMLParser):
    """The telephone numbers of a page that stand in plain words, where a line may end within."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[str] = []  # what holds one whole, or holds no words
        self.whole = 0
        self.broken: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_whole = values.get("class") == "unbroken" or values.get("href", "").startswith("tel:")
        if is_whole or tag in ("script", "style", "svg", "title") or tag in self.inside:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        found = re.findall(r"\b0[0-9]{2,3}-[0-9]{3,}[0-9-]*", data)
        if self.inside:
            self.whole += len(found)
        else:
            self.broken += found


def test_no_telephone_number_in_a_sentence_may_break_at_its_hyphen(site: Path):
    seen = 0
    for file in site.rglob("*.html"):
        found = Phones(file.read_text(encoding="utf-8"))
        assert found.broken == [], file
        seen += found.whole
    assert seen > 100
    for sheet in ("print/week/yinxing-a3", "print/duties", "print/tickets/yinxing"):
        page = (site / sheet / "index.html").read_text(encoding="utf-8")
        assert 'class="unbroken"' in page, sheet


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(site: Path):
    for path, page in pages(site):
        for load in page.loads:
            assert not urlsplit(load).netloc, (path, load)
        assert page.inline == [], path
    for css in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", css.read_text(encoding="utf-8"))


def test_every_link_within_the_site_leads_somewhere_under_any_prefix(site: Path):
    known = dict(pages(site))
    for path, page in known.items():
        if path == "404.html":
            continue  # its links start at the root, wherever it is shown
        for link in [*page.links, *page.loads]:
            target = urlsplit(urljoin(address(path), link))
            if not target.geturl().startswith("https://site.invalid/"):
                assert target.scheme in ("https", "tel", "mailto", "webcal", "sms"), (path, link)
                if target.scheme == "webcal":
                    assert target.netloc == urlsplit(HOME).netloc, (path, link)
                continue
            assert target.path.startswith("/prefix/"), (path, link)
            below = unquote(target.path.removeprefix("/prefix/"))
            if APP.match(below):
                continue
            file = f"{below}index.html" if not below or below.endswith("/") else below
            assert (site / file).is_file(), (path, link)
            if target.fragment and file in known:
                assert unquote(target.fragment) in known[file].ids, (path, link)


def test_no_marker_and_no_placeholder_is_left(site: Path):
    for file in site.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        assert "<!-- pages/" not in html, file
        assert "%root%" not in html, file


def test_the_themes_own_assets_are_not_published(site: Path):
    assert not (site / "assets").exists()
    assert (site / "static" / "site.css").is_file()
    assert not (site / "search").exists()


def test_the_addresses_of_the_contract_are_there(site: Path):
    pages = ("handbook", "duties", "flowchart", "services", "calendar", "coverage", "figures")
    for path in ("", *pages, "near", "near/guiyuan"):
        assert (site / path / "index.html").is_file()
    assert b"BEGIN:VCALENDAR" in (site / "calendar" / "jingui.ics").read_bytes()


def test_without_a_public_address_nothing_invents_one(site: Path):
    assert not (site / "sitemap.xml").exists()


def test_a_public_address_reaches_calendars_and_the_site_map(tmp_path: Path):
    done = build(tmp_path / "out", CIRCLE_PUBLIC_URL="https://circle.example.cn/huang")
    assert done.returncode == 0, done.stderr
    home = "https://circle.example.cn/huang/"
    assert f"<loc>{home}handbook/</loc>" in (tmp_path / "out/sitemap.xml").read_text()
    feed = (tmp_path / "out/calendar/jingui.ics").read_text().replace("\r\n ", "")
    assert f"{home}calendar/" in feed


def test_what_the_data_say_is_never_markup(tmp_path: Path):
    data = community_in(tmp_path)
    file = data / "community" / "services.yml"
    services = yaml.safe_load(file.read_text(encoding="utf-8"))
    services[0]["name"] = services[0]["description"] = "<script>alert(1)</script> *x* & <b>"
    file.write_text(yaml.safe_dump(services, allow_unicode=True), encoding="utf-8")
    done = build(tmp_path / "out", data)
    assert done.returncode == 0, done.stderr
    for html in (tmp_path / "out").rglob("*.html"):
        assert "<script>alert" not in html.read_text(encoding="utf-8"), html
    page = (tmp_path / "out" / "services" / services[0]["id"] / "index.html").read_text()
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt; *x* &amp; &lt;b&gt;</h1>" in page
    assert "<b>" not in page


def test_data_that_cannot_be_used_fail_the_build_with_the_reason(tmp_path: Path):
    data = community_in(tmp_path)
    (data / "community" / "services.yml").unlink()
    done = build(tmp_path / "out", data)
    assert done.returncode != 0
    assert "services.yml" in done.stderr


def test_a_marker_that_nothing_makes_fails_the_build(tmp_path: Path):
    config = yaml.safe_load(re.sub(r"!!python\S*", "", (ROOT / "mkdocs.yml").read_text()))
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# 首页\n\n<!-- pages/flowchrat -->\n", encoding="utf-8")
    config |= {"docs_dir": str(docs), "hooks": [str(ROOT / "site" / "hooks.py")], "watch": []}
    config["theme"]["custom_dir"] = str(ROOT / "site" / "overrides")
    config["markdown_extensions"] = []
    config["nav"] = ["index.md"]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    done = build(tmp_path / "out", config=tmp_path / "mkdocs.yml")
    assert done.returncode != 0
    assert "flowchrat" in done.stderr


def test_the_pages_of_two_thousand_occurrences_do_not_grow_with_their_number(tmp_path: Path):
    data = community_in(tmp_path)
    file = data / "community" / "activities.yml"
    activities = yaml.safe_load(file.read_text(encoding="utf-8"))
    like = next(a for a in activities if a["uid"] == "choir")
    activities += [
        {
            **{key: like[key] for key in ("summary", "category", "location_id")},
            "uid": f"daily_{n}",
            "dtstart": f"2026-10-01 {8 + n // 2:02d}:{n % 2 * 30:02d}",
            "duration": "0:30",
            "rrule": "FREQ=DAILY",
        }
        for n in range(22)
    ]
    file.write_text(yaml.safe_dump(activities, allow_unicode=True), encoding="utf-8")
    done = build(tmp_path / "out", data, through=(sys.executable, "-c", TELLS_MEMORY))
    assert done.returncode == 0, done.stderr
    # 80 MB; where every page is held until the last is written 135, and of three hundred daily
    # activities a gigabyte.
    assert int(done.stdout.split()[-1]) < 110_000
    assert len(list((tmp_path / "out" / "calendar").glob("*.ics"))) > 2000
    # A navigation drawn on every page would name the others on each: hundreds of kilobytes.
    pages = (tmp_path / "out" / "calendar").glob("*-daily_*/index.html")
    sizes = [page.stat().st_size for page in pages]
    assert len(sizes) > 2000
    assert max(sizes) < 20_000


def test_pages_in_english_and_their_chinese_ones_lead_to_each_other(site: Path) -> None:
    for path in ("calendar/", "services/", "near/", "near/guiyuan/"):
        depth = "../" * path.count("/")
        chinese = (site / path / "index.html").read_text(encoding="utf-8")
        english = (site / "en" / path / "index.html").read_text(encoding="utf-8")
        assert f'href="{depth}en/{path}" lang="en"' in chinese
        assert f'href="../{depth}{path}" lang="zh-CN"' in english
        assert '<html lang="en">' in english
        for section in ("calendar/", "near/", "services/"):
            assert f'href="../{depth}en/{section}"' in english
    english = (site / "en" / "index.html").read_text(encoding="utf-8")
    assert 'href="calendar/"' in english or 'href="../en/calendar/"' in english


def test_from_a_page_in_english_the_app_is_told_the_language_on_the_way(site: Path) -> None:
    english = (site / "en" / "index.html").read_text(encoding="utf-8")
    chinese = (site / "index.html").read_text(encoding="utf-8")
    for path in ("issues/new", "issues/", "search"):
        assert f'href="../language?to=en&back={path}"' in english.replace("&amp;", "&")
        assert f'href="../{path}"' not in english
    assert "language?to=en" not in chinese
