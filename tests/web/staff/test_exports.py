"""Spreadsheets that are taken away: what is in them, who may have them, and the log of it."""

import fcntl
import io
import json
import os
import pickle
import re
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import pytest
from msgspec import to_builtins
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

from forms_app import queries
from forms_app.commands import cli
from forms_app.issues.access import actor_of
from forms_app.queries import COLUMNS, SIGNED_COLUMNS
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets import register_export
from forms_app.spreadsheets.many_rows import plain
from forms_app.spreadsheets.register_paper import DIGIT_POINTS, LONG, PAPERS, Head, Paper
from forms_app.spreadsheets.register_sheet import main, write_sheet
from forms_app.store.accounts import Account, ExportLog
from forms_app.store.models import Issue
from forms_app.web.staff import register
from tests.support.page_audit import flaws
from tests.support.running import ROOT
from tests.support.web import House, Visitor, main_of

pytestmark = pytest.mark.slow

HEADER = 4


def sheet_of(answer: TestResponse) -> Worksheet:
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    return load_workbook(io.BytesIO(answer.data)).active


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    """The issues, by the heading of their columns."""
    rows = list(sheet.iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:-2]]


def export(visitor: Visitor, query: str = "") -> list[dict[str, object]]:
    return rows_of(sheet_of(visitor.get(f"/staff/register.xlsx?{query}")))


def test_the_28_columns_of_offices_stand_in_their_order(house: House) -> None:
    sheet = sheet_of(house.staff("community_leader").get("/staff/register.xlsx"))
    header = [cell.value for cell in sheet[HEADER]]
    assert header == list(COLUMNS)
    assert len(header) == 28
    assert header[:3] == ["问题编号", "收集渠道", "收集时间"]
    assert header[-1] == "备注／附件"


def test_whoever_sees_issues_gets_their_spreadsheet(house: House) -> None:
    for role in ("worker", "street_leader", "district_office", "supervisor"):
        assert export(house.staff(role)), role


def test_the_list_and_the_spreadsheet_hold_the_same_in_the_same_order(house: House) -> None:
    leader = house.staff("community_leader")
    for query in ("", "step=closed", "class=C&sort=waiting", "q=路灯"):
        page = leader.get(f"/staff/register?{query}").text
        listed = re.findall(r'href="/staff/issues/(\d+)"', page)
        exported = [row["问题编号"] for row in export(leader, query)]
        assert exported[: len(listed)] == listed
        assert len(exported) >= len(listed) > 0


def test_a_row_tells_the_whole_way_of_an_issue(house: House) -> None:
    leader = house.staff("community_leader")
    (row,) = export(leader, f"q={house.number('安置房产权证')}")
    assert row["类别A／B／C"] == "A"
    assert row["性质"] is None
    Issue.update(nature="tip_off").where(Issue.number == row["问题编号"]).execute()
    assert export(leader, "nature=tip_off")[0]["性质"] == "举报"
    Issue.update(service="inquiry:gone").where(Issue.number == row["问题编号"]).execute()
    (asked,) = export(leader, f"q={row['问题编号']}")
    assert "服务事项：咨询：gone" in str(asked["备注／附件"])
    assert "示例社区书记" in str(row["定级人／定级时间"])
    assert "示例街道书记" in str(row["号召人／号召时间"])
    assert "主办：" in str(row["主办／协办"])
    assert "：" in str(row["升级记录C→B→A"])
    received_at = house.issue(str(row["问题编号"])).received_at
    assert row["收集时间"] == received_at.astimezone(CHINA).replace(tzinfo=None)
    (closed,) = export(leader, f"q={house.number('井盖松动')}")[:1]
    assert "已解决" in str(closed["是否解决／满意度"])
    assert "反映人" in str(closed["销号人／销号时间／依据"])


def test_the_sheet_is_ready_to_be_printed_and_signed(house: House) -> None:
    sheet = sheet_of(house.staff("community_leader").get("/staff/register.xlsx?step=closed"))
    assert sheet["A1"].value == f"{house.circle.communities['jingui'].name}问题项目库"
    assert "步骤：已销号" in sheet["A2"].value
    assert "期间：截至2026年11月23日" in sheet["A2"].value
    assert "单位：" in sheet["A2"].value
    assert re.search(r"共\d+件", sheet["A2"].value)
    assert "导出人：示例社区书记" in sheet["A3"].value
    assert "2026-11-23 12:00" in sheet["A3"].value
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A1:AB1", "A2:AB2", "A3:AB3"}
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)  # A3
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert "&P" in sheet.oddFooter.center.text
    cell = sheet.cell(HEADER + 1, 7)
    assert cell.alignment.wrap_text
    assert cell.border.left.style == "thin"
    assert sheet.cell(HEADER + 1, 3).is_date
    last = sheet.cell(sheet.max_row, 1).value
    assert all(word in last for word in ("制表人", "审核人", "签字", "盖章", "日期"))


