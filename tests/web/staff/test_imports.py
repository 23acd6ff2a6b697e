"""The journey of a spreadsheet from an upload to the register, as the leader meets it."""

import csv
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from forms_app.commands import nightly
from forms_app.spreadsheets.uploads import Uploads
from forms_app.store.models import Issue
from forms_app.web.forms.imports import word_field
from tests.support.page_audit import flaws
from tests.support.spreadsheets import HEADS, order, xlsx
from tests.support.web import House, Visitor, errors_on, form_on, forms_on, main_of

pytestmark = pytest.mark.slow

CANARY = "CANARYimport金丝雀"
GOOD = [HEADS, *(order(place) for place in range(1, 13))]
MIXED = [*GOOD, order(20, 诉求内容=""), order(21, 受理时间="上周"), order(22, 工单状态="已办结")]


@pytest.fixture
def leader(house: House) -> Visitor:
    return house.staff("community_leader")


def upload(visitor: Visitor, content: bytes, name: str = "工单.xlsx") -> TestResponse:
    token = form_on(visitor.get("/staff/import"), "/staff/import").value("csrf_token")
    # By hand: the test client would leave a large body's temporary file open.
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\n'
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    )
    return visitor.client.post(
        "/staff/import",
        data=body.encode() + content + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        buffered=True,
    )


def read(visitor: Visitor, rows: list[object], **changes: str) -> str:
    """The address of an upload whose columns are chosen."""
    answer = upload(visitor, xlsx(rows))  # type: ignore[arg-type]
    assert answer.status_code == 303, errors_on(answer)
    path = answer.headers["Location"]
    fields = {"usual_channel": "hotline_12345", **changes}
    chosen = visitor.fill(path, fields, f"{path}?sheet=0")
    assert chosen.status_code == 303, errors_on(chosen)
    assert chosen.headers["Location"] == f"{path}/preview"
    return path


def confirm(visitor: Visitor, path: str, **fields: str) -> TestResponse:
    """Presses the button that imports, which tells what is chosen for the words as well."""
    page = visitor.get(f"{path}/preview")
    assert f'form="choices" formaction="{path}/preview"' in page.text
    (form,) = (one for one in forms_on(page) if one.action in (f"{path}/words", f"{path}/preview"))
    return visitor.post(f"{path}/preview", form.filled({}) | fields)


def lying(house: House) -> list[Path]:
    folder = house.settings.uploads_dir
    return list(folder.iterdir()) if folder.exists() else []


def test_a_file_becomes_issues_in_four_pages(house: House, leader: Visitor) -> None:
    before = Issue.select().count()
    path = read(leader, GOOD)
    preview = leader.get(f"{path}/preview")
    assert flaws(preview.text) == []
    assert "12行" in main_of(preview)
    assert "第1件" in main_of(preview)
    assert "第11件" not in main_of(preview)
    assert Issue.select().count() == before
    answer = confirm(leader, path)
    assert answer.headers["Location"] == "/staff/register?step=collected"
    assert "导入了12个问题" in main_of(leader.get("/staff/register"))
    assert Issue.select().count() == before + 12
    found = house.issue(house.number("第3件"))
    assert (found.channel, found.community_id, found.category) == (
        "hotline_12345",
        "jingui",
        "fire_lane",
    )
    assert lying(house) == []


def test_faulty_rows_are_all_told_and_nothing_is_taken_before_that_is_agreed(
    leader: Visitor,
) -> None:
    before = Issue.select().count()
    path = read(leader, MIXED)
    page = leader.get(f"{path}/preview")
    words = main_of(page)
    for part in ("会导入 12行", "有错误 2行", "已经办结 1行", "没有写问题", "看不懂"):
        assert part in words, part
    refused = confirm(leader, path)
    assert refused.status_code == 422
    assert set(errors_on(refused)) == {"take_good"}
    assert flaws(refused.text) == []
    assert Issue.select().count() == before
    assert confirm(leader, path, take_good="y").status_code == 303
    assert Issue.select().count() == before + 12


