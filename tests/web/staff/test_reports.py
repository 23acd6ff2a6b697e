"""A month's pages and its workbook: one sum everywhere, and nobody reads a colleague's row."""

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from forms_app.issues import monthly, sums
from forms_app.queries.months import BY
from forms_app.store.accounts import Account, ExportLog
from forms_app.store.models import Issue
from tests.support.page_audit import flaws
from tests.support.web import House, main_of

pytestmark = pytest.mark.slow

HEAD = 3
ADDRESS = "/staff/reports/2026-11"
SHEETS = {
    "community_leader": ["单位", "社区", "社区干部", "类别", "渠道", "小区"],
    "street_leader": ["单位", "社区", "类别", "渠道", "小区"],
    "supervisor": ["单位", "社区", "类别", "渠道", "小区"],
    "worker": ["社区干部"],
}


def book_of(answer: TestResponse) -> Workbook:
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


def rows_of(book: Workbook, name: str) -> list[dict[str, object]]:
    head, *rows = book[name].iter_rows(min_row=HEAD, values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def total(rows: list[dict[str, object]], column: str) -> int:
    return sum(int(str(row[column])) for row in rows)


def test_who_asks_for_this_month_is_led_to_what_they_may_see(house: House) -> None:
    for role in SHEETS:
        answer = house.staff(role).get("/staff/reports/")
        on = f"{ADDRESS}/officers" if role == "worker" else ADDRESS
        assert (answer.status_code, answer.headers["Location"]) == (303, on)


@pytest.mark.parametrize("role", SHEETS)
def test_each_reader_has_their_sheets_and_the_sheets_have_one_sum(house: House, role: str) -> None:
    book = book_of(house.staff(role).get(f"{ADDRESS}.xlsx"))
    assert book.sheetnames == SHEETS[role]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.print_title_rows) == (1, f"${HEAD}:${HEAD}")
        assert len(sheet._charts) == (sheet.title != "社区干部")
        assert not {"名次", "得分", "积分", "排名"} & {cell.value for cell in sheet[HEAD]}
        for row in rows_of(book, sheet.title):
            parts = ("按时办结", "超时办结", "还没办结", "其他去向")
            assert total([row], "接到") == sum(total([row], part) for part in parts)
    if role != "worker":
        communities = rows_of(book, "社区")
        assert total(communities, "接到") > 0
        for name in ("类别", "渠道", "小区"):
            for column in ("接到", "按时办结", "延期次数", "其中升级", "第二轮起", "本人评价"):
                assert total(rows_of(book, name), column) == total(communities, column)
    (note,) = ExportLog.select()
    assert ("2026年11月办理情况表" in note.filters, note.with_contacts) == (True, False)


def test_what_came_in_is_what_the_kept_sums_say(house: House) -> None:
    book = book_of(house.staff("supervisor").get(f"{ADDRESS}.xlsx"))
    received = sum(
        number
        for (kind, key), number in sums.kept().items()
        if kind == monthly.ARRIVED and key.startswith("2026-11 community ")
    )
    assert received > 0
    for name in ("类别", "渠道", "小区"):
        assert total(rows_of(book, name), "收到") == received


def test_the_page_and_the_sheet_hold_the_same(house: House) -> None:
    leader = house.staff("community_leader")
    book = book_of(leader.get(f"{ADDRESS}.xlsx"))
    for name, by in (("类别", "kinds"), ("渠道", "channels"), ("小区", "estates")):
        page = leader.get(f"{ADDRESS}/{by}")
        assert flaws(page.text) == []
        assert 'class="chart"' in page.text
        for row in rows_of(book, name):
            cells = f'{row[name]}</th>\n<td class="num">{row["收到"]}</td>'
            assert f'{cells}<td class="num">{row["接到"]}</td>' in page.text


def test_a_worker_reads_their_own_row_and_nobody_elses(house: House) -> None:
    worker = Account.get(Account.username == "worker")
    rows = rows_of(book_of(house.staff("worker").get(f"{ADDRESS}.xlsx")), "社区干部")
    assert [row["社区干部"] for row in rows] == [worker.display_name]
    page = house.staff("worker").get(f"{ADDRESS}/officers")
    assert worker.display_name in main_of(page)
    assert flaws(page.text) == []
    # A colleague of the same community has led nothing: not even the worker's row is theirs.
    Account.update(community_id=worker.community_id, role="worker").where(
        Account.username == "erin"
    ).execute()
    colleague = house.staff("erin")
    assert worker.display_name not in main_of(colleague.get(f"{ADDRESS}/officers"))
    theirs = book_of(colleague.get(f"{ADDRESS}.xlsx"))
    assert all(worker.display_name not in str(row) for row in rows_of(theirs, theirs.sheetnames[0]))


def test_a_leader_reads_the_community_by_name_and_another_community_not_at_all(
    house: House,
) -> None:
    page = house.staff("community_leader").get(f"{ADDRESS}/officers")
    assert "示例社区干部" in main_of(page)
    assert "（worker）" not in main_of(page)  # of two of one name alone it says whose is whose
    assert "不排名" in main_of(page)
    assert 'class="chart"' not in page.text
    for role in ("street_leader", "supervisor", "responder", "collector"):
        assert house.staff(role).get(f"{ADDRESS}/officers").status_code == 403


def test_no_residents_words_stand_in_a_months_tables(house: House) -> None:
    Issue.update(
        reporter_name="金丝雀", reporter_phone="13912345678", description="金丝雀说的"
    ).execute()
    leader = house.staff("community_leader")
    book = book_of(leader.get(f"{ADDRESS}.xlsx"))
    told = [str(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    told += [leader.get(f"{ADDRESS}/{by}").text for by in BY]
    assert [words for words in told if "金丝雀" in words or "13912345678" in words] == []


def test_a_month_with_nothing_says_so(house: House) -> None:
    leader = house.staff("community_leader")
    for by in BY:
        assert "没有可以列出来的" in main_of(leader.get(f"/staff/reports/2020-01/{by}"))
    book = book_of(leader.get("/staff/reports/2020-01.xlsx"))
    assert all(not sheet._charts for sheet in book.worksheets)


def test_a_share_that_is_not_all_is_not_told_as_all(house: House) -> None:
    shares = house.app.jinja_env.get_template("staff/_month.html").make_module(
        {"smallest_shared": 5, "_": lambda text, **values: text % values}
    )

    def told(part: int, whole: int) -> str:
        return re.sub(r"\s+", "", str(shares.share(part, whole)))  # type: ignore[attr-defined]

    assert "&gt;99%" in told(999, 1000)
    assert "&lt;1%" in told(1, 1000)
    assert ">100%" in told(7, 7)
    assert ">0%" in told(0, 7)
