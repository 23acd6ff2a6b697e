"""The office's pages on the site that is really built: its own, and its words over the handbook."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest

from forms_app.community.pages import written
from forms_app.content.pages import shipped_page
from forms_app.settings import Settings
from tests.formats.test_office_text import ATTRIBUTES, BAD_SCHEMES, HTML, TEMPLATES
from tests.site.test_build import ROOT, Page, address, build

pytestmark = pytest.mark.slow

TEA = """---
title: 茶话会 <b>和</b> {{ config }}
place: handbook
---
见[分级](/handbook/grading/#mistakes)、[分级](../handbook/grading.md)、[服务](/services/)、
[反映](/issues/new)、[没有](/nowhere/)、[出去](../../../etc/passwd)、[这里](#第一)、
[自己的](https://town.example/circle/duties/)、[清单](/calendar/2026-10-26-blood_pressure.ics)。

## 第一

一。

## 第二 {#two}

二。

### 小的

三。

## 第三

四。
"""
ATTACK = "\n\n".join(
    (*HTML, *(f"# x {one}" for one in ATTRIBUTES), *TEMPLATES,
     *(f"[x]({one})" for one in BAD_SCHEMES))
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "data" / "community", folder / "community")
    pages = {
        "local/tea.md": TEA,
        "local/attack.md": f"---\ntitle: 攻击\nplace: menu\n---\n{ATTACK}\n",
        "handbook/goal.md": "---\ntitle: 我们的目标\n---\n## 一\n\n<!-- pages/clocks-table -->\n\n"
        "<!-- pages/nothing -->\n",
        "handbook/gone.md": "---\ntitle: 没有这一章\n---\n话。\n",
    }
    for name, text in pages.items():
        file = folder / "community" / "pages" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    done = build(
        folder / "site", folder, SITE_TOLD=str(folder / "told.json"),
        CIRCLE_PUBLIC_URL="https://town.example/circle",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def text(site: Path, path: str) -> str:
    return (site / "site" / path / "index.html").read_text(encoding="utf-8")


def told(site: Path, file: str) -> list[str]:
    rows = json.loads((site / "told.json").read_text(encoding="utf-8"))
    return [row["problem"] for row in rows if row["file"] == f"pages/{file}"]


def test_links_lead_where_they_say_and_those_to_nowhere_are_words(site: Path) -> None:
    html = text(site, "local/tea")
    main = html.partition("<main")[2].partition("</main>")[0]
    names = "分级|服务|反映|没有|出去|这里|自己的|清单"
    found = re.findall(rf'<a href="([^"]+)"[^>]*>({names})</a>', main)
    assert found == [
        ("../../handbook/grading/#mistakes", "分级"),
        ("../../handbook/grading/", "分级"),
        ("../../services/", "服务"),
        ("../../issues/new", "反映"),
        ("#第一", "这里"),
        ("../../duties/", "自己的"),
        ("../../calendar/2026-10-26-blood_pressure.ics", "清单"),
    ]
    nowhere, outside = told(site, "local/tea.md")
    assert "/nowhere/" in nowhere
    assert "../../../etc/passwd" in outside


def test_a_page_of_ones_own_is_like_every_other(site: Path) -> None:
    html = text(site, "local/tea")
    page = Page(html)
    assert page.h1 == 1
    assert "{{ config }}" in html
    assert "本页内容" in html
    # Elders see the headings alone, as on every page of its kind.
    assert html.count('<section class="fold"') == 3
    # Behind the handbook: in its rooms, on its first page, before and after.
    assert '<a href="../../handbook/">工作手册</a>' in html
    assert "上一页：" in html
    assert "../local/tea/" in text(site, "handbook")
    assert "local/attack/" in text(site, "local/attack")
    assert '<a href="../local/">本地页面</a>' not in html
    assert "本地页面" in text(site, "local")


def test_english_pages_say_that_the_offices_are_in_chinese(site: Path) -> None:
    assert re.search(
        r'href="\.\./local/attack/" hreflang="zh-CN">攻击\s*<small class="in-chinese">',
        text(site, "en"),
    )


def test_nothing_hostile_comes_onto_the_site(site: Path) -> None:
    ours = text(site, "local/tea")
    html = text(site, "local/attack")
    frame = Page(ours)
    page = Page(html)
    assert page.inline == []
    assert page.loads == frame.loads
    assert page.h1 == 1
    assert len(page.ids) == len(set(page.ids))
    main = html.partition('<div class="content">')[2].partition("</main>")[0]
    assert not re.search(
        r"<(script|style|img|svg|iframe|form|input|object|embed|link|meta|base|video|audio|math)\b",
        main.replace('<a class="btn"', ""),
    )
    assert not re.search(r"<[^>]*\s(on\w+|style|src|srcset|action)\s*=", main)
    assert not re.search(r'href="\s*(?!https?://|tel:|mailto:)[^"/#?]*:', main)
    assert "evil.example" not in "".join(re.findall('(?:href|src)="([^"]*)"', main))
    assert "49" not in re.sub(r"7\*7", "", re.sub("<[^>]+>", "", main))
    assert len(told(site, "local/attack.md")) > 60
    assert "alert(1)" not in text(site, "")


def test_a_chapter_in_the_offices_words_has_the_products_tables(site: Path) -> None:
    html = text(site, "handbook/goal")
    assert "<h1>我们的目标</h1>" in html
    assert "<table" in html
    assert "pages/" not in html.partition("<main")[2]
    assert told(site, "handbook/goal.md") == ["没有叫“nothing”的表"]
    assert "我们的目标" in text(site, "handbook/organization")  # the page before


def test_a_chapter_that_the_product_has_no_more_is_told_and_not_shown(site: Path) -> None:
    assert not (site / "site" / "handbook" / "gone").exists()
    assert told(site, "handbook/gone.md") == ["手册里已经没有这一章，这一页没有上网"]


def test_the_products_own_chapters_look_the_same_as_an_offices(tmp_path: Path) -> None:
    """Whoever saves a chapter as it was changes nothing that a reader sees."""
    shutil.copytree(ROOT / "data" / "community", tmp_path / "data" / "community")
    settings = Settings.from_environment({"CIRCLE_DATA": str(tmp_path / "data")}, ROOT)
    names = ("grading", "five-steps", "index", "questions")
    for name in names:
        page = shipped_page(settings, f"pages/handbook/{name}.md")
        assert page is not None
        file = tmp_path / "data" / "community" / page.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(page), encoding="utf-8")
    over, plain = tmp_path / "over", tmp_path / "plain"
    assert build(over, tmp_path / "data", SITE_TOLD=str(tmp_path / "told")).returncode == 0
    shutil.rmtree(tmp_path / "data" / "community" / "pages")
    assert build(plain, tmp_path / "data").returncode == 0
    assert json.loads((tmp_path / "told").read_text()) == []
    for name in names:
        path = "" if name == "index" else f"{name}/"
        old = Page((plain / "handbook" / path / "index.html").read_text(encoding="utf-8"))
        new = Page((over / "handbook" / path / "index.html").read_text(encoding="utf-8"))
        here = address(f"handbook/{path}index.html")
        led = [[urljoin(here, link) for link in one.links] for one in (old, new)]
        assert led[0] == led[1], name
        assert set(new.ids) <= set(old.ids), name
        assert len(old.ids) - len(new.ids) <= 1, name  # the title's, to which nobody links
        assert new.heading_levels == old.heading_levels, name