def test_the_sheet_to_sign_has_eleven_columns_on_a4_and_a_number_that_can_be_looked_up(
    house: House,
) -> None:
    Issue.update(reporter_name="金丝雀", reporter_phone="13912345678").execute()
    leader = house.staff("community_leader")
    query = "paper=a4&contacts=1&from=2026-11-01&to=2026-11-30"
    sheet = sheet_of(leader.get(f"/staff/register.xlsx?{query}"))
    assert [cell.value for cell in sheet[HEADER]] == list(SIGNED_COLUMNS)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)  # A4
    assert sheet.print_title_rows == "$4:$4"
    assert "期间：2026年11月1日至2026年11月30日" in sheet["A2"].value
    (note,) = ExportLog.select()
    number = f"2026-{note.id:05d}"
    assert f"编号：{number}" in sheet["A2"].value
    assert number in sheet.oddFooter.left.text
    assert number in main_of(leader.get("/staff/exports"))
    assert ("11栏（A4）" in note.filters, note.with_contacts) == (True, False)
    cells = str(list(sheet.iter_rows(values_only=True)))
    assert "金丝雀" not in cells
    assert "13912345678" not in cells


@pytest.mark.parametrize("paper", PAPERS.values(), ids=list(PAPERS))
def test_letters_stay_at_eight_points_even_where_the_usual_font_is_missing(paper: Paper) -> None:
    inside = {"a3": 420, "a4": 297}[paper.name] / 25.4 * 72 - 2 * 0.3 * 72  # points
    for digit in (DIGIT_POINTS, DIGIT_POINTS * 8 / 7):
        shrunk = min(1, inside / (sum(paper.widths) * digit))
        assert paper.letters * shrunk >= 8


def test_a_cell_that_no_row_can_show_says_where_the_rest_is(house: House) -> None:
    number = house.number("路灯杆歪了")
    Issue.update(description="灯" * 900).where(Issue.number == number).execute()
    (row,) = export(house.staff("community_leader"), f"q={number}")
    assert str(row["问题标题与描述"]).endswith("灯…（其余见卷宗）")


def test_a_letter_that_no_row_can_show_is_shown_from_its_matter_on(house: House) -> None:
    number = house.number("路灯杆歪了")
    life = "".join(f"{chr(0x5000 + one)}{chr(0x6A00 + one)}。" for one in range(120))
    matter = "今天写信，是想说一件小事。楼前那四盏路灯一盏都不亮了，上周有人摔断了腿。"
    Issue.update(description=f"领导您好。{life}{matter}谢谢。").where(
        Issue.number == number
    ).execute()
    leader = house.staff("community_leader")
    (row,) = export(leader, f"q={number}")
    told = str(row["问题标题与描述"])
    assert told.startswith("…")
    assert matter[-23:] in told
    assert told.endswith("（其余见卷宗）")
    printed = main_of(leader.get(f"/staff/register/print?q={number}"))
    assert told.splitlines()[0][:40] in printed


def test_a_printed_list_is_noted_and_holds_what_the_spreadsheet_does(house: House) -> None:
    Issue.update(reporter_name="金丝雀", reporter_phone="13912345678").execute()
    for role, may in (("community_leader", True), ("supervisor", False), ("responder", False)):
        visitor = house.staff(role)
        rows = export(visitor)
        for query, shown in (("", False), ("contacts=1", may), ("paper=a4&contacts=1", False)):
            page = visitor.get(f"/staff/register/print?{query}")
            assert flaws(page.text, shows_cells=True) == []
            assert [n for n in (r["问题编号"] for r in rows) if str(n) not in page.text] == []
            assert ("金丝雀" in page.text, "13912345678" in page.text) == (shown, shown)
            note = ExportLog.select().order_by(ExportLog.id.desc()).get()
            assert (note.row_count, note.with_contacts) == (len(rows), shown)
            assert f"编号：2026-{note.id:05d}" in main_of(page)
            for word in ("单位：", "期间：", "负责人签字", "单位（盖章）"):
                assert word in main_of(page)


def test_too_long_a_list_is_not_printed_and_nothing_is_noted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PRINTED", 3)
    leader = house.staff("community_leader")
    for query, said in (
        ("", "没有打印"),
        ("q=没有这样的问题", "没有符合条件"),
        ("step=nonsense", "没有这一项"),
    ):
        assert leader.get(f"/staff/register/print?{query}").status_code == 303
        assert said in main_of(leader.get("/staff/register"))
    assert ExportLog.select().count() == 0