def test_the_faulty_rows_are_mended_from_their_own_file(leader: Visitor) -> None:
    path = read(leader, [*MIXED, order(23, 诉求内容="", 诉求人="@HYPERLINK(1)")])
    table = leader.get(f"{path}/faults.csv")
    assert table.mimetype == "text/csv"
    assert table.text.startswith("\ufeff工单编号,")
    assert "'@HYPERLINK(1)" in table.text
    lines = table.text.splitlines()
    assert len(lines) == 4
    assert lines[1].endswith("诉求内容：没有写问题。请补上，或者删掉这一行。")
    confirm(leader, path, take_good="y")
    mended = table.text.replace("上周", "2026-11-20 10:00")
    answer = upload(leader, mended.encode(), "faults.csv")
    again = answer.headers["Location"]
    leader.fill(again, {"usual_channel": "hotline_12345"}, f"{again}?sheet=0")
    assert "会导入 1行" in main_of(leader.get(f"{again}/preview"))


def test_no_cell_of_the_file_of_faults_is_a_formula(leader: Visitor) -> None:
    sent = "=受理时间,诉求内容\n2026-11-03,灯坏了\n上周,井盖响\n"
    path = upload(leader, sent.encode(), "台账.csv").headers["Location"]
    chosen = {"usual_channel": "hotline_12345", "received_at": "0", "description": "1"}
    leader.fill(path, chosen, f"{path}?sheet=0")
    heading, *lines = leader.get(f"{path}/faults.csv").text.splitlines()
    assert len(lines) == 1
    for line in csv.reader([heading.removeprefix("\ufeff"), *lines]):
        assert not [cell for cell in line if cell.startswith("=")], line


def test_what_stood_over_the_faulty_rows_comes_along(leader: Visitor) -> None:
    rows = [["桂园小区2026年台账"], ["受理时间", "诉求内容"], ["2026-11-03", "灯坏了"],
            ["一、金桂社区"], ["上周", "井盖响"]]  # fmt: skip
    path = read(leader, rows)
    table = leader.get(f"{path}/faults.csv").text
    assert [line.split(",")[0] for line in table.splitlines()] == [
        "\ufeff桂园小区2026年台账", "受理时间", "一、金桂社区", "上周",
    ]  # fmt: skip
    mended = table.replace("上周", "2026-11-20")
    again = upload(leader, mended.encode(), "faults.csv").headers["Location"]
    leader.fill(again, {"usual_channel": "hotline_12345"}, f"{again}?sheet=0")
    assert "桂园小区" in main_of(leader.get(f"{again}/preview"))


def test_the_same_file_again_finds_every_row_already_there(leader: Visitor) -> None:
    confirm(leader, read(leader, GOOD))
    before = Issue.select().count()
    path = read(leader, GOOD)
    page = leader.get(f"{path}/preview")
    assert "以前导入过 12行" in main_of(page)
    assert "没有可以导入的新行" in main_of(page)
    assert Issue.select().count() == before


def test_a_double_click_imports_once_and_says_the_same_twice(leader: Visitor) -> None:
    path = read(leader, GOOD)
    sent = form_on(leader.get(f"{path}/preview"), f"{path}/preview").filled({})
    answers = [leader.post(f"{path}/preview", sent) for _ in range(2)]
    assert [a.headers["Location"] for a in answers] == ["/staff/register?step=collected"] * 2
    assert main_of(leader.get("/staff/register")).count("导入了12个问题") == 2


def test_the_columns_chosen_last_time_are_suggested_again(house: House, leader: Visitor) -> None:
    read(leader, GOOD, location="", category="")
    answer = upload(house.staff("community_leader"), xlsx(GOOD))
    page = leader.get(answer.headers["Location"])
    form = form_on(page, f"{answer.headers['Location']}?sheet=0")
    assert "上次是这样对应的" in page.text
    assert (form.value("location"), form.value("description")) == ("", "4")


def test_the_preview_says_what_each_column_is_and_why_and_lets_it_be_changed(
    leader: Visitor,
) -> None:
    rows = [["编号", "反映内容", "受理时间", "要求完成时间", "另一段话", "是否办结"],
            ["J1", "井盖松动", "2026-11-20", "2026-11-21", "楼道灯也坏了", "否"],
            ["J2", "门坏了", "2026-11-20", "2026-11-21", "", "是"],
            ["合计：2件", "", "", "", "", ""]]  # fmt: skip
    path = read(leader, rows)
    page = leader.get(f"{path}/preview")
    assert flaws(page.text, shows_cells=True) == []
    words = main_of(page)
    for part in (
        "D 要求完成时间",
        "说的是期限，不说明已经办结",
        "内部备注",
        "是否办结 写着“是”",
        "合计：2件",
    ):
        assert part in words, part
    changed = leader.fill(f"{path}/preview", {"description": "4", "state": ""}, f"{path}?sheet=0")
    assert changed.status_code == 303
    words = main_of(leader.get(f"{path}/preview"))
    assert "楼道灯也坏了" in words
    assert "会导入 1行" in words
    assert "有错误 1行" in words


