"""The handbook in the office's words, and its own pages: written, looked at as the real page."""

import errno
import re
import shutil
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse, encode_multipart

from forms_app.community import load
from forms_app.community.pages import MOST_LETTERS
from forms_app.publishing.outcome import BuildFailed
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of

pytestmark = pytest.mark.slow

HERE = "/staff/pages"
NEW = f"{HERE}/new"
GOAL = f"{HERE}/handbook/goal"
PARKING = {"title": "停车办法", "name": "parking", "place": "menu", "text": "先到**先停**。"}


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is built before it is saved: what is told of a page is another test's."""
    monkeypatch.setattr("forms_app.web.staff.pages._built", lambda *_about, **_how: [])


def file(house: House, name: str) -> Path:
    return house.settings.community_dir / "pages" / name


def in_parts(editor: Visitor, fields: dict[str, str]) -> TestResponse:
    """The form as browsers send it, part by part."""
    filled = form_on(editor.get(NEW), NEW).filled(fields)
    boundary, body = encode_multipart(MultiDict(filled))
    kind = f'multipart/form-data; boundary="{boundary}"'
    return editor.client.post(NEW, data=body, content_type=kind, buffered=True)


def test_a_new_page_is_looked_at_as_the_real_page_and_then_saved(
    house: House, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert flaws(editor.get(HERE).text) == []
    page = editor.get(NEW)
    assert flaws(page.text) == []
    looked = editor.submit(page, NEW, PARKING | {"press": "look"})
    assert looked.status_code == 200, errors_on(looked)
    assert flaws(looked.text) == []
    assert not file(house, "local/parking.md").exists()
    shown = editor.get(f"{HERE}/preview/local/parking/")
    assert "<h1>停车办法</h1>" in shown.text
    assert "先到<strong>先停</strong>。" in shown.text
    style = re.search(r'href="\.\./\.\./(static/site\.css\?v=\w+)"', shown.text)
    assert style is not None
    asked = editor.get(f"{HERE}/preview/{style[1]}")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/{style[1]}")
    # It is whose it is.
    assert house.staff("admin").get(f"{HERE}/preview/local/parking/").status_code == 303
    assert house.visitor().get(f"{HERE}/preview/local/parking/").status_code == 303

    # What was looked at is saved without being built once more.
    with monkeypatch.context() as patched:
        patched.setattr("forms_app.web.staff.pages.preview", None)
        answer = editor.submit(looked, NEW, {"press": "save"})
    assert answer.status_code == 303, errors_on(answer)
    assert "先到**先停**。" in file(house, "local/parking.md").read_text(encoding="utf-8")
    assert "停车办法" in main_of(editor.get(HERE))
    # In every page's menu within the moment.
    assert 'href="/local/parking/"' in house.visitor().get("/issues/new").text


@pytest.mark.usefixtures("unbuilt")
def test_every_version_stays_and_a_page_comes_back(house: House, editor: Visitor) -> None:
    assert editor.fill(NEW, PARKING).status_code == 303
    path = f"{HERE}/local/parking"
    assert editor.fill(path, {"text": "第二版。"}).status_code == 303
    history = editor.get("/staff/content/pages~local~parking.md")
    assert main_of(history).count("示例网站编辑") == 2
    gone = editor.fill(f"{path}/remove")
    assert gone.status_code == 303
    assert not file(house, "local/parking.md").exists()
    assert "去掉过的" in main_of(editor.get(HERE))
    history = editor.get("/staff/content/pages~local~parking.md")
    assert flaws(history.text) == []
    first = re.findall(r'href="(/staff/content/pages~local~parking\.md/[^"]+)"', history.text)[-1]
    assert editor.fill(first).status_code == 303
    assert "先到**先停**。" in file(house, "local/parking.md").read_text(encoding="utf-8")
    # Going back to when there was none takes it away again.
    history = editor.get("/staff/content/pages~local~parking.md")
    links = re.findall(r'href="(/staff/content/pages~local~parking\.md/[^"]+)"', history.text)
    assert editor.fill(links[1]).status_code == 303
    assert not file(house, "local/parking.md").exists()


@pytest.mark.usefixtures("unbuilt")
def test_a_chapter_is_laid_over_and_goes_back_to_the_products(
    house: House, editor: Visitor
) -> None:
    page = editor.get(GOAL)
    assert flaws(page.text) == []
    assert "这是系统的原文" in main_of(page)
    assert form_on(page, GOAL).value("title") == "目标与原则"
    assert editor.submit(page, GOAL, {"text": "我们的话。"}).status_code == 303
    assert "自己的" in main_of(editor.get(HERE))
    removing = editor.get(f"{GOAL}/remove")
    assert flaws(removing.text) == []
    assert "换回系统的原文" in main_of(removing)
    assert editor.submit(removing, f"{GOAL}/remove").status_code == 303
    assert not file(house, "handbook/goal.md").exists()
    assert "系统带来的原文" in main_of(editor.get("/staff/content/pages~handbook~goal.md"))


@pytest.mark.usefixtures("unbuilt")
def test_an_upgrade_under_the_offices_words_is_told_with_what_changed(
    house: House, editor: Visitor, tmp_path: Path
) -> None:
    assert editor.fill(GOAL, {"text": "我们的话。"}).status_code == 303
    assert "新的原文" not in main_of(editor.get(HERE))
    upgraded = tmp_path / "upgraded"
    (upgraded / "site" / "docs").mkdir(parents=True)
    shutil.copy(house.settings.root / "mkdocs.yml", upgraded / "mkdocs.yml")
    chapters = upgraded / "site" / "docs" / "handbook"
    shutil.copytree(house.settings.root / "site" / "docs" / "handbook", chapters)
    goal = chapters / "goal.md"
    goal.write_text(goal.read_text(encoding="utf-8") + "\n升级加的一段。\n", encoding="utf-8")
    object.__setattr__(house.settings, "root", upgraded)
    assert "升级带来了新的原文" in main_of(editor.get(HERE))
    page = editor.get(GOAL)
    assert flaws(page.text) == []
    assert "<ins>升级加的一段。</ins>" in page.text
    assert form_on(page, GOAL).value("text") == "我们的话。"
    # Saved without having compared, it is told again; then no more.
    page = editor.get(GOAL)
    assert editor.submit(page, GOAL, {"text": "我们的话，又改。"}).status_code == 303
    assert "升级带来了新的原文" in main_of(editor.get(HERE))
    assert editor.fill(GOAL, {"has_compared": "y"}).status_code == 303
    assert "升级带来了新的原文" not in main_of(editor.get(HERE))
    goal.unlink()
    assert "系统不再有这一章" in main_of(editor.get(HERE))
    assert flaws(editor.get(GOAL).text) == []


@pytest.mark.usefixtures("unbuilt")
def test_two_at_once_never_overwrite_each_other(house: House, editor: Visitor) -> None:
    admin = house.staff("admin")
    mine, theirs = editor.get(GOAL), admin.get(GOAL)
    assert admin.submit(theirs, GOAL, {"text": "管理员写的。"}).status_code == 303
    late = editor.submit(mine, GOAL, {"text": "编辑写的。"})
    assert late.status_code == 409
    assert flaws(late.text) == []
    assert form_on(late, GOAL).value("text") == "编辑写的。"
    assert "<del>管理员写的。</del>" in late.text
    assert "管理员写的。" in file(house, "handbook/goal.md").read_text(encoding="utf-8")
    assert editor.submit(late, GOAL).status_code == 303
    assert "编辑写的。" in file(house, "handbook/goal.md").read_text(encoding="utf-8")
    page = editor.get(f"{GOAL}/remove")
    admin.fill(GOAL, {"text": "又改了。"})
    assert editor.submit(page, f"{GOAL}/remove").status_code == 409
    assert file(house, "handbook/goal.md").exists()


@pytest.mark.usefixtures("unbuilt")
def test_pressed_twice_it_is_one_page(house: House, editor: Visitor) -> None:
    page = editor.get(NEW)
    for _ in range(2):
        assert editor.submit(page, NEW, PARKING | {"name": ""}).status_code == 303
    assert len(list(file(house, "local").glob("page-*.md"))) == 1


@pytest.mark.usefixtures("unbuilt")
def test_every_error_stands_beside_its_field(house: House, editor: Visitor) -> None:
    page = editor.fill(NEW, {"title": "", "name": "停车", "text": ""})
    assert page.status_code == 422
    assert set(errors_on(page)) == {"title", "name", "text"}
    assert flaws(page.text) == []
    long = in_parts(editor, PARKING | {"text": "长" * 200_000})
    assert long.status_code == 422
    assert "200000" in errors_on(long)["text"]
    assert form_on(long, NEW).value("text") == "长" * 200_000
    assert in_parts(editor, PARKING | {"text": "长" * 500_000}).status_code == 303
    assert f"一页最多{MOST_LETTERS}字" in editor.get(NEW).text
    assert editor.fill(NEW, PARKING).status_code == 303
    same = editor.fill(NEW, PARKING | {"title": "另一个"})
    assert set(errors_on(same)) == {"name"}
    twin = editor.fill(NEW, PARKING | {"name": "other"})
    assert set(errors_on(twin)) == {"title"}
    assert not file(house, "local/other.md").exists()


def test_a_dead_link_code_and_a_picture_are_told_with_their_lines(editor: Visitor) -> None:
    text = "好的[链接](/services/)。\n\n坏的[链接](/nowhere/)。\n<script>x</script>\n![](a.png)"
    page = editor.fill(NEW, PARKING | {"text": text})
    assert page.status_code == 422
    told = errors_on(page)["text"]
    assert "第3行：链接“/nowhere/”：网站上没有这一页" in told
    assert "第4行" in told
    assert "第5行：这里放不了图片" in told
    assert flaws(page.text) == []


@pytest.mark.usefixtures("unbuilt")
def test_marks_of_other_editors_are_taken_off(house: House, editor: Visitor) -> None:
    assert editor.fill(NEW, PARKING | {"text": "\ufeff一。\r\n\r\n二。\r\n"}).status_code == 303
    assert file(house, "local/parking.md").read_bytes().endswith("---\n\n一。\n\n二。\n".encode())
    assert load(house.settings.community_dir).pages["pages/local/parking.md"].text == "一。\n\n二。"


def test_a_build_that_fails_explains_itself(
    editor: Visitor, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_about: object) -> None:
        raise BuildFailed(("生成超过 60 秒，已停止。",))

    monkeypatch.setattr("forms_app.publishing.preview.build", fail)
    page = editor.fill(NEW, PARKING)
    assert page.status_code == 422
    assert "生成超过 60 秒" in main_of(page)
    assert form_on(page, NEW).value("text") == PARKING["text"]
    assert not file(house, "local/parking.md").exists()


@pytest.mark.usefixtures("unbuilt")
def test_whoever_links_to_a_page_is_told_before_it_goes(editor: Visitor) -> None:
    editor.fill(NEW, PARKING)
    editor.fill(NEW, {"title": "说明", "name": "more", "text": "见[停车](/local/parking/)。"})
    assert "这几页有链接到这里" in main_of(editor.get(f"{HERE}/local/parking/remove"))
    assert "这几页有链接到这里" not in main_of(editor.get(f"{HERE}/local/more/remove"))


@pytest.mark.usefixtures("unbuilt")
def test_a_file_in_gbk_is_told_and_nothing_breaks(house: House, editor: Visitor) -> None:
    editor.fill(NEW, PARKING)
    bad = file(house, "local/old.md")
    bad.write_bytes("---\ntitle: 旧的\n---\n旧的\n".encode("gbk"))
    assert editor.get(HERE).status_code == 409
    page = editor.fill(NEW, PARKING | {"name": "next", "title": "下一页"})
    assert page.status_code == 422
    assert "GBK" in main_of(page)


def test_nobody_else_may(house: House, editor: Visitor) -> None:
    paths = (HERE, NEW, GOAL, f"{HERE}/local/parking", f"{GOAL}/remove")
    for path in paths:
        assert house.staff("supervisor").get(path).status_code == 403
        assert house.visitor().get(path).status_code == 303
    for path in ("handbook/none", "local/none", "local/index", "handbook/..%2f..%2fcircle"):
        assert editor.get(f"{HERE}/{path}").status_code == 404, path
    assert editor.get("/staff/content/pages~..~circle.yml").status_code == 404


def test_a_session_that_ended_loses_no_word(house: House, editor: Visitor) -> None:
    fields = form_on(editor.get(NEW), NEW).filled(PARKING)
    stranger = house.visitor()
    stopped = stranger.post(NEW, fields)
    assert stopped.status_code in (200, 401)
    login = form_on(stopped, "/staff/login").filled({"username": "editor", "password": "demo"})
    resumed = stranger.post("/staff/login", login)
    assert form_on(resumed, NEW).value("text") == PARKING["text"]


@pytest.mark.usefixtures("unbuilt")
def test_on_a_full_disk_the_page_says_so_in_chinese_and_keeps_what_was_written(
    house: House, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_about: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("forms_app.content.saving.write", full)
        answer = editor.submit(editor.get(NEW), NEW, PARKING)
    assert answer.status_code == 503
    assert "磁盘满了" in main_of(answer)
    assert "No space" not in answer.text
    assert form_on(answer, NEW).value("title") == "停车办法"
    assert not file(house, "local/parking.md").exists()
    assert editor.submit(answer, NEW, {}).status_code == 303
    assert file(house, "local/parking.md").exists()
