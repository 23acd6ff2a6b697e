"""One issue goes to another person, from its own page, in two presses."""

from werkzeug.test import TestResponse

from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry
from tests.support.web import PASSWORD, House, errors_on, form_on, main_of

LAMP = "路灯杆歪了"


def address(house: House) -> str:
    return f"/staff/handover/issues/{house.number(LAMP)}"


def leads(house: House) -> list[str]:
    rows = Assignment.select().where(
        Assignment.issue == house.issue(house.number(LAMP)),
        Assignment.is_current,
        Assignment.part == "lead",
    )
    return [row.account.username for row in rows]


def filled(page: TestResponse, reason: str) -> dict[str, list[str]]:
    changes = {"taker": "community_leader", "reason": reason}
    return form_on(page, page.request.path).filled(changes)


def test_a_leader_puts_another_in_the_place_of_whoever_leads(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(LAMP)
    case = leader.get(f"/staff/issues/{number}")
    assert f'href="{address(house)}"' in case.text
    told = filled(leader.get(address(house)), "他休假了。")
    answer = leader.post(address(house), told)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/staff/issues/{number}")
    assert "来办" in main_of(leader.get(f"/staff/issues/{number}"))
    assert leads(house) == ["community_leader"]
    # A second press counts once.
    count = Entry.select().count()
    assert leader.post(address(house), told).status_code == 303
    assert Entry.select().count() == count


def test_what_is_missing_or_was_changed_meanwhile_is_said_and_kept(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(LAMP)
    page = leader.get(address(house))
    answer = leader.post(address(house), filled(page, " "))
    assert answer.status_code == 422
    assert "请写明为什么换人" in str(errors_on(answer))
    worker, case = house.staff("worker"), f"/staff/issues/{number}"
    told = form_on(worker.get(case), f"{case}/progress").filled({"note": "去看过了。"})
    assert worker.post(f"{case}/progress", told).status_code == 303
    told = filled(page, "他休假了。")
    answer = leader.post(address(house), told)
    assert answer.status_code == 409
    assert "他休假了。" in main_of(answer)
    assert leads(house) == ["worker"]
    # On the page as it is now the same press goes through.
    again = filled(answer, "他休假了。")
    assert leader.post(address(house), again).status_code == 303


def test_it_is_a_leaders_alone_and_only_where_a_person_leads(house: House) -> None:
    for name in ("worker", "responder", "supervisor", "district_office"):
        assert house.staff(name).get(address(house)).status_code in (403, 404)
    of_a_unit = house.number("工地夜里施工")
    leader = house.staff("community_leader")
    assert leader.get(f"/staff/handover/issues/{of_a_unit}").status_code == 404
    assert "/staff/handover/issues/" not in leader.get(f"/staff/issues/{of_a_unit}").text


def test_a_session_that_has_ended_loses_no_word(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get(address(house))
    with leader.client.session_transaction() as session:
        session.pop("desk")
    told = {"taker": "community_leader", "reason": "他休假了。"}
    answer = leader.submit(page, address(house), told)
    assert answer.status_code == 401
    assert leads(house) == ["worker"]
    again = {"username": "community_leader", "password": PASSWORD}
    signed_in = leader.submit(answer, "/staff/login", again)
    assert "他休假了。" in signed_in.text
    assert leader.submit(signed_in, address(house)).status_code == 303
    assert leads(house) == ["community_leader"]


def test_the_case_says_that_the_account_of_whoever_leads_was_closed(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(LAMP)
    assert "账号已停用" not in main_of(leader.get(f"/staff/issues/{number}"))
    (lead,) = leads(house)
    account = Account.get(Account.username == lead)
    admin = house.staff("admin")
    admin.fill(f"/staff/accounts/{account.id}", {}, f"/staff/accounts/{account.id}/disable")
    shown = main_of(leader.get(f"/staff/issues/{number}"))
    assert f"主办 {account.display_name}（账号已停用）" in shown
    assert "换人办" in shown
