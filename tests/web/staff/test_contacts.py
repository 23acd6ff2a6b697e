"""A resident's name and phone lie folded: who may open them, for how long, and what is noted."""

import re

import pytest

from forms_app.rules import contact_keys
from forms_app.rules.contact_keys import ContactKeys
from forms_app.store.contacts import keys, use_keys
from forms_app.store.models import ContactLook
from tests.support.web import House, Visitor, main_of

LEFT = {
    "description": "楼道灯不亮，晚上看不见",
    "community_id": "jingui",
    "reporter_name": "欧阳阿姨",
    "reporter_phone": "138 0000-4321",
    "reporter_email": "ouyang@example.org",
    "consent": "y",
}
SECRETS = ("欧阳阿姨", "138 0000-4321", "13800004321", "ouyang@example.org")
OPENERS = ["worker", "community_leader", "street_leader"]


@pytest.fixture
def number(house: House) -> str:
    return house.visitor().report(**LEFT)[0]


def press(visitor: Visitor, number: str, then: str = "") -> str:
    """Opens the contacts as the page's own button does; the page that follows."""
    answer = visitor.post(
        f"/staff/issues/{number}/contacts", {"csrf_token": visitor.token(), "then": then}
    )
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].endswith("#contacts")
    return visitor.get(answer.headers["Location"].partition("#")[0]).text


def shown_in(page: str) -> list[str]:
    return [secret for secret in SECRETS if secret in page]


@pytest.mark.parametrize("role", OPENERS)
def test_one_press_opens_them_with_a_number_to_dial_and_is_noted(
    house: House, number: str, role: str
) -> None:
    visitor = house.staff(role)
    for path in ("", "/print"):
        assert shown_in(visitor.get(f"/staff/issues/{number}{path}").text) == []
    assert ContactLook.select().count() == 0
    page = press(visitor, number)
    assert "欧阳阿姨" in page
    assert '<a href="tel:13800004321">138 0000-4321</a>' in page
    assert "ouyang@example.org" in page
    (look,) = ContactLook.select()
    assert (look.issue.number, look.account.username, look.actor_role) == (number, role, role)
    assert look.made_at == house.now
    assert "138 0000-4321" in visitor.get(f"/staff/issues/{number}/print").text


def test_they_stay_open_for_a_while_and_a_second_look_that_day_is_the_same_row(
    house: House, number: str
) -> None:
    worker = house.staff("worker")
    press(worker, number)
    house.later(minutes=29)
    assert shown_in(worker.get(f"/staff/issues/{number}").text) == list(SECRETS)
    house.later(minutes=2)
    assert shown_in(worker.get(f"/staff/issues/{number}").text) == []
    press(worker, number)
    assert ContactLook.select().count() == 1
    house.later(days=1)
    press(house.staff("worker"), number)
    assert ContactLook.select().count() == 2


def test_they_are_open_for_that_issue_that_account_and_that_session_alone(
    house: House, number: str
) -> None:
    other, _ = house.visitor().report(**LEFT)
    worker = house.staff("worker")
    press(worker, number)
    assert shown_in(worker.get(f"/staff/issues/{other}").text) == []
    assert shown_in(house.staff("worker").get(f"/staff/issues/{number}").text) == []
    # A colleague signs in where the one before has not signed out.
    leader = house.staff("community_leader")
    with leader.client.session_transaction() as session:
        key = session["desk"]
    with worker.client.session_transaction() as session:
        session["desk"] = key
    assert shown_in(worker.get(f"/staff/issues/{number}").text) == []


@pytest.mark.parametrize("role", ["responder", "supervisor", "admin"])
def test_whom_they_do_not_concern_opens_nothing_and_has_no_button(
    house: House, number: str, role: str
) -> None:
    visitor = house.staff(role)
    page = visitor.get(f"/staff/issues/{number}").text
    assert f"/staff/issues/{number}/contacts" not in page
    answer = visitor.post(f"/staff/issues/{number}/contacts", {"csrf_token": visitor.token()})
    assert answer.status_code in (403, 404)
    assert ContactLook.select().count() == 0


def test_another_community_opens_nothing(house: House) -> None:
    other = next(one for one in house.circle.communities if one != "jingui")
    number, _ = house.visitor().report(**LEFT | {"community_id": other})
    worker = house.staff("worker")
    answer = worker.post(f"/staff/issues/{number}/contacts", {"csrf_token": worker.token()})
    assert answer.status_code == 404
    assert ContactLook.select().count() == 0


