"""The pages of the two-way assessment: for the offices that it is between, and nobody else."""

import io

import openpyxl
import pytest

from forms_app.store.accounts import Account, ExportLog
from forms_app.store.assessments import Assessment
from tests.support.web import House, errors_on, main_of

QUARTER = "/staff/two-way/2026-Q4"


def newest() -> Assessment:
    return Assessment.select().order_by(Assessment.id.desc()).get()


def unit_of(username: str) -> str:
    return str(Account.get(Account.username == username).organization_id)


def test_from_the_level_to_the_reply(house: House) -> None:
    leader, bob = house.staff("street_leader"), house.staff("bob")
    fields = {
        "quarter": "2026-Q4", "organization_id": unit_of("bob"), "level": "fair",
        "words": "到场快，方案拖了两天。",
    }  # fmt: skip
    answer = leader.fill("/staff/two-way/new/unit", fields)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "到场快" in main_of(bob.get(address))
    assert address in bob.get(QUARTER).text  # it waits for them
    replied = bob.fill(address, {"words": "人手不够，已经补上。"}, f"{address}/answer")
    assert replied.status_code == 303
    page = main_of(leader.get(address))
    assert "人手不够，已经补上。" in page
    assert "修改" not in page
    assert house.staff("carol").get(address).status_code == 404


def test_an_inspection_from_the_request_to_what_it_found(house: House) -> None:
    bob, district = house.staff("bob"), house.staff("district_office")
    asked = {"subject": "查台账", "words": "上级要求。", "planned_on": "2026-12-01"}
    answer = bob.fill("/staff/two-way/new/inspection", asked)
    address = answer.headers["Location"]
    assert district.fill(address, {"words": "同意"}, f"{address}/answer").status_code == 422
    approved = {"answer": "approved", "words": "同意，一次查完。"}
    assert district.fill(address, approved, f"{address}/answer").status_code == 303
    done = {"done_on": "2026-11-23", "found": "台账齐全。"}
    assert bob.fill(address, done, f"{address}/finish").status_code == 303
    assert "台账齐全。" in main_of(house.staff("street_leader").get(address))


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(house: House) -> None:
    leader = house.staff("street_leader")
    answer = leader.fill("/staff/two-way/new/unit", {"words": "写了一半"})
    assert answer.status_code == 422
    assert {"level", "organization_id"} <= set(errors_on(answer))
    assert "写了一半" in answer.text


def test_two_who_act_at_once_are_told(house: House) -> None:
    leader, bob = house.staff("street_leader"), house.staff("responder")
    one = newest()
    said = Assessment.get(Assessment.kind == "unit")
    address = f"/staff/two-way/records/{said.id}"
    before = leader.get(address)
    assert bob.fill(address, {"words": "已经改进。"}, f"{address}/answer").status_code == 303
    late = leader.submit(before, f"{address}/change", {"words": "改一改"})
    assert late.status_code == 409
    assert one.id


@pytest.mark.slow
def test_the_workbook_holds_counts_and_records_and_is_noted(house: House) -> None:
    leader = house.staff("street_leader")
    answer = leader.get(f"{QUARTER}.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["部门", "街道", "记录"]
    text = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
    assert "垃圾分类台账" in text
    assert "排名" in text  # that there is none
    note = ExportLog.select().order_by(ExportLog.id.desc()).get()
    assert "双向考核" in note.filters


def test_a_unit_reads_its_own_numbers_alone(house: House) -> None:
    leader, bob = house.staff("street_leader"), house.staff("bob")
    own = house.circle.unit_name(unit_of("bob"))
    other = house.circle.unit_name(unit_of("responder"))
    assert other in main_of(leader.get(QUARTER))
    page = main_of(bob.get(QUARTER))
    assert other not in page
    assert own in page or "没有号召过" in page


def test_a_quarter_without_anything_and_one_to_come(house: House) -> None:
    leader = house.staff("street_leader")
    page = main_of(leader.get("/staff/two-way/2025-Q1"))
    assert "没有号召过部门" in page
    assert "还没有记录" in page
    assert leader.get("/staff/two-way/2027-Q1").status_code == 404
    assert leader.get("/staff/two-way/2025-Q1.xlsx").status_code == 200


@pytest.mark.parametrize("name", ["worker", "community_leader", "collector", "admin"])
def test_it_is_in_the_menu_of_those_alone_who_have_to_do_with_it(house: House, name: str) -> None:
    visitor = house.staff(name)
    assert visitor.get("/staff/two-way/").status_code == 403
    assert "two-way" not in visitor.get("/staff/").text
    assert "two-way" in house.staff("street_leader").get("/staff/").text


def test_no_person_is_ranked_or_named_in_the_counts(house: House) -> None:
    page = house.staff("street_leader").get(QUARTER).text
    counts = page.partition("这一季度的记录")[0]
    for account in Account.select():
        if account.username != "street_leader":
            assert f">{account.display_name}<" not in counts