def test_single_rows_are_left_out_or_taken_by_their_numbers(leader: Visitor) -> None:
    before = Issue.select().count()
    done = order(21, 诉求内容="（示例）第21件：门坏了", 工单状态="已办结")
    path = read(leader, [HEADS, order(20), done, order(22)])
    assert "会导入 2行" in main_of(leader.get(f"{path}/preview"))
    chosen = {"rows_out": "2", "rows_in": "第3行"}
    assert leader.fill(f"{path}/preview", chosen, f"{path}?sheet=0").status_code == 303
    page = leader.get(f"{path}/preview")
    for part in ("会导入 2行", "您选了不导入"):
        assert part in main_of(page), part
    assert form_on(page, f"{path}?sheet=0").value("rows_in") == "3"
    refused = leader.fill(f"{path}/preview", {"rows_out": "最后"}, f"{path}?sheet=0")
    assert (refused.status_code, set(errors_on(refused))) == (422, {"rows_out"})
    assert confirm(leader, path).status_code == 303
    told = [issue.description for issue in Issue.select().order_by(Issue.id.desc()).limit(2)]
    assert Issue.select().count() == before + 2
    assert any("门坏了" in words for words in told)


def test_words_that_are_no_names_here_are_decided_on_the_preview(
    house: House, leader: Visitor
) -> None:
    rows = [
        ["内容", "时间", "小区"],
        ["灯坏了一", "11-3", "老机械厂"],
        ["灯坏了二", "11-3", "不知道"],
    ]
    path = read(leader, rows)
    page = leader.get(f"{path}/preview")
    form = form_on(page, f"{path}/words")
    near, far = (word_field("estate", word) for word in ("老机械厂", "不知道"))
    assert (form.value(near), form.value(far)) == ("machinery", "")
    answer = leader.fill(f"{path}/preview", {far: "lingxiu"}, f"{path}/words")
    assert answer.status_code == 303
    assert leader.post(f"{path}/words", {}).status_code == 422
    confirm(leader, path)
    assert house.issue(house.number("灯坏了一")).estate_id == "machinery"
    assert house.issue(house.number("灯坏了二")).estate_id == "lingxiu"


def test_a_choice_that_is_changed_as_the_import_is_pressed_is_kept_and_shown_first(
    house: House, leader: Visitor
) -> None:
    rows = [["内容", "时间", "小区"], ["灯坏了一", "11-3", "老机械厂"]]
    path, field = read(leader, rows), word_field("estate", "老机械厂")
    already = Issue.select().count()
    answer = confirm(leader, path, **{field: "lingxiu"})
    assert (answer.location, Issue.select().count()) == (f"{path}/preview", already)
    page = leader.get(answer.location)
    assert "还没有导入：您改选了说法" in page.text
    assert form_on(page, f"{path}/words").value(field) == "lingxiu"
    assert confirm(leader, path, **{field: "nowhere"}).status_code == 422
    confirm(leader, path)
    assert house.issue(house.number("灯坏了一")).estate_id == "lingxiu"


def test_what_the_words_of_the_state_mean_is_decided_once_on_the_preview(leader: Visitor) -> None:
    rows = [["内容", "时间", "状态"], *([f"灯坏了{n}", "2026-10-03", "已阅"] for n in range(4))]
    path = read(leader, [*rows, ["门坏了", "2026-10-03", "办结"]])
    page = leader.get(f"{path}/preview")
    assert "状态“已阅”（4行）" in main_of(page)
    assert "会导入 4行" in main_of(page)
    field = word_field("state", "已阅")
    assert form_on(page, f"{path}/words").value(field) == "open"
    assert f"{path}/preview" not in page.text
    token = form_on(page, f"{path}/words").value("csrf_token")
    already = Issue.select().count()
    early = leader.post(f"{path}/preview", {"csrf_token": token, "sheet": "0"})
    assert (early.status_code, Issue.select().count()) == (303, already)
    assert leader.fill(f"{path}/preview", {field: ""}, f"{path}/words").status_code == 422
    answer = leader.fill(f"{path}/preview", {field: "over"}, f"{path}/words")
    assert answer.status_code == 303
    page = leader.get(f"{path}/preview")
    assert "已经办结 5行" in main_of(page)
    assert form_on(page, f"{path}/words").value(field) == "over"
    leader.fill(f"{path}/preview", {field: "open"}, f"{path}/words")
    confirm(leader, path)
    assert Issue.select().count() == already + 4


