"""A lost ticket: another one after asking who they are; the old one opens nothing any more."""

import re

import pytest

from forms_app.store.models import Issue
from tests.support.web import House, errors_on, main_of

FIELDS = {"description": "楼道灯不亮了", "community_id": "jingui", "consent": "y"}


def ticket_on(page: str) -> str:
    shown = re.sub(r"</?(?:span|wbr)[^>]*>", "", page)
    found = re.search(r'class="ticket"[^>]*>\s*([0-9A-Z-]+)', shown)
    assert found, page[-2000:]
    return found[1]


def reported(house: House) -> tuple[str, str]:
    """A new issue's number and its ticket."""
    resident = house.visitor()
    answer = resident.fill("/issues/new", FIELDS)
    return answer.location.rsplit("/", 1)[-1], ticket_on(resident.get(answer.location).text)


def reissued(house: House, name: str, number: str) -> str:
    staff = house.staff(name)
    answer = staff.move(number, "reissue", {"identity": "回拨了登记的电话"})
    assert answer.location == f"/staff/issues/{number}/ticket"
    page = staff.get(answer.location)
    assert staff.get(answer.location).status_code == 303  # shown once
    return ticket_on(page.text)


def opens(house: House, ticket: str) -> bool:
    return house.visitor().fill("/issues/", {"ticket": ticket}).status_code == 303


def handled(house: House, number: str) -> None:
    leader, worker = house.staff("community_leader"), house.staff("worker")
    graded = {"severity_class": "C", "urgency": "2", "initial_opinion": "去看。"}
    assert leader.move(number, "classify", graded).status_code == 303
    assert worker.move(number, "claim").status_code == 303
    assert worker.move(number, "resolve", {"outcome": "换好了。"}).status_code == 303


def judged(house: House, number: str) -> Issue:
    resident = house.holder(number)
    answer = resident.fill(
        f"/issues/{number}", {"satisfaction": "5"}, action=f"/issues/{number}/verdict"
    )
    assert answer.status_code == 303
    return house.issue(number)


def test_the_new_ticket_opens_the_issue_and_the_old_one_no_more(house: House) -> None:
    number, old = reported(house)
    new = reissued(house, "worker", number)
    assert new != old
    assert (opens(house, old), opens(house, new)) == (False, True)
    entry = house.entries(number)[-1]
    assert (entry.move, entry.note) == ("reissue", "回拨了登记的电话")
    told = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "查询码换成了新的" in told
    assert "回拨了登记的电话" not in told


def test_who_they_are_must_be_said(house: House) -> None:
    number, old = reported(house)
    assert house.staff("worker").move(number, "reissue", {"identity": " "}).status_code == 422
    assert opens(house, old)


def test_a_verdict_by_a_ticket_from_the_hands_that_did_the_work_is_marked(house: House) -> None:
    number, _ = reported(house)
    handled(house, number)
    reissued(house, "worker", number)
    assert judged(house, number).verdict_by == "staff"
    shown = main_of(house.staff("community_leader").get(f"/staff/issues/{number}"))
    assert "用经办人补发的查询码评的" in shown


@pytest.mark.parametrize(("who", "counts_as"), [("worker", "staff"), ("collector", "resident")])
def test_so_is_one_by_the_ticket_that_was_shown_when_the_report_was_written_down(
    house: House, who: str, counts_as: str
) -> None:
    told = {"description": "路灯罩子松了", "community_id": "jingui", "channel": "phone"}
    if who == "collector":
        told["channel"] = "grid_worker"
    answer = house.staff(who).fill("/staff/issues/new", told)
    assert answer.status_code == 200, errors_on(answer)
    number = house.number("路灯罩子松了")
    handled(house, number)
    assert judged(house, number).verdict_by == counts_as
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert ("办这件事的工作人员看过" in page) == (counts_as == "staff")
    assert ("这不是我的意思" in page) == (counts_as == "staff")
    # Whoever pressed it themselves is not told that somebody else has written it down.
    assert ("这个评价是您自己评的吗？" in page) == (counts_as == "staff")
    assert ("您的评价算工作人员代记的" in page) == (counts_as == "staff")
    assert "工作人员替您记的" not in page
    assert "工作人员代您记的" not in page


def test_a_verdict_by_a_ticket_from_a_colleague_is_the_residents_own(house: House) -> None:
    number, _ = reported(house)
    handled(house, number)
    reissued(house, "street_leader", number)
    assert judged(house, number).verdict_by == "resident"


def test_it_is_marked_too_where_the_work_came_after_the_ticket(house: House) -> None:
    number, _ = reported(house)
    reissued(house, "worker", number)
    handled(house, number)
    assert judged(house, number).verdict_by == "staff"
