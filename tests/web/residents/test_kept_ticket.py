"""A browser asks whether its page of a ticket is still so: told at once, and never of another's."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from forms_app.store.models import Issue
from tests.support.web import House, Visitor

JUDGED = "楼上漏水"  # a sample issue that waits for its verdict
FOLLOWED = "路灯杆歪了"  # one in hand that two others follow


def again(visitor: Visitor, number: str, page: TestResponse) -> TestResponse:
    """The same page asked for as a browser does that kept it."""
    return visitor.get(f"/issues/{number}", headers={"If-None-Match": page.headers["ETag"]})


def settled(visitor: Visitor, number: str) -> TestResponse:
    """The page as it stays: the first one of a session gives it the token of its forms."""
    visitor.get(f"/issues/{number}")
    return visitor.get(f"/issues/{number}")


def test_a_page_that_is_still_so_is_not_sent_again(house: House) -> None:
    number = house.number(JUDGED)
    holder = house.holder(number)
    page = settled(holder, number)
    assert page.headers["Cache-Control"] == "private, no-cache"
    answer = again(holder, number, page)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == page.headers["ETag"]


def _verdict(holder: Visitor, number: str) -> None:
    fields = {"satisfaction": "2", "comment": "还在漏"}
    answer = holder.submit(holder.get(f"/issues/{number}"), f"/issues/{number}/verdict", fields)
    assert answer.status_code == 303
    holder.get(f"/issues/{number}")  # which says thank you once


CHANGES: dict[str, Callable[[House, Visitor, str], object]] = {
    "its own move": lambda _house, holder, number: _verdict(holder, number),
    "the language": lambda _house, holder, _number: holder.get("/language?to=en&back="),
    "the elder version": lambda _house, holder, _number: holder.get("/elder?on=1&back="),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_that_changed_is_sent(house: House, change: str) -> None:
    number = house.number(JUDGED)
    holder = house.holder(number)
    page = settled(holder, number)
    CHANGES[change](house, holder, number)
    assert again(holder, number, page).status_code == 200


def test_a_page_changes_with_those_who_follow_and_those_who_go_their_own_way(house: House) -> None:
    number = house.number(FOLLOWED)
    holder = house.holder(number)
    page = settled(holder, number)
    assert again(holder, number, page).status_code == 304
    follower = Issue.select().where(Issue.merged_into == house.issue(number)).first()
    their = house.holder(follower.number)
    theirs = settled(their, follower.number)
    assert "3户" in page.text
    their.fill(
        f"/issues/{follower.number}", {"reason": "不是同一件"}, f"/issues/{follower.number}/reopen"
    )
    answer = again(holder, number, page)
    assert answer.status_code == 200
    assert "2户" in answer.text
    assert again(their, follower.number, theirs).status_code == 200


def test_a_page_changes_with_the_issue_that_it_follows(house: House) -> None:
    number = house.number(FOLLOWED)
    follower = Issue.select().where(Issue.merged_into == house.issue(number)).first().number
    holder = house.holder(follower)
    page = settled(holder, follower)
    assert again(holder, follower, page).status_code == 304
    changes = {"note": "已经约了电工。"}
    assert house.staff("worker").move(number, "progress", changes).status_code == 303
    assert again(holder, follower, page).status_code == 200


def test_what_another_browser_kept_opens_nothing(house: House) -> None:
    number = house.number(JUDGED)
    page = settled(house.holder(number), number)
    assert again(house.visitor(), number, page).status_code == 403
    assert again(house.holder(house.number(FOLLOWED)), number, page).status_code == 403
    assert again(house.holder(number), number, page).status_code == 200


def test_whoever_leaves_takes_the_kept_pages_along(house: House) -> None:
    number = house.number(JUDGED)
    holder = house.holder(number)
    page = settled(holder, number)
    answer = holder.submit(holder.get("/issues/"), "/issues/leave")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert again(holder, number, page).status_code == 403


def test_nothing_is_kept_where_a_browser_would_not_hear_that_it_must_forget(house: House) -> None:
    number = house.number(JUDGED)
    holder = house.holder(number)
    page = holder.get(f"/issues/{number}", base_url="http://circle.example.cn/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.headers


def test_a_page_with_a_running_clock_or_an_offer_is_made_anew_each_time(house: House) -> None:
    visitor = house.visitor()
    number, _ = visitor.report()
    page = visitor.get(f"/issues/{number}")
    assert page.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.headers
