"""What is told, to whom and under which number, once another issue goes on with the work."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import GoesOnElsewhere, NotAllowed
from forms_app.casework.reminders import due_clocks, still_runs
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, Reminder
from tests.support.actors import (
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    DAN,
    FIRST,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    account,
    bring,
    call,
    entries,
    issue,
    make,
    next_moment,
    open_district,
    seal_anew,
)
from tests.support.moves import assert_all_is_whole, last, leads, nothing_written, stands
from tests.support.taking_over import BEA, CLARA, follow, take_back

pytestmark = pytest.mark.usefixtures("database")


def test_a_form_of_the_old_number_says_where_it_goes_on_to_who_sees_both() -> None:
    follow(SECOND)
    bring(Step.RESPONDING, "B")
    seen = issue().version
    take_back()
    for move, actor in (("answer", BOB), ("plan", DAN), ("summon", DAN)):
        with nothing_written(GoesOnElsewhere):
            make(move, actor, version=seen)
    with pytest.raises(GoesOnElsewhere, match=SECOND):
        make("answer", BOB)
    with pytest.raises(NotAllowed):
        make("withdraw", ALICE)
    for actor in (BOB, DAN, STELLA, SUNNY):
        assert queries.case(actor, FIRST).number_after == SECOND
        assert queries.case(actor, SECOND).numbers_before == (FIRST,)
    for actor, number in ((ALICE, FIRST), (BEA, SECOND)):
        case = queries.case(actor, number)
        assert (case.number_after, case.numbers_before, case.before) == ("", (), ())
    with nothing_written():
        make("answer", CAROL)


def test_what_its_resident_said_and_who_they_are_stays_with_the_old_number() -> None:
    canary = "金丝雀"
    Issue.update(
        description=canary, location=canary, reporter_name=canary, reporter_phone="0797-1111-111",
        reporter_email="canary@example.org",
    ).where(Issue.number == FIRST).execute()  # fmt: skip
    seal_anew()
    follow(SECOND)
    make("ask", WENDY)
    make("reply", ALICE, addition=canary)
    make("classify", DAN, initial_opinion=f"{canary}您好，马上去看。")
    make("assign", DAN)
    take_back(reason=canary)
    assert canary not in str([one.__data__ for one in entries(SECOND)])
    assert canary not in str(issue(SECOND).__data__)
    assert canary not in str(queries.case(BEA, SECOND))
    own = queries.own(BEA, SECOND)
    assert canary not in str(own)
    assert queries.case(BEA, SECOND).question is None


def test_a_question_to_the_heirs_own_resident_waits_again() -> None:
    asked = make("ask", WENDY, SECOND)
    make("reply", BEA, SECOND, now=asked.made_at + timedelta(minutes=1))
    asked = make("ask", WENDY, SECOND)
    follow(SECOND)
    take_back()
    assert issue(SECOND).asked_since == asked.made_at
    assert queries.case(BEA, SECOND).question.note == "是哪一盏灯？"


def test_what_passes_by_itself_and_what_was_told_before_is_read_through_the_heir() -> None:
    follow(SECOND)
    follow(THIRD)
    bring(Step.REPORTED, "B")
    due_at = issue().relay_due_at
    take_back()
    assert queries.case(DAN, SECOND).result.note == "已经修好"
    assert casework.pass_results(CIRCLE, now=due_at + timedelta(minutes=1)) == 1
    assert stands(SECOND) == ("evaluating", 1, "B")
    assert "已经修好" in last(SECOND).resident_line
    for actor, number in ((BEA, SECOND), (CLARA, THIRD)):
        assert queries.case(actor, number).outcome.words.note == "已经修好"
    take_back(SECOND)
    assert queries.case(CLARA, THIRD).outcome.words.note == "已经修好"
    make("relay", DAN, THIRD, words="我们看过，修好了")  # once, as it passed by itself
    assert queries.case(CLARA, THIRD).outcome.words.note == "我们看过，修好了"
    with nothing_written():
        make("relay", DAN, THIRD)
    assert_all_is_whole()


def test_each_is_told_and_who_works_on_it_hears_under_which_number() -> None:
    Issue.update(reporter_email="x@example.org").execute()
    seal_anew()
    follow(SECOND)
    follow(THIRD)
    bring(Step.HANDLING, "B")
    Notice.delete().execute()
    take_back()
    told = Notice.select().where(Notice.kind == "resident")
    assert {(row.issue.number, row.event) for row in told} == {
        (SECOND, "take_over"), (THIRD, "follow_on"),
    }  # fmt: skip
    staff = Notice.select().where(Notice.kind == "account")
    assert {row.event for row in staff} == {"take_over"}
    assert {row.issue.number for row in staff} == {SECOND}
    assert {str(account("bob").id), str(account("dan").id)} <= {row.recipient for row in staff}
    assert {row.due_at for row in staff} == {issue(SECOND).due_at}
    assert [row.issue.number for row in Notice.select().where(Notice.kind == "group")] == [SECOND]


def test_no_clock_is_told_twice_and_what_is_on_its_way_still_arrives() -> None:
    open_district()
    follow(SECOND)
    bring(Step.HANDLING, "A")
    late = issue().due_at + timedelta(minutes=1)
    casework.remind(CIRCLE, now=late)
    assert Notice.select().where(Notice.event == "overdue_result").exists()
    call("withdraw", ALICE, issue(), late)
    assert [due.clock for due in due_clocks(CIRCLE, late, 10) if due.issue == issue(SECOND)] == []
    waiting = Notice.select().where(Notice.event == "overdue_result")
    assert {row.issue.number for row in waiting} == {SECOND}
    assert still_runs(issue(SECOND), "result", issue(SECOND).due_at)
    assert Reminder.select().where(Reminder.issue == issue(SECOND)).exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step.COLLECTED, "正在安排谁来办"),
        (Step.CLASSIFIED, "正在找人去办"),
        (Step.HANDLING, "有人在办了"),
        (Step.EVALUATING, "办好了，您看行不行？"),
        (Step.SHELVED, "早就有结果了，您看行不行？"),
    ],
)
def test_its_page_says_nothing_to_the_heirs_resident_that_only_the_other_was_told(
    step: Step, words: str
) -> None:
    follow(SECOND)
    if step is Step.COLLECTED:
        make("opine", WENDY)
    else:
        bring(step)
    take_back()
    assert queries.case(BEA, SECOND).stands == words


def test_a_resident_who_was_answered_before_still_reads_their_own_answer_and_when() -> None:
    bring(Step.CLASSIFIED, "B", SECOND)
    own = issue(SECOND)
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    assert issue(SECOND).opined_at == own.opined_at
    assert issue(SECOND).initial_opinion == own.initial_opinion
    assert_all_is_whole()


def test_whoever_has_it_in_hand_reads_what_was_promised_under_the_old_number() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    (held,) = queries.handover(CIRCLE, DAN, "wendy", next_moment(SECOND)).movable
    assert held.issue.number == SECOND
    assert [entry.move for entry in held.promises] == ["classify"]
    casework.hand_over(
        CIRCLE, DAN, giver="wendy", taker="will", reason="换岗。", now=next_moment(SECOND),
        issues={SECOND: issue(SECOND).version},
    )  # fmt: skip
    assert leads(SECOND) == [("lead", WILL.account_id, "")]
    assert_all_is_whole()
