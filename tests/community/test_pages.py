"""The office's pages as files: what is right, and every mistake with its remedy."""

import shutil
from pathlib import Path

import pytest

from forms_app.community import DataRefused, load
from forms_app.community.pages import parted, written
from tests.support.running import ROOT

TEA = "---\ntitle: 茶话会\nplace: menu\nrank: 7\n---\n\n每周三。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "community")
    for name in ("local", "handbook"):
        (tmp_path / "community" / "pages" / name).mkdir(parents=True)
    return tmp_path / "community"


def refused(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(DataRefused) as found:
        load(folder)
    return [(one.file, one.column, one.problem) for one in found.value.errors]


def test_pages_are_read_with_where_they_stand(folder: Path) -> None:
    (folder / "pages" / "local" / "tea.md").write_text(TEA, encoding="utf-8")
    (folder / "pages" / "handbook" / "index.md").write_text(
        "---\ntitle: 手册\nbased_on: abc\n---\n话。\n", encoding="utf-8"
    )
    circle = load(folder)
    (own,) = circle.own_pages
    assert (own.title, own.text, own.rank, own.address) == ("茶话会", "每周三。", 7, "local/tea/")
    assert circle.menu_pages == [("local/tea/", "茶话会"), ("local/", "本地页面")]
    chapter = circle.pages["pages/handbook/index.md"]
    assert (chapter.address, chapter.based_on, chapter.is_own) == ("handbook/", "abc", False)
    assert written(own) == TEA


def test_a_circle_without_any_has_nothing_more_in_its_menu(folder: Path) -> None:
    assert load(folder).menu_pages == []


def test_marks_and_line_ends_of_other_editors_are_the_same_page(folder: Path) -> None:
    file = folder / "pages" / "local" / "tea.md"
    file.write_bytes(b"\xef\xbb\xbf" + TEA.replace("\n", "\r\n").encode())
    assert load(folder).pages["pages/local/tea.md"].text == "每周三。"
    assert parted("没有开头的\n---\n") == ({}, "没有开头的\n---\n")
    assert parted("---\ntitle: 没有结尾\n") == ({}, "---\ntitle: 没有结尾\n")


@pytest.mark.parametrize(
    ("content", "column", "problem"),
    [
        ("每周三。", "title", "没有标题"),
        ("---\ntitle: \n---\n每周三。", "title", "没有标题"),
        (f"---\ntitle: {'长' * 41}\n---\n每周三。", "title", "标题有41个字，太长"),
        ("---\ntitle: 空的\n---\n  \n", "text", "没有正文"),
        ("---\ntitle: 长的\n---\n" + "长" * 200_000, "text", "正文有200000个字，太长"),
        ("---\ntitle: 处\nplace: 天上\n---\n话", "place", "不认得「天上」"),
        ("---\ntitle: 序\nrank: 第一\n---\n话", "rank", "「第一」不是次序"),
        ("---\ntitle: 项\nscripts: x.js\n---\n话", "scripts", "不认得这一项"),
    ],
)
def test_every_mistake_is_told(folder: Path, content: str, column: str, problem: str) -> None:
    (folder / "pages" / "local" / "tea.md").write_text(content, encoding="utf-8")
    assert refused(folder) == [("pages/local/tea.md", column, problem)]


def test_a_file_from_a_chinese_editor_is_told_its_encoding(folder: Path) -> None:
    (folder / "pages" / "local" / "tea.md").write_bytes(TEA.encode("gbk"))
    ((file, _column, problem),) = refused(folder)
    assert (file, "GBK" in problem) == ("pages/local/tea.md", True)


@pytest.mark.parametrize(
    "name", ["tea.md", "other/tea.md", "local/Tea.md", "local/茶.md", "local/index.md",
             "local/deep/tea.md", "local/-.md"],
)  # fmt: skip
def test_a_file_in_another_place_is_told(folder: Path, name: str) -> None:
    file = folder / "pages" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(TEA, encoding="utf-8")
    assert refused(folder) == [(f"pages/{name}", "", "这里不能放网页")]


def test_two_of_one_title_and_too_many_in_the_menu_are_told(folder: Path) -> None:
    for number in range(7):
        text = TEA.replace("茶话会", f"第{number % 6}页")
        (folder / "pages" / "local" / f"p{number}.md").write_text(text, encoding="utf-8")
    assert refused(folder) == [
        ("pages/local/p0.md", "title", "标题和pages/local/p6.md的一样"),
        ("pages/local/p6.md", "place", "“更多”里放了7页，太多"),
        ("pages/local/p6.md", "title", "标题和pages/local/p0.md的一样"),
    ]


def test_what_is_to_be_is_judged_before_it_is_written(folder: Path) -> None:
    file = folder / "pages" / "local" / "tea.md"
    file.write_text(TEA, encoding="utf-8")
    assert load(folder, instead={"pages/local/tea.md": None}).own_pages == []
    more = load(folder, instead={"pages/local/more.md": TEA.replace("茶", "座").encode()})
    assert [one.title for one in more.own_pages] == ["座话会", "茶话会"]