def test_the_other_sheets_of_a_file_wait_until_they_are_taken_too(
    house: House, leader: Visitor
) -> None:
    other = [["时间", "内容"], ["11-3", "灯坏了三"]]
    path = upload(leader, xlsx(GOOD, 群里=other)).headers["Location"]
    leader.fill(path, {"usual_channel": "hotline_12345"}, f"{path}?sheet=0")
    answer = confirm(leader, path)
    assert answer.headers["Location"] == f"{path}?sheet=1"
    page = leader.get(answer.headers["Location"])
    assert "还有没导入的表：群里" in main_of(page)
    leader.fill(answer.headers["Location"], {"usual_channel": "wechat_group"}, f"{path}?sheet=1")
    assert confirm(leader, path).headers["Location"] == "/staff/register?step=collected"
    assert house.issue(house.number("灯坏了三")).channel == "wechat_group"
    assert lying(house) == []


def test_a_channel_is_asked_for_only_where_a_row_has_none(leader: Visitor) -> None:
    rows = [["内容", "时间", "渠道"], ["灯坏了", "11-3", "12345热线"]]
    path = read(leader, rows, usual_channel="")
    assert "会导入 1行" in main_of(leader.get(f"{path}/preview"))
    again = upload(leader, xlsx([*rows, ["门坏了", "11-3", ""]])).headers["Location"]
    refused = leader.fill(again, {}, f"{again}?sheet=0")
    assert set(errors_on(refused)) == {"usual_channel"}


def test_where_no_column_says_when_a_day_is_asked_for(leader: Visitor) -> None:
    rows = [["序号", "问题描述", "完成情况"], [1, "电梯一直抖", "正在处理"], [2, "树枝挡光", ""]]
    path = upload(leader, xlsx(rows)).headers["Location"]
    fields = {"usual_channel": "phone"}
    refused = leader.fill(path, fields, f"{path}?sheet=0")
    assert errors_on(refused) == {"received_at": "请选择是哪一列；表里没有，就在下面写算哪一天收到"}
    leader.fill(path, {**fields, "usual_day": "2026-11-02"}, f"{path}?sheet=0")
    assert "没有写时间，按2026-11-02收到算。" in main_of(leader.get(f"{path}/preview"))
    # What was chosen is still there when the columns are looked at again.
    assert form_on(leader.get(path), f"{path}?sheet=0").value("usual_day") == "2026-11-02"
    confirm(leader, path)
    assert "树枝挡光" in main_of(leader.get("/staff/register"))


def test_another_sheet_can_be_chosen(leader: Visitor) -> None:
    other = [["时间", "内容"], ["11-3", "灯坏了"]]
    path = upload(leader, xlsx(GOOD, 群里=other)).headers["Location"]
    page = leader.get(f"{path}?sheet=1")
    assert "“群里”，1行" in main_of(page)
    assert flaws(page.text) == []
    chosen = leader.fill(f"{path}?sheet=1", {"usual_channel": "wechat_group"}, f"{path}?sheet=1")
    assert chosen.status_code == 303
    assert "灯坏了" in main_of(leader.get(f"{path}/preview"))


def test_a_sheet_of_instructions_in_front_is_not_taken_for_the_problems(leader: Visitor) -> None:
    told = [["填表说明"], ["1.请如实填写每一件问题，时间写到分钟"]]
    path = upload(leader, xlsx(told, 群里=[["时间", "内容"], ["11-3", "灯坏了"]])).headers[
        "Location"
    ]
    assert "“群里”，1行" in main_of(leader.get(path))


def test_a_column_that_must_be_there_is_asked_for(leader: Visitor) -> None:
    path = upload(leader, xlsx([["甲", "乙"], ["1", "2"]])).headers["Location"]
    refused = leader.fill(path, {}, f"{path}?sheet=0")
    assert set(errors_on(refused)) == {"description", "received_at", "usual_channel"}
    assert flaws(refused.text) == []
    assert leader.get(f"{path}/preview").headers["Location"] == path
    assert leader.get(f"{path}/faults.csv").status_code == 404