@pytest.mark.parametrize(
    ("role", "may"),
    [("collector", True), ("worker", True), ("community_leader", True), ("street_leader", True),
     ("supervisor", False), ("responder", False)],
)  # fmt: skip
def test_names_and_phones_go_out_only_to_whom_they_may_and_only_when_asked(
    house: House, role: str, may: bool
) -> None:
    Issue.update(reporter_name="金丝雀", reporter_phone="13912345678").execute()
    visitor = house.staff(role)
    assert ("包含称呼和电话" in visitor.get("/staff/register").text) == may
    for query, shown in (("", False), ("contacts=1", may)):
        rows = export(visitor, query)
        assert rows
        for row in rows:
            assert row["反映人"] == ("金丝雀" if shown else None)
            assert row["联系方式"] == ("13912345678" if shown else None)
        assert ExportLog.select().order_by(ExportLog.id.desc()).get().with_contacts == shown


@pytest.mark.parametrize("role", ["responder", "worker", "erin", "carol", "collector"])
def test_nobody_exports_what_they_may_not_see(house: House, role: str) -> None:
    visitor = house.staff(role)
    everything = visitor.get("/staff/register.xlsx")
    if everything.status_code == 303:
        assert role == "carol"
        return
    for row in rows_of(sheet_of(everything)):
        assert visitor.get(f"/staff/issues/{row['问题编号']}").status_code == 200


def test_the_administrator_and_strangers_export_nothing(house: House) -> None:
    assert house.staff("admin").get("/staff/register.xlsx").status_code == 403
    assert house.visitor().get("/staff/register.xlsx").status_code == 303
    assert ExportLog.select().count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("灯\x00不\x1b亮\u202e", "灯不亮"), ("一\r\n二", "一\n二"), ("灯", "灯"), ("\r=1", "\n=1"),
     ("\x00=1", "=1"), ("长" * 40_000, None)],
)  # fmt: skip
def test_a_cell_holds_only_what_can_be_read(typed: str, kept: str | None) -> None:
    if kept is None:
        assert len(plain(typed)) < 32_767
    else:
        assert plain(typed) == kept


@pytest.mark.parametrize(
    "typed", ['=HYPERLINK("//evil.example","点")', "+86 139", "-灯", "@SUM(A1)", "=1+1"]
)
def test_what_looks_like_a_formula_arrives_as_text_as_it_was_written(
    house: House, typed: str
) -> None:
    number = house.number("路灯杆歪了")
    Issue.update(description=typed).where(Issue.number == number).execute()
    sheet = sheet_of(house.staff("community_leader").get(f"/staff/register.xlsx?q={number}"))
    cell = sheet.cell(HEADER + 1, COLUMNS.index("问题标题与描述") + 1)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", typed, True)
    assert not sheet.cell(HEADER + 1, COLUMNS.index("问题编号") + 1).quotePrefix


def test_every_export_is_noted_before_it_leaves(house: House) -> None:
    leader = house.staff("community_leader")
    rows = export(leader, "step=closed&class=C&contacts=1")
    (note,) = ExportLog.select()
    assert (note.actor_name, note.actor_role) == ("示例社区书记", "community_leader")
    assert (note.row_count, note.with_contacts, note.made_at) == (len(rows), True, house.now)
    assert "步骤：已销号；类：C类" in note.filters
    for role in ("admin", "supervisor", "street_leader", "community_leader"):
        page = house.staff(role).get("/staff/exports")
        assert flaws(page.text) == []
        assert "步骤：已销号" in main_of(page)
        assert "含称呼电话" in main_of(page)
    for role in ("worker", "erin", "responder", "collector"):
        assert "步骤：已销号" not in house.staff(role).get("/staff/exports").text


def test_an_export_is_fetched_by_whoever_made_it_and_nobody_else(house: House) -> None:
    export(house.staff("worker"), "step=closed")
    key = ExportLog.get().id
    path = f"/staff/exports/{key}.xlsx"
    assert f'href="{path}"' in house.staff("worker").get("/staff/exports").text
    assert rows_of(sheet_of(house.staff("worker").get(path)))
    for role in ("supervisor", "street_leader", "community_leader"):
        assert house.staff(role).get(path).status_code == 404
    assert house.staff("admin").get(path).status_code == 403
    for file in register_export.folder(house.settings).glob("*.xlsx"):
        assert file.stat().st_mode & 0o077 == 0


def test_a_long_export_is_made_while_one_waits_and_fetched_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "AT_ONCE", 3)
    leader = house.staff("community_leader")
    answer = leader.get("/staff/register.xlsx")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/exports")
    assert "正在做" in main_of(leader.get("/staff/exports"))
    path = f"/staff/exports/{ExportLog.get().id}.xlsx"
    until = time.monotonic() + 60
    while leader.get(path).status_code != 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(rows_of(sheet_of(leader.get(path)))) == ExportLog.get().row_count


