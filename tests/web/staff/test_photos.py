"""Photos on the pages of the staff: of a case, beside another one, with a call and with a move."""

import io
import re

import openpyxl
import pytest

from forms_app.store.models import Entry, Photo
from tests.support.page_audit import flaws
from tests.support.pictures import phone_photo
from tests.support.reports import (
    REPORT,
    photo_keys,
    report,
    send,
    send_form,
    shown_photos,
)
from tests.support.web import House, form_on, main_of, ticket_on

pytestmark = pytest.mark.slow


def test_the_staff_see_them_on_the_case_in_print_and_in_the_count(house: House) -> None:
    number = report(house.visitor(), phone_photo())
    leader = house.staff("community_leader")
    for path in (f"/staff/issues/{number}", f"/staff/issues/{number}/print"):
        page = leader.get(path)
        (address,) = shown_photos(page)
        assert address == f"/staff/issues/{number}/photos/{photo_keys(number)[0]}"
        assert leader.get(address).mimetype == "image/jpeg"
        assert flaws(page.text) == []


def test_staff_compare_two_reports_with_the_photos_of_both(house: House) -> None:
    words = {"description": "3栋门口的路灯一直不亮", "location": "3栋门口"}
    first = report(house.visitor(), phone_photo(seed=1), **words)
    second = report(house.visitor(), phone_photo(seed=2), **words)
    page = house.staff("community_leader").get(f"/staff/issues/{second}")
    pair = page.text.partition('class="alike-pair"')[2].partition("</section>")[0]
    found = re.findall(r'<img src="([^"?]+)', pair)
    assert found[:2] == [
        f"/staff/issues/{number}/photos/{photo_keys(number)[0]}" for number in (second, first)
    ]


def test_staff_take_photos_in_with_a_call_and_show_what_was_done(house: House) -> None:
    worker = house.staff("worker")
    fields = {**REPORT, "consent": "", "channel": "phone"}
    del fields["consent"]
    receipt = send(worker, "/staff/issues/new", phone_photo(seed=1), **fields)
    ticket = ticket_on(receipt) or ""
    number = ticket[:6]
    assert len(photo_keys(number)) == 1
    leader = house.staff("community_leader")
    grade = {"severity_class": "C", "urgency": "2", "initial_opinion": "去看。"}
    assert leader.move(number, "classify", grade).status_code == 303
    lead = form_on(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/assign")
    (chosen,) = [value for value in lead.options("lead") if value][:1]
    changes: dict[str, str | list[str]] = {"lead": chosen}
    if "reason" in lead.names:
        changes["reason"] = "社区自己能办。"
    assert leader.move(number, "assign", changes).status_code == 303
    case = f"/staff/issues/{number}"
    done = send(leader, case, phone_photo(seed=2), action=f"{case}/progress", note="换了灯泡")
    assert done.status_code == 303
    alice = house.holder(number)
    page = alice.get(f"/issues/{number}")
    assert len(shown_photos(page)) == 2
    assert alice.get(shown_photos(page)[0]).mimetype == "image/jpeg"
    moves = [p.entry.move for p in Photo.select().join(Entry).order_by(Photo.id)]
    assert moves == ["submit", "progress"]
    row = leader.get(f"/staff/issues/{number}")
    assert len(shown_photos(row)) == 2
    assert flaws(row.text) == []


def test_a_refused_move_keeps_its_photos(house: House) -> None:
    number = house.number("路灯杆歪了")
    leader = house.staff("community_leader")
    case = f"/staff/issues/{number}"
    refused = send(leader, case, phone_photo(), action=f"{case}/progress")
    assert refused.status_code == 422
    assert "已经收下1张照片" in main_of(refused)
    assert send_form(leader, refused, f"{case}/progress", note="扶正了").status_code == 303
    assert len(photo_keys(number)) == 1


def test_the_register_counts_an_issues_photos(house: House) -> None:
    number = report(house.visitor(), phone_photo(seed=1), phone_photo(seed=2))
    from_page = house.staff("community_leader").get("/staff/register.xlsx?step=collected")
    assert from_page.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(from_page.data)).active
    assert sheet is not None
    rows = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    (row,) = [row for row in rows if number in row]
    assert "附件：照片2张" in row[-1]
    others = [row for row in rows if "附件：照片" in row[-1]]
    assert others == [row]