@pytest.mark.parametrize("name", ["street_leader", "erin"])
def test_nobody_else_opens_an_upload_or_sees_what_was_imported(house: House, name: str) -> None:
    leader, other = house.staff("community_leader"), house.staff(name)
    rows = [HEADS, order(1, 诉求内容=CANARY, 诉求人=CANARY)]
    path = read(leader, rows, takes_contacts="y")
    for address in (path, f"{path}/preview", f"{path}/faults.csv"):
        assert other.get(address).status_code == 404
        assert CANARY not in other.get(address).text
    token = form_on(other.get("/staff/import"), "/staff/import").value("csrf_token")
    for address in (path, f"{path}/preview", f"{path}/cancel"):
        assert other.post(address, {"csrf_token": token}).status_code == 404
    confirm(leader, path)
    number = house.number(CANARY)
    for visitor in (
        house.staff("erin"),
        house.staff("collector"),
        house.staff("responder"),
        house.visitor(),
    ):
        for address in ("/staff/", "/staff/register", f"/staff/issues/{number}", "/search?q=x"):
            assert CANARY not in visitor.get(address).text
    assert CANARY in leader.get(f"/staff/issues/{number}").text


def test_the_log_says_nothing_of_what_was_in_a_file(
    leader: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.WARNING)
    confirm(
        leader,
        read(leader, [HEADS, order(1, 诉求内容=CANARY), order(2, 受理时间=CANARY)]),
        take_good="y",
    )
    upload(leader, CANARY.encode())
    assert CANARY not in caplog.text


def test_an_upload_lies_for_its_owner_alone_and_is_never_served(
    house: House, leader: Visitor
) -> None:
    path = read(leader, GOOD)
    (file,) = lying(house)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    for address in (
        f"/private/uploads/{file.name}",
        f"/uploads/{file.name}",
        f"/static/{file.name}",
    ):
        assert house.visitor().get(address).status_code == 404
    assert leader.get(f"{path}/../../secret_key").status_code == 404


def test_what_was_cancelled_is_gone(house: House, leader: Visitor) -> None:
    path = read(leader, GOOD)
    assert leader.fill(f"{path}/preview", {}, f"{path}/cancel").status_code == 303
    assert lying(house) == []
    assert leader.get(path).status_code == 404


def test_what_nobody_confirmed_is_gone_after_a_day(house: House, leader: Visitor) -> None:
    read(leader, GOOD)
    uploads = Uploads(house.settings.uploads_dir)
    assert uploads.erase_old(datetime.now(UTC)) == 0
    house.now = datetime.now(UTC)
    house.later(hours=25)
    house.staff("community_leader").get("/staff/import")
    assert lying(house) == []
    assert "erase-uploads" in nightly.ONCE


def test_a_file_that_is_too_large_or_no_table_is_told_beside_its_field(leader: Visitor) -> None:
    for content, words in (
        (b"x" * (10 * 1024 * 1024 + 100_000), "超过10 MB"),
        (b"\x89PNG", "图片"),
    ):
        refused = upload(leader, content)
        assert refused.status_code == 422
        assert words in errors_on(refused)["file"]
        assert flaws(refused.text) == []
    token = form_on(leader.get("/staff/import"), "/staff/import").value("csrf_token")
    assert leader.post("/staff/import", {"csrf_token": token}).status_code == 422


def test_only_the_upload_takes_large_bodies_and_only_of_those_who_may(house: House) -> None:
    large = {"description": "x" * 300_000}
    assert house.visitor().post("/issues/new", large).status_code == 413
    assert house.staff("worker").post("/staff/import", large).status_code in (403, 413)


def test_a_street_leader_imports_for_every_community(house: House) -> None:
    subdistrict = house.staff("street_leader")
    rows = [HEADS, order(1), order(2, 所属社区="银杏社区", 事发地址="")]
    confirm(subdistrict, read(subdistrict, rows, usual_community=""))
    assert house.issue(house.number("第2件")).community_id == "yinxing"


def test_contacts_come_along_only_with_the_word_that_they_may(
    house: House, leader: Visitor
) -> None:
    confirm(leader, read(leader, [HEADS, order(1)]))
    assert house.issue(house.number("第1件")).reporter_phone == ""
    confirm(leader, read(leader, [HEADS, order(2)], takes_contacts="y"))
    assert house.issue(house.number("第2件")).reporter_phone == "0797-0000-102"


def test_the_pages_hold_no_inline_script_and_say_what_happens(leader: Visitor) -> None:
    page = leader.get("/staff/import")
    assert flaws(page.text) == []
    for words in ("不会导入两次", "只有反映人满意才能销号", "不走10分钟的钟"):
        assert words in main_of(page), words
    assert re.search(r'<input type="file" name="file"', page.text)