def test_only_one_is_made_at_a_time(house: House) -> None:
    leader = house.staff("community_leader")
    with (register_export.folder(house.settings) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert leader.get("/staff/register.xlsx").status_code == 303
        assert "正在给别人导出" in main_of(leader.get("/staff/register"))
    assert ExportLog.select().count() == 0
    assert export(leader)


def test_too_many_and_none_and_unknown_are_told_and_nothing_leaves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_export, "MOST_ROWS", 3)
    leader = house.staff("community_leader")
    for query, said in (
        ("", "分几次导出"),
        ("q=没有这样的问题", "没有符合条件"),
        ("step=nonsense", "没有这一项"),
    ):
        assert leader.get(f"/staff/register.xlsx?{query}").status_code == 303
        assert said in main_of(leader.get("/staff/register"))
    assert ExportLog.select().count() == 0


def test_while_a_file_of_the_community_is_wrong_the_list_is_exported_as_it_is_shown(
    house: House,
) -> None:
    file = house.settings.community_dir / "circle.yml"
    whole = file.read_bytes()
    shown = len(export(house.staff("community_leader")))
    file.write_text("name: [", encoding="utf-8")
    try:
        assert len(export(house.staff("community_leader"))) == shown > 0
    finally:
        file.write_bytes(whole)


def test_a_failed_export_leaves_a_sentence_and_no_half_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_export.sys, "executable", "/bin/false")
    leader = house.staff("community_leader")
    assert leader.get("/staff/register.xlsx").status_code == 303
    assert "表格没有做成" in main_of(leader.get("/staff/register"))
    assert [p.name for p in register_export.folder(house.settings).iterdir()] == ["lock"]


def test_what_nobody_fetched_is_gone_after_a_day(house: House) -> None:
    folder = register_export.folder(house.settings)
    for name, age in (
        ("998", register_export.KEPT_FOR.total_seconds() + 60),
        ("999", register_export.KEPT_FOR.total_seconds() - 60),
    ):
        path = folder / f"{name}.xlsx"
        path.touch()
        os.utime(path, (time.time() - age, time.time() - age))
    export(house.staff("worker"), "step=closed")
    assert not (folder / "998.xlsx").exists()
    assert (folder / "999.xlsx").exists()


def command(*words: str) -> int:
    return cli.main(["export", *words])


def test_the_command_writes_the_same_and_is_noted_too(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CIRCLE_DATA", str(house.settings.data))
    target = tmp_path / "out.xlsx"
    assert command(str(target), "--step", "closed", "--contacts") == 0
    assert "已导出" in capsys.readouterr().out
    rows = rows_of(load_workbook(target).active)
    (note,) = ExportLog.select()
    assert (note.row_count, note.actor_role, note.with_contacts) == (len(rows), "admin", True)
    assert target.stat().st_mode & 0o077 == 0
    for words in (
        [str(target)],
        [str(tmp_path / "x.csv")],
        [str(tmp_path / "nowhere" / "x.xlsx")],
        [str(tmp_path / "x.xlsx"), "--step", "nonsense"],
        [str(tmp_path / "x.xlsx"), "--q", "没有这样的问题"],
    ):
        assert command(*words) == 1
        assert capsys.readouterr().err.strip().endswith("。")
    assert ExportLog.select().count() == 1


def test_the_servers_never_load_what_writes_spreadsheets() -> None:
    code = "import sys, forms_app.app, forms_app.commands.cli; print('openpyxl' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\n"


def test_an_empty_list_still_makes_a_sound_sheet(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_sheet(path, LONG, Head("单位", "标题", "条件", "导出人"), "2026-00001", [])
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet[HEADER]] == list(COLUMNS)


@pytest.mark.parametrize(("contacts", "code"), [(True, 1), (False, 0)])
def test_a_spreadsheet_with_names_that_an_erasure_overtook_is_not_kept(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contacts: bool, code: int
) -> None:
    leader = Account.get(Account.username == "community_leader")
    order = {
        "target": str(tmp_path / "1.xlsx"), "part": str(tmp_path / "1.part"),
        "circle": b64encode(pickle.dumps(house.circle)).decode(),
        "key_file": str(house.settings.contact_key_file),
        "actor": {**to_builtins(actor_of(leader, house.circle)), "held_numbers": [], "press": ""},
        "given": {}, "said": "", "made_at": house.now.isoformat(), "with_contacts": contacts,
        "most_rows": 10, "paper": LONG.name, "number": "2026-00001",
    }  # fmt: skip
    keys = iter([0, 1])  # somebody had something erased while it was made
    monkeypatch.setattr(queries, "newest_erasure", lambda: next(keys))
    monkeypatch.setenv("CIRCLE_DATABASE_URL", house.settings.database_url)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(order)))
    assert main() == code
    assert [path.name for path in tmp_path.glob("1.*")] == ([] if code else ["1.xlsx"])
