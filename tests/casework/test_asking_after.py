"""Whoever reported a project's matter says whether it is better; nobody's answer is assumed."""

from datetime import datetime, timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotAllowed, NotPossible
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, PhoneDuty
from forms_app.store.projects import ProjectAsk
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    ERIN,
    FIRST,
    SECOND,
    STELLA,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    resident,
    submit,
)
from tests.support.asking import ask_after

pytestmark = pytest.mark.usefixtures("database")


def asked(step: Step = Step.CLOSED, number: str = FIRST) -> int:
    bring(step, "C", number)
    return ask_after(number, now=next_moment(number))


def answers(project: int) -> tuple[int, int, int, int]:
    """How many were asked, say better, say still so, have not said."""
    found = queries.answers_of(DAN, project)
    assert found is not None
    return found.asked, found.better, found.still, found.unanswered


def test_nobody_has_answered_before_they_do() -> None:
    project = asked()
    assert answers(project) == (1, 0, 0, 1)
    found = queries.answers_of(DAN, project)
    assert found is not None
    assert found.bounds is None
    assert [one.number for one in found.silent] == [FIRST]
    assert list(queries.broken_chains()) == []


def test_who_says_it_is_better_is_counted_and_may_say_otherwise() -> None:
    project = asked()
    make("better", ALICE)
    assert answers(project) == (1, 1, 0, 0)
    assert issue().step == Step.CLOSED
    with pytest.raises(AlreadyMade):
        make("better", ALICE)
    make("still", ALICE)
    assert answers(project) == (1, 0, 1, 0)
    assert (issue().step, issue().round_no) == (Step.COLLECTED, 2)
    assert list(queries.broken_chains()) == []


def test_what_is_still_so_begins_again_with_the_same_ticket_and_is_no_more_asked() -> None:
    project = asked()
    entry = make("still", ALICE)
    assert (entry.round_no, entry.to_round) == (1, 2)
    assert issue().opinion_due_at is not None
    with pytest.raises(NotAllowed):
        make("better", ALICE)
    found = queries.answers_of(DAN, project)
    assert found is not None
    assert [(one.number, one.goes_on) for one in found.still_open] == [(FIRST, True)]
    told = Notice.select().where(Notice.event == "new_round", Notice.kind == "account")
    assert told.exists()


@pytest.mark.parametrize("step", [Step.HANDLING, Step.EVALUATING, Step.SHELVED])
def test_what_is_in_hand_goes_on_and_its_community_hears(step: Step) -> None:
    project = asked(step)
    make("still", ALICE)
    assert (issue().step, issue().round_no) == (step, 1)
    assert answers(project) == (1, 0, 1, 0)
    assert Notice.select().where(Notice.event == "still", Notice.kind == "account").exists()
    make("better", ALICE)
    assert answers(project) == (1, 1, 0, 0)


def test_staff_write_down_what_they_heard_marked_so_and_the_resident_has_the_last_word() -> None:
    project = asked()
    make("better", STELLA)
    found = queries.answers_of(DAN, project)
    assert found is not None
    assert (found.better, found.better_entered) == (1, 1)
    assert entries()[-1].asked_how == "电话"
    make("better", ALICE)  # now it is their own
    found = queries.answers_of(DAN, project)
    assert found is not None
    assert (found.better, found.better_entered) == (1, 0)
    with pytest.raises(NotPossible):
        make("still", STELLA)
    assert issue().step == Step.CLOSED


def test_staff_say_when_and_how_they_asked() -> None:
    asked()
    for wrong in ({"asked_how": " "}, {"asked_at": None}):
        with pytest.raises(NotPossible):
            make("better", STELLA, **wrong)
    now = next_moment(FIRST)
    for at in (now + timedelta(hours=1), now - timedelta(days=9)):
        with pytest.raises(NotPossible):
            make("better", STELLA, now=now, asked_at=at)


