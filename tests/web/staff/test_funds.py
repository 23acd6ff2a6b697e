"""A leader keeps the book of the earmarked funds; who oversees reads it."""

import io

import openpyxl
import pytest

from forms_app.store.accounts import ExportLog
from forms_app.store.funds import FundEntry
from forms_app.store.models import Issue
from tests.support.web import House, errors_on, form_on, main_of

BOOK = "/staff/funds/jingui/2026"
GRANT = {"kind": "granted", "on": "2026-11-20", "amount": "10,000", "words": "街道拨付"}


def test_from_the_grant_to_the_correction(house: House) -> None:
    leader = house.staff("community_leader")
    assert "还没有记过" in main_of(leader.get("/staff/funds/jingui/2025"))
    first = form_on(leader.get(BOOK), BOOK)
    assert leader.post(BOOK, first.filled(GRANT)).status_code == 303
    late = leader.post(BOOK, {**first.filled(GRANT), "form_key": ["another"]})
    assert late.status_code == 409
    assert "街道拨付" in late.text
    number = Issue.get(Issue.community_id == "jingui").number
    spent = GRANT | {
        "kind": "spent", "amount": "30000.5", "about": "issue", "number": number,
        "decided": "居民议事会", "receipt": "17",
    }  # fmt: skip
    answer = leader.fill(BOOK, spent, BOOK)
    assert answer.status_code == 422
    assert "amount" in errors_on(answer)
    assert leader.fill(BOOK, spent | {"amount": "0.5"}, BOOK).status_code == 303
    line = FundEntry.get((FundEntry.kind == "spent") & (FundEntry.receipt == "17"))
    wrong = {"entry": str(line.id), "right": "1", "reason": "写错了"}
    assert leader.fill(BOOK, wrong, f"{BOOK}/correct").status_code == 303
    page = main_of(house.staff("supervisor").get(BOOK))
    assert "28,149.00" in page
    assert "记一笔" not in page
    assert "28,149.00" in main_of(leader.get("/staff/funds"))


@pytest.mark.slow
def test_the_workbook_holds_sums_and_lines_and_is_noted(house: House) -> None:
    leader = house.staff("community_leader")
    assert leader.fill(BOOK, GRANT | {"words": "=1+1 街道拨付"}, BOOK).status_code == 303
    answer = leader.get(f"{BOOK}.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["合计", "每一笔"]
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert ("还剩（拨入减去支出）", 28150) in rows
    assert any("2026-11-20" in row and 10000 in row for row in rows)
    amounts = [row[1] for row in book["合计"].iter_rows(min_row=4)]
    assert {(cell.data_type, cell.number_format) for cell in amounts} == {("n", "#,##0.00")}
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)
    assert "专项经费" in ExportLog.select().order_by(ExportLog.id.desc()).get().filters
    assert house.staff("street_leader").get(f"{BOOK}.xlsx").status_code == 200
    assert leader.get("/staff/funds/yinxing/2026.xlsx").status_code == 404
    assert house.staff("worker").get(f"{BOOK}.xlsx").status_code == 403


def test_what_a_spending_needs_is_said_at_its_fields_and_asked_for_at_once(house: House) -> None:
    leader = house.staff("community_leader")
    assert main_of(leader.get(BOOK)).count("支出的要填") == 3
    answer = leader.fill(BOOK, GRANT | {"kind": "spent"}, BOOK)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"about", "decided", "receipt"}


def test_money_spent_twice_is_asked_about_whoever_of_two_was_faster(house: House) -> None:
    leader, street = house.staff("community_leader"), house.staff("street_leader")
    page = leader.get(BOOK)
    assert "is_another" not in form_on(page, BOOK).names
    mine, theirs = form_on(page, BOOK).filled(GRANT), form_on(street.get(BOOK), BOOK).filled(GRANT)
    assert street.post(BOOK, theirs).status_code == 303
    assert street.post(BOOK, theirs).status_code == 303  # pressed twice
    late = leader.post(BOOK, mine)
    assert late.status_code == 409
    before = FundEntry.select().count()
    asked = leader.submit(late, BOOK)
    assert asked.status_code == 422
    assert "街道拨付" in errors_on(asked)["is_another"]
    assert form_on(asked, BOOK).value("words") == "街道拨付"
    assert FundEntry.select().count() == before
    assert leader.submit(asked, BOOK, {"is_another": "y"}).status_code == 303
    assert FundEntry.select().count() == before + 1


def test_what_a_line_is_for_is_a_link_and_what_was_corrected_says_so(house: House) -> None:
    leader = house.staff("community_leader")
    number = Issue.get(Issue.community_id == "jingui").number
    spent = GRANT | {
        "kind": "spent", "amount": "5", "about": "issue", "number": number,
        "decided": "居民议事会", "receipt": "18",
    }  # fmt: skip
    assert leader.fill(BOOK, spent, BOOK).status_code == 303
    line = FundEntry.get((FundEntry.kind == "spent") & (FundEntry.receipt == "18"))
    wrong = {"entry": str(line.id), "right": "7.5", "reason": "写错了"}
    assert leader.fill(BOOK, wrong, f"{BOOK}/correct").status_code == 303
    page = leader.get(BOOK)
    assert f'/staff/issues/{number}"' in page.text
    assert "更正过，看下面" in main_of(page)
    assert "+2.50" in main_of(page)


def test_a_book_pays_for_its_own_communitys_activities_alone(house: House) -> None:
    leader, street = house.staff("community_leader"), house.staff("street_leader")
    theirs = next(
        f"activity:{key}"
        for key in house.circle.activities
        if house.circle.rated_communities(f"activity:{key}") == ("yinxing",)
    )
    assert f'value="{theirs}"' not in leader.get(BOOK).text
    assert f'value="{theirs}"' in street.get("/staff/funds/yinxing/2026").text
    fields = form_on(leader.get(BOOK), BOOK).filled(GRANT | {"about": theirs})
    answer = leader.post(BOOK, fields)
    assert answer.status_code == 422
    assert "about" in errors_on(answer)


def test_it_is_in_the_menu_of_those_alone_who_have_to_do_with_it(house: House) -> None:
    for name in ("community_leader", "street_leader", "supervisor"):
        assert "staff/funds" in house.staff(name).get("/staff/").text
    assert "staff/funds" not in house.staff("worker").get("/staff/").text
    other = house.staff("community_leader").get("/staff/funds/yinxing/2026")
    assert other.status_code == 404
