"""Calls, chat groups and the counter: what staff write down, and the receipt that it makes."""

import re

import pytest

from forms_app.formats.qr_codes import qr_code
from forms_app.rules.keys import CROCKFORD
from forms_app.store.models import Entry, Issue
from forms_app.web.staff import receipts
from tests.support.page_audit import flaws
from tests.support.web import House, errors_on, form_on, main_of, ticket_on

CALL = {"description": "三楼的扶手松了", "channel": "phone"}


@pytest.mark.parametrize("name", ["worker", "community_leader"])
def test_the_community_is_fixed_where_there_is_only_ones_own(house: House, name: str) -> None:
    page = house.staff(name).get("/staff/issues/new")
    form = form_on(page, "/staff/issues/new")
    assert form.options("community_id") == ["jingui"]
    own = {e.id for e in house.circle.estates.values() if e.community_id == "jingui"}
    assert set(form.options("estate_id")) == own | {""}


def test_a_street_leader_chooses_the_community_and_enters_no_opinion(house: House) -> None:
    form = form_on(house.staff("street_leader").get("/staff/issues/new"), "/staff/issues/new")
    assert {"jingui", "yinxing"} <= set(form.options("community_id"))
    assert not {"initial_opinion", "opined_at"} & form.names


def test_nobody_says_that_residents_typed_it_themselves(house: House) -> None:
    form = form_on(house.staff("worker").get("/staff/issues/new"), "/staff/issues/new")
    assert "web" not in form.options("channel")


def test_a_call_is_taken_with_its_answer_in_one_form(house: House) -> None:
    worker = house.staff("worker")
    fields = {**CALL, "received_at": "2026-11-23T08:50", "initial_opinion": "下午就去拧紧。",
              "opined_at": "2026-11-23T08:55"}  # fmt: skip
    page = worker.fill("/staff/issues/new", fields)
    ticket = ticket_on(page) or ""
    issue = house.issue(ticket[:6])
    assert (issue.collector.username, issue.channel) == ("worker", "phone")
    assert issue.initial_opinion == "下午就去拧紧。"
    assert [entry.move for entry in house.entries(issue.number)] == ["submit", "opine"]
    visitor = house.visitor()
    assert visitor.fill("/issues/", {"ticket": ticket}).status_code == 303
    follow = main_of(visitor.get(f"/issues/{issue.number}"))
    assert "下午就去拧紧。" in follow
    assert "11月23日 08:50" in follow
    # The next one comes in the same way, unless somebody says otherwise.
    assert "/staff/issues/new?channel=phone" in page.text
    again = form_on(worker.get("/staff/issues/new?channel=phone"), "/staff/issues/new")
    assert again.value("channel") == "phone"


def test_a_name_or_phone_needs_consent_and_nothing_else_does(house: House) -> None:
    worker = house.staff("worker")
    for given in ({"reporter_name": "王奶奶"}, {"reporter_phone": "0797-0000-199"}):
        refused = worker.fill("/staff/issues/new", CALL | given)
        assert refused.status_code == 422
        assert set(errors_on(refused)) == {"consent"}
        # Whoever says yes says it to all that is asked for.
        assert "同意为办理这件事留下称呼、电话、邮箱" in main_of(refused)
        assert worker.fill("/staff/issues/new", CALL | given | {"consent": "y"}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"received_at": "2026-11-23T12:01"}, "received_at"),
        ({"received_at": "2026-08-01T09:00"}, "received_at"),
        ({"received_at": "昨天"}, "received_at"),
        ({"opined_at": "2026-11-23T08:59"}, "initial_opinion"),
        ({"initial_opinion": "去看。", "opined_at": "2026-11-23T08:00"}, "opined_at"),
    ],
)
def test_a_time_that_cannot_be_true_is_told_beside_its_field(
    house: House, typed: dict[str, str], field: str
) -> None:
    before = Issue.select().count()
    page = house.staff("worker").fill("/staff/issues/new", CALL | typed)
    assert page.status_code == 422
    assert set(errors_on(page)) == {field}
    assert flaws(page.text) == []
    assert Issue.select().count() == before


def test_the_same_press_again_is_the_same_issue_and_shows_the_same_receipt(house: House) -> None:
    worker = house.staff("worker")
    sent = form_on(worker.get("/staff/issues/new"), "/staff/issues/new").filled(
        CALL | {"initial_opinion": "去看。"}
    )
    first, second = (worker.post("/staff/issues/new", sent) for _ in range(2))
    assert ticket_on(first) == ticket_on(second)
    number = (ticket_on(first) or "")[:6]
    assert Entry.select().join(Issue).where(Issue.number == number).count() == 2


def test_another_communitys_choice_is_no_choice(house: House) -> None:
    worker = house.staff("worker")
    sent = form_on(worker.get("/staff/issues/new"), "/staff/issues/new").filled(CALL)
    page = worker.post("/staff/issues/new", sent | {"community_id": ["yinxing"]})
    assert page.status_code == 422
    assert set(errors_on(page)) == {"community_id"}


def test_the_receipt_can_be_printed_scanned_and_read_out(house: House) -> None:
    page = house.staff("worker").fill("/staff/issues/new", CALL)
    ticket = ticket_on(page) or ""
    assert flaws(page.text) == []
    assert '<section class="slip"' in page.text
    assert "<svg" in page.text
    assert "http://localhost/issues/" in main_of(page)
    for group in ticket.split("-"):
        assert f">{group}</strong>" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_every_letter_of_a_ticket_can_be_said_and_no_two_alike() -> None:
    said = [receipts.spoken(letter)[0][1] for letter in CROCKFORD]
    assert len(set(said)) == len(CROCKFORD)


def test_the_code_holds_nothing_but_the_drawing_and_keeps_the_ticket_behind_a_hash() -> None:
    drawing = str(qr_code("https://circle.example/issues/#260017-7K2M-9QXD-4TBN", "查询码"))
    assert "260017" not in drawing
    assert not re.search(r"\b(style|href|on\w+)=", drawing)