def test_whoever_did_the_work_does_not_write_down_that_it_is_better() -> None:
    bring(Step.HANDLING)
    make("resolve", WENDY)
    make("evaluate", ALICE)
    ask_after(FIRST, now=next_moment(FIRST))
    with pytest.raises(NotAllowed):
        make("better", WENDY)
    make("still", WENDY)
    assert issue().round_no == 2


def test_the_question_ends_after_the_days_of_reopening() -> None:
    project = asked()
    at = issue().project_asked_at
    assert at is not None
    end: datetime = at + timedelta(days=CIRCLE.clocks.reopen_days)
    with pytest.raises(NotAllowed):
        make("still", ALICE, now=end + timedelta(seconds=1))
    make("still", ALICE, now=end)
    assert answers(project) == (1, 0, 1, 0)


def test_an_issue_closed_long_ago_begins_again_when_its_project_asks() -> None:
    bring(Step.CLOSED)
    late = next_moment(FIRST) + timedelta(days=200)
    with pytest.raises(NotAllowed):
        make("reopen", ALICE, now=late)
    ask_after(FIRST, now=late)
    make("still", ALICE, now=late + timedelta(hours=1))
    assert issue().step == Step.COLLECTED


def test_who_opens_it_again_in_their_own_words_has_answered() -> None:
    project = asked()
    make("reopen", ALICE, reason="灯又灭了")
    assert answers(project) == (1, 0, 1, 0)
    assert list(queries.broken_chains()) == []


def test_who_is_not_taken_where_it_was_sent_says_nothing_of_the_project() -> None:
    project = asked(Step.TRANSFERRED)
    make("reopen", ALICE, reason="那边说不归他们管，还是请你们办。")
    assert answers(project) == (1, 0, 0, 1)


def test_nobody_answers_who_was_not_asked_and_no_one_for_another() -> None:
    bring(Step.CLOSED)
    with pytest.raises(NotAllowed):
        make("better", ALICE)
    asked(number=SECOND)
    for other in (ERIN, resident(FIRST)):
        with pytest.raises(casework.CaseError):
            make("better", other, SECOND)


def test_who_took_their_issue_back_is_not_asked() -> None:
    make("withdraw", ALICE)
    project = ask_after(FIRST)
    assert queries.answers_of(DAN, project) is None
    assert issue().project_asked_at is None


@pytest.mark.parametrize("way", ["phone", "sms", "email", "self", "nothing"])
def test_everybody_is_asked_in_the_way_that_they_chose_and_once(way: str) -> None:
    contacts = {} if way == "nothing" else {
        "reporter_phone": "13800138000", "reporter_email": "a@example.com", "tell_by": way,
    }  # fmt: skip
    found = submit("told", **contacts)
    Issue.update(step=Step.CLOSED.value, closed_at=found.received_at).where(
        Issue.id == found.id
    ).execute()
    project = ask_after(found.number)
    told = {one.kind for one in Notice.select().where(Notice.event == "project")}
    rung = PhoneDuty.select().where(PhoneDuty.event == "project").exists()
    assert (told & {"sms"} == {"sms"}) == (way == "sms")
    assert rung == (way in ("phone", "email"))  # nobody has confirmed that address
    assert ("resident" in told) == (way in ("phone", "sms", "email"))
    # Whichever way it was, the page asks; who left nothing is among those who have not said.
    assert answers(project) == (1, 0, 0, 1)


def test_a_telephone_duty_ends_with_the_answer_that_was_heard() -> None:
    found = submit("told", reporter_phone="13800138000", tell_by="phone")
    ask_after(found.number)
    make("still", STELLA, found.number)
    assert PhoneDuty.get(PhoneDuty.event == "project").ended_by == "reached"
    assert issue(found.number).ring_since is None


def test_a_silent_change_of_an_answer_is_found() -> None:
    project = asked()
    make("better", ALICE)
    ProjectAsk.update(answer="still").execute()
    assert [(one.kind, one.what) for one in queries.broken_chains()] == [("project", str(project))]
