"""An open page asks whether there is something new: cheaply, truly, and without leaving a trace."""

from dataclasses import replace

from forms_app.limits import TICKETS
from forms_app.store.models import Issue
from tests.support.web import House, Visitor, main_of

IN_HAND = "路灯杆歪了"  # a sample issue that two others follow


def tag_on(visitor: Visitor, number: str) -> str:
    """What the page of this issue knows of its own state."""
    return visitor.get(f"/issues/{number}").text.partition('data-news="')[2].partition('"')[0]


def asked(visitor: Visitor, number: str, tag: str) -> int:
    answer = visitor.get(f"/issues/{number}/news", headers={"If-None-Match": f'"{tag}"'})
    assert answer.data == b""
    assert "Set-Cookie" not in answer.headers
    return answer.status_code


def test_a_page_hears_of_an_answer_and_of_nothing_before(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    tag = tag_on(alice, number)
    assert asked(alice, number, tag) == 304
    house.staff("worker").move(number, "note", {"note": "先打个电话"})
    assert asked(alice, number, tag) == 304
    house.staff("worker").move(number, "opine", {"initial_opinion": "马上去看。"})
    assert asked(alice, number, tag) == 204
    page = main_of(alice.get(f"/issues/{number}"))
    assert "答复您了，正在安排谁来办" in page
    assert "马上给您答复" not in page
    assert "第一个答复" not in page
    assert "最晚明天上午告诉您谁来办" in page
    called = 'href="tel:07970000101"'
    shown = alice.get(f"/issues/{number}").text
    assert called in shown.partition("给您的答复")[2].partition("</section>")[0]
    tag = tag_on(alice, number)
    assert asked(alice, number, tag) == 304
    house.later(hours=24, seconds=1)
    assert asked(alice, number, tag) == 204
    late = alice.get(f"/issues/{number}").text
    assert "前告诉您谁来办，已经过了，街道看得到" in late
    # Who is asked to ring need not look for the number.
    assert called in late.partition("promise-late")[2].partition("</div>")[0]


def test_the_server_alone_says_that_a_moment_has_passed(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    page = alice.get(f"/issues/{number}")
    tag = tag_on(alice, number)
    assert "data-asks" in page.text
    assert "今天12:10前给您第一个答复" in page.text
    house.later(minutes=10)
    assert asked(alice, number, tag) == 304
    house.later(seconds=1)
    assert asked(alice, number, tag) == 204
    assert "说好今天12:10前答复您，已经过了" in alice.get(f"/issues/{number}").text


def test_a_page_left_open_over_midnight_says_another_day_and_tells_of_nothing(house: House) -> None:
    number = house.number(IN_HAND)
    holder = house.holder(number)
    tag = tag_on(holder, number)
    house.later(hours=14)
    assert asked(holder, number, tag) == 204
    tomorrow = tag_on(holder, number)
    assert tomorrow != tag
    assert tomorrow.partition(".")[2] == tag.partition(".")[2]  # nothing new to read


def test_a_follower_hears_what_becomes_of_the_other_issue(house: House) -> None:
    number = house.number(IN_HAND)
    follower = Issue.select().where(Issue.merged_into == house.issue(number)).first().number
    holder = house.holder(follower)
    tag = tag_on(holder, follower)
    assert asked(holder, follower, tag) == 304
    resolved = {"result": "done", "outcome": "扶正了。"}
    assert house.staff("worker").move(number, "resolve", resolved).status_code == 303
    assert asked(holder, follower, tag) == 204
    told = main_of(holder.get(f"/issues/{follower}"))
    assert "一起办的那件有结果了" in told
    # The result first, then what is asked about it, and the last of the four stages.
    assert told.index("扶正了。") < told.index("请您评价")
    assert "等您评 （当前）" in told


def test_who_holds_no_ticket_hears_nothing(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    tag = tag_on(alice, number)
    assert asked(house.visitor(), number, tag) == 403
    assert asked(house.visitor(), "299999", tag) == 403


def test_asking_counts_as_no_look_up(house: House) -> None:
    limited = House(replace(house.settings, has_limits=True), house.circle, house.now)
    alice = limited.visitor()
    number, ticket = alice.report()
    tag = tag_on(alice, number)
    for _ in range(3 * TICKETS.burst):
        assert asked(alice, number, tag) == 304
    assert alice.fill("/issues/", {"ticket": ticket}).status_code == 303
