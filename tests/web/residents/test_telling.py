"""How a resident is told: one line at the form, changeable on the issue's page."""

import pytest

from forms_app.store.models import Issue
from forms_app.store.notices import PhoneDuty
from tests.support.web import House, errors_on, form_on, main_of

PHONE = {"reporter_phone": "0797-0000-177"}
EMAIL = {"reporter_email": "luo@example.cn"}


def chosen(house: House, number: str) -> str:
    return house.issue(number).tell_by


@pytest.mark.parametrize(
    ("left", "tell_by"),
    [
        ({}, ""),
        (PHONE, "phone"),
        (PHONE | {"tell_by": "self"}, "self"),
        ({"reporter_phone": "不留"}, ""),
        (EMAIL, ""),  # nobody could ring, nor is there a mail server in this house
        ({"tell_by": "self"}, ""),
    ],
)
def test_a_way_is_kept_where_a_contact_was_left(
    house: House, left: dict[str, str], tell_by: str
) -> None:
    number, _ = house.visitor().report(**left)
    assert chosen(house, number) == tell_by


def test_only_ways_that_are_set_up_are_offered(house: House) -> None:
    form = form_on(house.visitor().get("/issues/new"), "/issues/new")
    assert form.options("tell_by") == ["phone", "self"]  # no mail server in this house
    refused = house.visitor().fill(
        "/issues/new", {"description": "灯不亮", "community_id": "jingui", "tell_by": "sms"}
    )
    assert set(errors_on(refused)) == {"tell_by"}


def test_a_form_of_before_is_taken_without_it(house: House) -> None:
    visitor = house.visitor()
    fields = form_on(visitor.get("/issues/new"), "/issues/new").filled(
        {"description": "灯不亮", "community_id": "jingui", "consent": "y", **PHONE}
    )
    fields.pop("tell_by")
    assert visitor.post("/issues/new", fields).status_code == 303
    assert Issue.select().order_by(Issue.id.desc()).first().tell_by == "phone"


def test_staff_ask_as_well(house: House) -> None:
    fields = {
        "channel": "phone", "description": "灯不亮", "consent": "y", "tell_by": "self", **PHONE,
    }  # fmt: skip
    assert house.staff("worker").fill("/staff/issues/new", fields).status_code == 200
    assert Issue.select().order_by(Issue.id.desc()).first().tell_by == "self"


def test_on_the_issue_s_page_it_is_changed_and_nobody_rings_any_more(house: House) -> None:
    visitor = house.visitor()
    number, _ = visitor.report(**PHONE)
    moved = house.staff("worker").move(number, "opine", {"initial_opinion": "下午去换。"})
    assert moved.status_code == 303
    # Opened before the answer came, the page is pressed afterwards.
    page = visitor.get(f"/issues/{number}")
    PhoneDuty.update(ended_at=None, ended_by="").execute()
    Issue.update(ring_since=house.now).where(Issue.number == number).execute()
    answer = visitor.submit(page, f"/issues/{number}/tell-by", {"tell_by": "self"})
    assert answer.status_code == 303
    assert chosen(house, number) == "self"
    assert PhoneDuty.get().ended_by == "over"
    assert "我自己看" in main_of(visitor.get(f"/issues/{number}"))


def test_who_left_nothing_is_asked_nothing(house: House) -> None:
    visitor = house.visitor()
    number, _ = visitor.report()
    assert f"/issues/{number}/tell-by" not in visitor.get(f"/issues/{number}").text
    fields = {"csrf_token": visitor.token(), "form_key": "k" * 32, "tell_by": "phone"}
    assert visitor.post(f"/issues/{number}/tell-by", fields).status_code == 422
    assert chosen(house, number) == ""


def test_a_stranger_changes_nothing(house: House) -> None:
    number, _ = house.visitor().report(**PHONE)
    other = house.visitor()
    fields = {"csrf_token": other.token(), "tell_by": "self"}
    assert other.post(f"/issues/{number}/tell-by", fields).status_code == 403
    assert chosen(house, number) == "phone"


@pytest.mark.parametrize(
    ("phone", "tell_by"), [("138 0000 0000", "sms"), ("0797-0000-177", None), ("", "")]
)
def test_where_there_are_text_messages_a_mobile_gets_them(
    house: House, phone: str, tell_by: str | None
) -> None:
    house.settings.sms_file.write_text("url: https://sms.example.cn/\n", encoding="utf-8")
    visitor = house.visitor()
    page = visitor.get("/issues/new?description=x")
    assert form_on(page, "/issues/new").options("tell_by") == ["phone", "sms", "self"]
    fields = {
        "description": "灯不亮", "community_id": "jingui", "consent": "y",
        "reporter_phone": phone, "tell_by": "sms",
    }  # fmt: skip
    answer = visitor.submit(page, "/issues/new", fields)
    assert answer.status_code == (422 if tell_by is None else 303)
    if tell_by is None:
        assert set(errors_on(answer)) == {"tell_by"}
        assert "灯不亮" in answer.text
    else:
        assert Issue.select().order_by(Issue.id.desc()).first().tell_by == tell_by
