"""What people are shown: the queue, a case; and the proof of whole histories."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.issues.access import resident
from forms_app.issues.board_filters import BoardFilters
from forms_app.issues.register_filters import Filters
from forms_app.rules.clocks import first_of, running
from forms_app.rules.procedure import ProcedureError
from forms_app.rules.steps import Part, Step
from forms_app.store.models import Entry, Issue
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    ELSEWHERE,
    FIRST,
    HANDED_IN,
    IN_JINGUI,
    NOW,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    bring,
    dump,
    entries,
    issue,
    make,
    next_moment,
    open_rows,
)
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


# The queue


def test_the_queue_begins_with_initial_opinions_then_with_what_is_due_first() -> None:
    bring(Step.HANDLING, number=FIRST)  # due in seven days
    bring(Step.RESPONDING, "B", number=SECOND)  # to be answered in four hours
    make("opine", WENDY, THIRD)  # to be graded in a day
    make("correct", DAN, FIRST, field="urgency", new_value="1")  # now in two days
    assert [(row.issue.number, row.clock) for row in open_rows(SUNNY)] == [
        (HANDED_IN, "opinion"),
        (ELSEWHERE, "opinion"),
        (SECOND, "reply"),
        (THIRD, "grade"),
        (FIRST, "result"),
    ]


def test_what_has_no_clock_stands_last_in_its_part_of_the_queue() -> None:
    bring(Step.EVALUATING, number=SECOND)
    bring(Step.CLASSIFIED, number=THIRD)
    make("opine", WENDY, HANDED_IN)
    Issue.update(opinion_due_at=None).where(Issue.number == FIRST).execute()
    rows = open_rows(SUNNY)
    assert [(row.issue.number, row.clock) for row in rows] == [
        (ELSEWHERE, "opinion"),
        (FIRST, "opinion"),
        (HANDED_IN, "grade"),
        (THIRD, "result"),
        (SECOND, "verdict"),
    ]


def test_what_is_overdue_is_counted_to_the_second() -> None:
    bring(Step.HANDLING, number=FIRST)
    due_at = issue(FIRST).due_at
    others = Issue.update(step="closed").where(Issue.number != FIRST)
    others.execute()
    assert [row.is_overdue for row in open_rows(DAN, due_at)] == [False]
    late = open_rows(DAN, due_at + timedelta(seconds=1))
    assert [row.is_overdue for row in late] == [True]


def test_an_opinion_is_overdue_after_ten_minutes_and_never_once_it_was_given() -> None:
    later = NOW + timedelta(minutes=11)
    assert sum(row.is_overdue for row in open_rows(DAN, later)) == 4
    make("opine", WENDY, FIRST)
    assert sum(row.is_overdue for row in open_rows(DAN, later)) == 3


@pytest.mark.parametrize(
    "step", [Step.CLOSED, Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.SHELVED]
)
def test_the_queue_holds_what_is_open_and_nothing_else(step: Step) -> None:
    bring(step)
    shown = FIRST in {row.issue.number for row in open_rows(DAN, NOW)}
    assert shown == (step is Step.SHELVED)


def test_a_merged_issue_is_in_the_queue_while_its_resident_has_something_to_judge() -> None:
    def shown() -> bool:
        return FIRST in {row.issue.number for row in open_rows(DAN, NOW)}

    make("merge", DAN, FIRST, into=SECOND)
    bring(Step.HANDLING, number=SECOND)
    assert not shown()
    make("resolve", WENDY, SECOND)
    assert shown()
    make("evaluate", resident(SECOND), SECOND)
    assert shown()
    make("evaluate", ALICE, FIRST)
    assert issue(FIRST).step == "closed"
    assert not shown()


@pytest.mark.parametrize(
    ("step", "clock"),
    [
        (Step.COLLECTED, "opinion"),
        (Step.CLASSIFIED, "result"),
        (Step.RESPONDING, "reply"),
        (Step.HANDLING, "result"),
        (Step.REPORTED, "relay"),
        (Step.EVALUATING, "verdict"),
        (Step.SHELVED, "verdict"),
    ],
)
def test_every_open_step_has_its_clock(step: Step, clock: str) -> None:
    found = bring(step, "B")
    due = {
        "opinion": "opinion_due_at",
        "reply": "reply_by",
        "result": "due_at",
        "relay": "relay_due_at",
    }
    told = getattr(found, due[clock]) if clock in due else None
    first = first_of(running(found))
    assert first is not None
    assert (first.clock, first.ends_at) == (clock, told)


# A case


def test_a_case_has_its_rounds_newest_first_each_from_its_beginning() -> None:
    bring(Step.EVALUATING, "B")
    make("evaluate", ALICE, satisfaction=2, comment="又坏了。")
    make("opine", WENDY)
    case = queries.case(DAN, FIRST)
    told = [(r.round_no, [entry.move for entry in r.entries]) for r in case.rounds]
    assert told == [
        (2, ["opine"]),
        (1, ["submit", "classify", "summon", "answer", "plan", "resolve", "relay", "evaluate"]),
    ]


def test_a_case_shows_who_was_called_who_leads_and_who_assists() -> None:
    bring(Step.HANDLING, "B")
    case = queries.case(BOB, FIRST)
    assert [party.organization_id for party in case.parties] == ["city", "fire"]
    assert case.summons.asked == "请到现场会商。"
    assert [row.organization_id for row in case.leads] == ["city"]
    assert [row.organization_id for row in case.assists] == ["fire"]
    assert Part.LEAD in case.parts
    assert Part.PARTY in case.parts


def test_a_larger_case_asks_no_more_questions() -> None:
    bring(Step.HANDLING, "B", SECOND)
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "fire", "police", "station"])
    make("summon", DAN, parties=["city"])
    steps = [casework.PlannedMeasure("断电", "city"), casework.PlannedMeasure("换线", "fire")]
    make("plan", DAN, lead="city", assist=["fire", "police", "station"], measures=steps)
    case = queries.case(DAN, FIRST)
    make("progress", BOB, done=[measure.id for measure in case.measures])
    with statements() as few:
        queries.case(DAN, SECOND)
    with statements() as many:
        case = queries.case(DAN, FIRST)
    assert (len(case.parties), len(case.assists)) == (4, 3)
    assert all(measure.done_at is not None for measure in case.measures)
    assert len(many) == len(few) <= 12


def test_a_case_tells_whom_they_concern_that_there_are_contacts_and_nobody_which() -> None:
    bring(Step.RESPONDING, "B")
    Issue.update(reporter_name="爱丽丝", reporter_phone="0797-0000-199").execute()
    for actor, left in ((DAN, ("name", "phone")), (BOB, ()), (SUNNY, ()), (ALICE, ())):
        found = queries.case(actor, FIRST)
        assert found.left == left
        assert "爱丽丝" not in repr(found)
        assert "0797-0000-199" not in repr(found)


def test_contacts_themselves_are_asked_for_apart_and_only_by_whom_they_concern() -> None:
    bring(Step.RESPONDING, "B")
    Issue.update(reporter_name="爱丽丝", reporter_phone="0797-0000-199").execute()
    for actor in (DAN, ALICE):
        assert queries.contacts_of(actor, FIRST).phone == "0797-0000-199"
    for actor in (BOB, SUNNY):
        assert queries.contacts_of(actor, FIRST) is None


def test_a_case_in_a_new_round_shows_nobody_of_the_last() -> None:
    bring(Step.EVALUATING, "B")
    make("evaluate", ALICE, satisfaction=1, comment="又坏了。")
    case = queries.case(DAN, FIRST)
    assert (case.parties, case.summons, case.leads, case.assists) == ((), None, (), ())


def test_why_a_round_began_is_there_before_anybody_has_done_anything_in_it() -> None:
    bring(Step.EVALUATING)
    assert queries.case(DAN, FIRST).former is None
    for again in ("又坏了。", "还是坏的。"):
        make("evaluate", ALICE, satisfaction=1, comment=again)
        former = queries.case(DAN, FIRST).former
        assert former.why.note == again
        assert [entry.note for entry in former.tried] == ["已经修好"]
        bring(Step.EVALUATING)
        assert queries.case(DAN, FIRST).former == former


def test_moves_are_named_once_and_in_the_procedures_order() -> None:
    bring(Step.EVALUATING)
    at = queries.Moment(CIRCLE.clocks, next_moment(FIRST))
    beside = ("separate", "reply", "note", "urge", "reissue", "correct")
    assert queries.case(DAN, FIRST, at).moves == ("evaluate", "contact", "shelve", *beside)
    assert queries.case(ALICE, FIRST, at).moves == ("evaluate", "withdraw", "reply")
    assert queries.case(SUNNY, FIRST).moves == ("urge",)


def test_a_merged_residents_verdict_is_offered_when_casework_takes_it() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    assert queries.case(ALICE, FIRST).moves == ("withdraw", "reply")
    bring(Step.EVALUATING, number=SECOND)
    assert queries.case(ALICE, FIRST).moves == ("evaluate", "withdraw", "reply")
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="不行。")
    assert queries.case(ALICE, FIRST).moves == ("withdraw", "reply")


def test_a_case_shows_what_joined_it_and_what_became_of_the_one_it_follows() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    assert queries.case(ALICE, FIRST).outcome is None
    bring(Step.EVALUATING, number=SECOND)
    assert queries.case(ALICE, FIRST).outcome.words.id == entries(SECOND)[-1].id
    assert [row.number for row in queries.joined_to(queries.case(DAN, SECOND))] == [FIRST]
    assert queries.joined_to(queries.case(DAN, FIRST)) == ()


def test_the_newest_ratings_are_read_first() -> None:
    for n in range(3):
        casework.rate(CIRCLE, "service:meals", 5, f"{n}", form_key=f"form {n}", now=NOW)
    assert [rating.comment for rating in queries.ratings()] == ["2", "1", "0"]
    assert [rating.comment for rating in queries.ratings(1)] == ["2"]


def test_a_case_out_of_sight_is_none() -> None:
    assert queries.case(ADA, FIRST) is None
    assert queries.case(DAN, ELSEWHERE) is None
    assert queries.case(DAN, "269999") is None


def test_looking_changes_nothing() -> None:
    bring(Step.HANDLING, "B")
    before = dump()
    for actor in (DAN, BOB, STELLA, SUNNY, ALICE):
        queries.case(actor, FIRST)
        queries.board(CIRCLE, actor, NOW, BoardFilters())
        queries.wall(actor, list(CIRCLE.communities), NOW)
        queries.register(CIRCLE, actor, NOW, Filters())
    queries.tallies(CIRCLE, NOW)
    queries.broken_histories()
    assert dump() == before


# The histories


def told_everything() -> None:
    """Two rounds with every class, a merge, a withdrawal and a reopening."""
    bring(Step.HANDLING, "C", FIRST)
    make("escalate", DAN)
    make("correct", DAN, field="severity_class", new_value="A")
    make("summon", STELLA)
    make("plan", STELLA)
    make("explain", STELLA)
    make("evaluate", ALICE, satisfaction=1, comment="不行。")
    bring(Step.CLOSED, "B", SECOND)
    make("merge", DAN, THIRD, into=HANDED_IN)
    bring(Step.WITHDRAWN, "C", HANDED_IN)
    make("reopen", STELLA, HANDED_IN)


def test_whole_histories_are_retraced_to_where_their_issues_stand() -> None:
    told_everything()
    assert queries.broken_histories() == []
    assert queries.retrace(entries(FIRST)) == (Step.COLLECTED, 2, None)
    assert queries.retrace(entries(SECOND)) == (Step.CLOSED, 1, "B")


@pytest.mark.parametrize(
    "change",
    [
        {"move": "opine"},
        {"from_step": "collected"},
        {"to_step": "evaluating"},
        {"round_no": 2},
        {"to_round": 3},
        {"severity_class": "C"},
        {"satisfaction": 2},
        {"satisfaction": None},
    ],
)
def test_a_changed_entry_is_found(change: dict[str, object]) -> None:
    told_everything()
    closing = entries(SECOND)[-1]
    assert closing.to_step == "closed"
    Entry.update(change).where(Entry.id == closing.id).execute()
    assert queries.broken_histories() == [SECOND]


def test_a_dissatisfied_verdict_cannot_be_turned_into_a_satisfied_one() -> None:
    told_everything()
    verdict = entries(FIRST)[-1]
    Entry.update(satisfaction=5).where(Entry.id == verdict.id).execute()
    assert queries.broken_histories() == [FIRST]


@pytest.mark.parametrize("move", ["submit", "answer", "resolve", "evaluate"])
def test_a_missing_entry_is_found(move: str) -> None:
    told_everything()
    (missing,) = [entry for entry in entries(SECOND) if entry.move == move]
    missing.delete_instance()
    assert queries.broken_histories() == [SECOND]


@pytest.mark.parametrize("change", [{"step": "closed"}, {"round_no": 2}, {"severity_class": "A"}])
def test_an_issue_moved_behind_the_histories_back_is_found(change: dict[str, object]) -> None:
    Issue.update(change).where(Issue.number == THIRD).execute()
    assert queries.broken_histories() == [THIRD]


def test_an_issue_without_any_entry_is_found() -> None:
    Entry.delete().where(Entry.issue == issue(THIRD)).execute()
    assert queries.broken_histories() == [THIRD]
    with pytest.raises(ProcedureError):
        queries.retrace([])


def test_a_later_rule_about_satisfaction_breaks_no_history() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=3)
    strict = replace(CIRCLE, satisfied_levels=frozenset({5}))
    bring(Step.EVALUATING, number=SECOND)
    casework.evaluate(
        strict, resident(SECOND), SECOND, None, satisfaction=4, comment="一般。",
        now=NOW + timedelta(days=1),
    )  # fmt: skip
    assert issue(FIRST).step == "closed"
    assert issue(SECOND).step == "collected"
    assert queries.broken_histories() == []


def test_the_sight_of_the_list_is_the_sight_of_the_case() -> None:
    told_everything()
    for actor in (DAN, WENDY, BOB, STELLA, SUNNY, ADA, ALICE):
        listed = {row.issue.number for row in queries.register(CIRCLE, actor, NOW, Filters()).rows}
        opened = {n for n in (*IN_JINGUI, ELSEWHERE) if queries.case(actor, n) is not None}
        assert listed == opened