def test_nobody_opens_them_without_the_pages_own_token_or_signing_in(
    house: House, number: str
) -> None:
    worker = house.staff("worker")
    worker.get(f"/staff/issues/{number}")
    assert worker.post(f"/staff/issues/{number}/contacts", {}).status_code == 400
    stranger = house.visitor()
    answer = stranger.post(f"/staff/issues/{number}/contacts", {"csrf_token": stranger.token()})
    assert answer.status_code == 401
    assert ContactLook.select().count() == 0


def test_where_nothing_was_left_there_is_no_press_and_no_note(house: House) -> None:
    number, _ = house.visitor().report(description="路灯不亮", community_id="jingui")
    worker = house.staff("worker")
    page = worker.get(f"/staff/issues/{number}").text
    assert f"/staff/issues/{number}/contacts" not in page
    press(worker, number)
    assert ContactLook.select().count() == 0


@pytest.mark.usefixtures("number")
def test_no_list_shows_them_whole_and_the_look_up_confirms_a_likeness(house: House) -> None:
    leader = house.staff("community_leader")
    found = leader.fill("/staff/callers", {"asked": "4321"})
    assert shown_in(found.text) == []
    told = re.sub(r"\s+|<[^>]*>", "", main_of(found))
    assert "欧**尾号21" in told
    paths = ("/staff/", "/staff/register", "/staff/register/print", "/staff/handover/worker")
    for path in (*paths, "/staff/register?q=楼道灯", "/staff/handover", "/staff/exports"):
        assert shown_in(leader.get(path).text) == [], path
    assert ContactLook.select().count() == 0


def test_putting_right_neither_shows_them_nor_needs_a_look(house: House, number: str) -> None:
    leader = house.staff("community_leader")
    answer = leader.move(number, "correct", {"reporter_phone": "13900001111", "reason": "说错了"})
    assert answer.status_code == 303
    kept = house.issue(number)
    assert (kept.reporter_name, kept.reporter_phone) == ("欧阳阿姨", "13900001111")
    answer = leader.move(number, "correct", {"cleared": "reporter_phone", "reason": "空号"})
    assert answer.status_code == 303
    kept = house.issue(number)
    assert (kept.reporter_name, kept.reporter_phone) == ("欧阳阿姨", "")
    assert ContactLook.select().count() == 0


def test_whoever_oversees_reads_who_looked_and_others_do_not(house: House, number: str) -> None:
    other, _ = house.visitor().report(**LEFT)
    worker = house.staff("worker")
    press(worker, number)
    press(worker, other)
    supervisor = house.staff("supervisor")
    assert f"/staff/looks?issue={number}" in supervisor.get(f"/staff/issues/{number}").text
    page = main_of(supervisor.get("/staff/looks"))
    assert number in page
    assert other in page
    alone = main_of(supervisor.get(f"/staff/looks?issue={number}"))
    assert other not in alone
    assert shown_in(page) == []
    for role in ("worker", "collector", "responder", "admin"):
        assert house.staff(role).get("/staff/looks").status_code == 403


def test_who_leads_another_community_does_not_read_of_it(house: House) -> None:
    home = next(one for one in house.circle.communities if one != "jingui")
    number, _ = house.visitor().report(**LEFT | {"community_id": home})
    press(house.staff("street_leader"), number)
    assert number not in main_of(house.staff("community_leader").get("/staff/looks"))


def test_pages_that_show_no_contact_open_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {"reporter_name": "张阿姨", "reporter_phone": "13800004321",
            "reporter_email": "zhang@example.org"}  # fmt: skip
    resident = house.visitor()
    number, _ = resident.report(**left)
    leader = house.staff("community_leader")
    monkeypatch.setattr(contact_keys, "_cipher", lambda: pytest.fail("a contact was opened"))
    assert resident.get(f"/issues/{number}").status_code == 200
    for address in ("", "board", "register", "wall", f"issues/{number}"):
        assert leader.get(f"/staff/{address}").status_code == 200, address
    monkeypatch.undo()
    assert "张阿姨" in resident.get(f"/issues/{number}/own").text


def test_a_contact_that_opens_with_no_key_is_a_sentence_and_stays(house: House) -> None:
    resident = house.visitor()
    number, _ = resident.report(reporter_name="张阿姨", reporter_phone="13800004321")
    mine = keys()
    use_keys(ContactKeys.fresh())
    page = resident.get(f"/issues/{number}/own")
    assert page.status_code == 503
    assert "密钥" in main_of(page)
    assert resident.get(f"/issues/{number}").status_code == 200
    use_keys(mine)
    assert "张阿姨" in resident.get(f"/issues/{number}/own").text
