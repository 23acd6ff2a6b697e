"""The table of moves against procedure.md, written out here once more by hand.

Every pair of step, person, class and move is gone through, so that a row too many in the code is
found as surely as a row too few. It must not take its expectations from the code's own table.
"""

from collections.abc import Iterable
from itertools import product
from string import Formatter
from typing import NamedTuple

import pytest
from msgspec.structs import astuple

from forms_app.rules.move import Move, Only, Who
from forms_app.rules.procedure import (
    FORMER_MOVES,
    MOVES,
    ProcedureError,
    after,
    find_move,
    moves_from,
    names_where,
)
from forms_app.rules.steps import (
    NEXT_CLASS,
    OPEN_STEPS,
    PART_LABELS,
    ROLE_LABELS,
    SATISFACTION,
    SEVERITY_CLASSES,
    STEPS,
    URGENCIES,
    Part,
    Role,
    Step,
    is_open,
)

EXPECTED_MOVES = """
move          | from                            | class | to          | who                  | needs
submit        | -                               | any   | collected   | resident intake      | description community_id channel
join          | collected                       | any   | merged      | reporter             | merged_into
opine         | collected                       | any   | stays       | worker community     | initial_opinion
settle        | collected                       | any   | evaluating  | worker community     | nature outcome
take_back     | evaluating                      | any   | ungraded    | community            | reason
take_back     | closed                          | any   | round+1     | community            | reason
classify      | collected                       | any   | classified  | community            | severity_class urgency initial_opinion
assign        | classified                      | C     | handling    | community            | lead
claim         | classified                      | C     | handling    | worker               |
summon        | classified                      | B     | responding  | community            | parties reply_by asked
summon        | classified                      | A     | responding  | street               | parties reply_by asked
answer        | responding                      | any   | stays       | party party_recorder | answer opinion
decline       | responding                      | any   | stays       | party party_recorder | reason whose
decline       | handling                        | any   | stays       | tasked task_recorder | reason whose
rule home     | responding handling             | B     | stays       | caller               | lead reason
rule units    | responding handling             | B     | stays       | street               | lead reason
rule declined | responding handling             | A     | stays       | street district_office | lead reason
plan          | responding                      | any   | handling    | caller               | plan lead assist
summon        | responding                      | any   | stays       | caller               | parties reply_by asked
replan        | handling                        | B A   | stays       | caller               | plan lead assist reason
progress      | handling                        | any   | stays       | lead assist caller   | note
extend first  | classified responding handling  | C B   | stays       | community street     | reason new_due_on
extend again  | classified responding handling  | C B   | stays       | street               | reason new_due_on
extend first  | classified responding handling  | A     | stays       | street               | reason new_due_on
extend again  | classified responding handling  | A     | stays       | district_office      | reason new_due_on
refer_up referable | responding handling        | A     | stays       | street               | reason request answer_by
take_up takeable | responding handling          | A     | stays       | district_office      | reason
resolve       | handling                        | C     | evaluating  | lead                 | result outcome
resolve own   | handling                        | B     | evaluating  | lead                 | result outcome
resolve unit  | handling                        | B     | reported    | lead lead_recorder   | result outcome
resolve       | handling                        | A     | reported    | lead lead_recorder   | result outcome
resolve       | reported                        | any   | stays       | lead                 | result outcome
relay         | reported                        | B     | evaluating  | caller worker system | words
relay         | reported                        | A     | evaluating  | caller system        | words
relay passed  | evaluating                      | any   | stays       | caller               | words
send_back     | reported                        | any   | handling    | caller               | missing
escalate      | handling                        | C     | classified+ | community street     | reason
escalate      | responding handling reported    | B     | classified+ | community street     | reason
explain       | responding handling reported    | A     | evaluating  | street district      | explanation review_on
review dated  | but-withdrawn                   | any   | stays       | street district_office | findings
evaluate yes  | evaluating shelved merged       | any   | closed      | resident staff       | satisfaction
evaluate no   | evaluating shelved merged       | any   | round+1     | resident staff       | satisfaction comment
contact       | open merged transferred         | any   | stays       | staff                | reached how
ring to_ring  | open merged transferred closed  | any   | stays       | staff                |
shelve        | evaluating                      | any   | shelved     | community            | attempts
transfer      | collected classified            | any   | transferred | community            | authority reason
merge         | before-report                   | any   | merged      | community            | merged_into
unmerge       | merged                          | any   | back        | community            |
set_aside burst | collected                     | any   | set_aside   | community street     | reason
restore       | set_aside                       | any   | collected   | worker community street |
insist        | set_aside                       | any   | collected   | resident             |
separate      | open                            | any   | stays       | community            | other
reopen        | transferred                     | any   | round+1     | street               | reason
reopen        | merged                          | any   | round+1     | community street joiner | reason
reopen        | withdrawn                       | any   | round+1     | street resident      | reason
reopen        | closed                          | any   | round+1     | community resident   | reason
undo          | closed                          | any   | evaluating  | resident             |
dispute       | closed                          | any   | round+1     | resident             |
better        | open merged transferred closed  | any   | stays       | staff resident       |
still         | closed                          | any   | round+1     | staff resident       |
still         | open merged transferred         | any   | stays       | staff resident       |
withdraw      | open                            | any   | withdrawn   | resident office      |
ask           | before-verdict                  | any   | stays       | worker community caller lead assist party | question
reply         | open merged                     | any   | stays       | staff resident reporter | addition
note          | everywhere                      | any   | stays       | staff responder      | note
urge          | collected evaluating            | any   | stays       | supervisor street caller | to text answer_by
urge          | at-work                         | C B   | stays       | supervisor street caller | to text answer_by
urge          | at-work                         | A     | stays       | supervisor caller district_office | to text answer_by
reissue       | everywhere                      | any   | stays       | staff                | identity
correct       | everywhere                      | any   | stays       | community street     | field new_value reason
"""  # noqa: E501 (a table is read across)

# What other files ask of a move by its name. `promises`: what the resident may count on from then
# on; `awaited`: as what it is waited for where it brings the issue on; `told`: which of the staff,
# and by which clock's deadline. A move that nobody asks anything of is not here.
EXPECTED_FACTS = """
move     | is            | stops         | promises       | awaited    | told
submit   |               |               |                |            | leaders workers : opinion
join     |               |               |                |            | leaders :
opine    |               | opinion       | words          | not_opined |
settle    | grades ends_handling hands_on | opinion grade | words |   |
take_back | begins_again |               |                |            | leaders workers : opinion
classify | grades        | opinion grade | deadline       | opined     | level : result
assign   | gives_work    |               |                | always     | leads : result
claim    | gives_work    |               |                |            |
summon   | gives_work    |               |                | always     | parties : reply
answer   |               | reply         |                | unanswered | caller : reply
decline  | not_mailed    | reply         |                |            | rulers : ruling
rule     | gives_work replaces | ruling  |                | declined_home | caller parties leads : result
plan     | gives_work    | reply         | words          | answered   | leads assistants : result
replan   | gives_work replaces | ruling  | words          |            | leads assistants : result
progress | hands_on      |               |                |            |
extend   |               |               | later_deadline |            | leads : result
refer_up |               |               |                | referred   | district : district
take_up  |               |               |                |            | subdistrict_leaders caller leads : result
resolve  | ends_handling hands_on | result        | words          | always     | caller leads assistants :
relay    | hands_on      | relay         | words          | always     | caller leads assistants :
send_back | gives_back   | relay         |                |            | caller leads assistants : result
escalate |               |               |                |            | leaders subdistrict_leaders : result
explain  | ends_handling hands_on | result        | words          |            |
review   |               | review        | words          |            |
evaluate |               | verdict       |                | always     | caller leads assistants :
contact  | is_internal   |               |                |            |
ring     | not_mailed    |               |                |            |
shelve   |               | verdict       |                |            |
transfer | leaves_alone  |               |                |            |
unmerge  | comes_back    |               |                |            |
insist   |               |               |                |            | leaders workers : opinion
separate | not_mailed    |               |                |            |
still    |               |               |                |            | leaders workers :
withdraw | leaves_alone  |               |                |            | leads parties :
reply    | not_mailed    |               |                |            | leaders workers caller leads :
note     | is_internal   |               |                |            |
urge     | not_mailed    |               |                |            | urged : urge
"""  # noqa: E501 (a table is read across)

CLASSES = (None, "C", "B", "A")
VERDICTS = (None, True, False)
# Whoever leads is of the community or of a unit; a result may have passed by itself, too.
WHAT_IS_SO = tuple(
    (hands, extended, *dated)
    for hands in (Only.OWN_HANDS, Only.UNITS_HANDS)
    for extended in (Only.NOT_EXTENDED, Only.EXTENDED_BELOW)
    for dated in (
        *((), (Only.PASSED,), (Only.UNDER_REVIEW,), (Only.PASSED, Only.UNDER_REVIEW)),
        (Only.DECLINED, Only.DECLINED_HOME),
        (Only.DECLINED, Only.DECLINED_UNITS, Only.UNDER_REVIEW),
        (Only.REFERABLE, Only.TAKEABLE, Only.TO_RING),
        (Only.IN_BURST,),
    )
)
PEOPLE: tuple[Who, ...] = (*Role, *Part)
SHORT_WORDS = {
    "-": (),
    "but-withdrawn": (
        *("collected", "classified", "responding", "handling", "reported", "evaluating"),
        *("closed", "shelved", "transferred", "merged"),
    ),
    "at-work": ("classified", "responding", "handling", "reported"),
    "before-report": ("collected", "classified", "responding", "handling"),
    "before-verdict": ("collected", "classified", "responding", "handling", "reported"),
    "open": (
        *("collected", "classified", "responding", "handling"),
        *("reported", "evaluating", "shelved"),
    ),
    "everywhere": (
        *("collected", "classified", "responding", "handling", "reported", "evaluating"),
        *("closed", "shelved", "transferred", "merged", "withdrawn", "set_aside"),
    ),
    "any": CLASSES,
    "community": ("community_leader",),
    "street": ("street_leader",),
    "staff": ("worker", "community_leader", "street_leader", "district_office"),
    "intake": ("collector", "worker", "community_leader", "street_leader"),
}
STEPS_BEFORE_AND_AFTER = (None, *Step)
PLACEHOLDERS = {
    *("note", "how_soon", "who_handles", "due_at"),
    *("parties", "reply_by", "organization", "lead", "review_on"),
    *("satisfaction_label", "authority", "field_label"),
    *("result_label", "office", "relayed_by", "district", "explained_by", "reviewed_by"),
}


class Row(NamedTuple):
    """What procedure.md says of one move, in its own words."""

    name: str
    satisfied: bool | None
    only: str | None
    from_steps: frozenset[str]
    classes: frozenset[str | None]
    to_step: str | None
    new_round: bool
    next_class: bool
    begins_again: bool
    who: frozenset[str]
    needs: tuple[str, ...]

    def applies(self, step: Step | None, severity_class: str | None) -> bool:
        if step is None:
            return not self.from_steps
        return step.value in self.from_steps and severity_class in self.classes

    def holds_where(self, so: Iterable[str]) -> bool:
        return self.only is None or self.only in so


def spelled_out(words: str) -> frozenset[str | None]:
    return frozenset(full for word in words.split() for full in SHORT_WORDS.get(word, (word,)))


def row(line: str) -> Row:
    move, from_steps, classes, to_step, who, needs = (cell.strip() for cell in line.split("|"))
    name, _, case = move.partition(" ")
    targets = {"stays": None, "back": None, "round+1": "collected", "classified+": "classified"}
    targets["ungraded"] = "collected"
    return Row(
        name,
        {"yes": True, "no": False}.get(case),
        {
            "own": "own_hands",
            "unit": "units_hands",
            "passed": "passed",
            "to_ring": "to_ring",
            "dated": "under_review",
            "first": "not_extended",
            "again": "extended_below",
            "home": "declined_home",
            "units": "declined_units",
            "declined": "declined",
            "referable": "referable",
            "takeable": "takeable",
            "burst": "in_burst",
        }.get(case),
        frozenset(word for word in spelled_out(from_steps) if word),
        spelled_out(classes),
        targets.get(to_step, to_step),
        to_step == "round+1",
        to_step == "classified+",
        to_step == "ungraded",
        frozenset(word for word in spelled_out(who) if word),
        tuple(needs.split()),
    )


EXPECTED = tuple(row(line) for line in EXPECTED_MOVES.strip().splitlines()[1:])
NAMES = sorted({expected.name for expected in EXPECTED})


def as_row(move: Move) -> Row:
    """The code's row in the same words, to be compared as a whole."""
    return Row(
        move.name,
        move.satisfied,
        move.only.value if move.only else None,
        frozenset(step.value for step in move.from_steps),
        frozenset(CLASSES if move.severity_classes is None else move.severity_classes),
        move.to_step.value if move.to_step else None,
        move.new_round,
        move.next_class,
        move.begins_again,
        frozenset(who.value for who in move.who),
        move.needs,
    )


def steps_reached(
    start: tuple[Step, str | None], moves: Iterable[Move] = MOVES
) -> set[tuple[Step, str | None]]:
    """Every step and class that an issue can come to; grading may give any class."""
    seen = {start}
    waiting = [start]
    while waiting:
        step, severity_class = waiting.pop()
        for move in moves:
            if not move.applies(step, severity_class):
                continue
            to_step, _, to_class = after(move, step, 1, severity_class)
            classes = SEVERITY_CLASSES if move.name == "classify" else (to_class,)
            found = {(to_step, cls) for cls in classes} - seen
            seen |= found
            waiting.extend(found)
    return seen


def possible_states() -> set[tuple[Step, str | None]]:
    return steps_reached((Step.COLLECTED, None))


def moves_of(who: Who) -> set[str]:
    return {
        move.name
        for step, severity_class in product(STEPS_BEFORE_AND_AFTER, CLASSES)
        for move in moves_from(step, who, severity_class)
    }


def texts_to_read() -> list[str]:
    return [
        *(text for facts in STEPS.values() for text in astuple(facts)),
        *(move.label for move in MOVES),
        *(move.resident_line for move in MOVES if not move.is_internal),
        *ROLE_LABELS.values(),
        *PART_LABELS.values(),
        *SEVERITY_CLASSES.values(),
        *URGENCIES.values(),
        *SATISFACTION.values(),
    ]


def test_the_table_is_procedure_md_row_by_row_and_in_its_order() -> None:
    assert [as_row(move) for move in MOVES] == list(EXPECTED)


def facts(name: str) -> str:
    """What the code's rows of this name say together, in the expected table's words."""
    rows = [move for move in MOVES if move.name == name]
    first = rows[0]
    told = first.telling
    flags = ("grades", "gives_work", "ends_handling", "hands_on", "gives_back", "leaves_alone")
    flags = (*flags, "begins_again", "is_internal", "replaces", "comes_back")
    cells = (
        " ".join([flag for flag in flags if getattr(first, flag)]
                 + ([] if first.is_mailed else ["not_mailed"])),
        " ".join(clock.value for clock in first.stops),
        first.promises.value if first.promises else "",
        next((move.awaited.value for move in rows if move.awaited), ""),
        f"{' '.join(hearer.value for hearer in told.hearers)} : "
        f"{told.clock.value if told.clock else ''}".strip() if told else "",
    )  # fmt: skip
    return " | ".join((name, *cells))


def test_what_other_files_ask_of_a_move_is_what_this_table_says() -> None:
    lines = EXPECTED_FACTS.strip().splitlines()[1:]
    expected = [" | ".join(cell.strip() for cell in line.split("|")) for line in lines]
    told = [facts(name) for name in dict.fromkeys(move.name for move in MOVES)]
    assert [line for line in told if line.partition(" ")[2].strip(" |")] == expected


def test_rows_of_one_name_agree_in_what_is_asked_of_the_name() -> None:
    """An entry keeps the name alone; only what a step or a verdict decides may differ."""
    asked = ("grades", "gives_work", "replaces", "ends_handling", "gives_back", "leaves_alone",
             "stops", "promises", "telling", "is_mailed", "next_class", "recap", "hands_on",
             "is_internal")  # fmt: skip
    for name in NAMES:
        rows = [[getattr(move, fact) for fact in asked] for move in MOVES if move.name == name]
        assert all(one == rows[0] for one in rows), name


def test_names_are_found_once_each_and_in_the_tables_order() -> None:
    assert names_where(lambda move: not move.from_steps) == ("submit",)
    assert names_where(lambda move: move.ends_handling) == ("settle", "resolve", "explain")
    assert names_where(lambda move: move.to_step is Step.MERGED) == ("join", "merge")
    assert names_where(lambda move: True) == tuple(dict.fromkeys(e.name for e in EXPECTED))  # noqa: ARG005


@pytest.mark.parametrize("step", STEPS_BEFORE_AND_AFTER)
def test_everybody_is_offered_exactly_what_the_table_says(step: Step | None) -> None:
    for who, severity_class, name in product(PEOPLE, CLASSES, NAMES):
        offered = [m for m in moves_from(step, who, severity_class) if m.name == name]
        expected = [
            e
            for e in EXPECTED
            if e.name == name and e.applies(step, severity_class) and who.value in e.who
        ]
        assert [as_row(m) for m in offered] == expected, (step, who, severity_class, name)


def test_the_words_of_the_expected_table_are_words_of_the_procedure() -> None:
    for expected in EXPECTED:
        assert expected.from_steps <= set(Step)
        assert expected.who <= set(PEOPLE)
        assert expected.to_step is None or expected.to_step in set(Step)


@pytest.mark.parametrize("step", STEPS_BEFORE_AND_AFTER)
def test_several_parts_offer_together_what_each_offers_alone_in_the_tables_order(
    step: Step | None,
) -> None:
    for one, other, severity_class in product(PEOPLE, PEOPLE, CLASSES):
        alone = {m for who in (one, other) for m in moves_from(step, who, severity_class)}
        together = moves_from(step, (one, other), severity_class)
        assert together == tuple(m for m in MOVES if m in alone)


def test_somebody_with_no_role_and_no_part_is_offered_nothing() -> None:
    for step, severity_class in product(STEPS_BEFORE_AND_AFTER, CLASSES):
        assert moves_from(step, (), severity_class) == ()


def test_no_role_has_the_name_of_a_part() -> None:
    assert {role.value for role in Role}.isdisjoint(part.value for part in Part)


def test_every_open_issue_can_still_be_closed() -> None:
    open_states = {state for state in possible_states() if is_open(state[0])}
    assert {step for step, _ in open_states} == set(OPEN_STEPS)
    for state in open_states:
        assert Step.CLOSED in {step for step, _ in steps_reached(state)}, state


def test_an_issue_that_left_the_way_can_come_back_and_be_closed() -> None:
    aside = {Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.SET_ASIDE}
    for state in possible_states():
        if state[0] in aside:
            assert Step.CLOSED in {step for step, _ in steps_reached(state)}, state


def test_every_step_can_be_reached() -> None:
    assert {step for step, _ in possible_states()} == set(Step)


def test_a_graded_step_is_never_reached_without_a_class() -> None:
    graded = {
        *(Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING, Step.REPORTED),
        *(Step.EVALUATING, Step.SHELVED),
    }
    # A verdict on what was merged before its grade may be undone: there it is judged ungraded.
    rows = [move for move in MOVES if move.name != "undo"]
    found = steps_reached((Step.COLLECTED, None), rows)
    assert not {(step, cls) for step, cls in found if step in graded and cls is None}


def test_a_summons_is_only_ever_for_class_b_and_a() -> None:
    responding = {cls for step, cls in possible_states() if step is Step.RESPONDING}
    assert responding == {"B", "A"}


def test_without_a_satisfied_verdict_nothing_ever_closes() -> None:
    others = [m for m in MOVES if not (m.name == "evaluate" and m.satisfied is True)]
    assert Step.CLOSED not in {s for s, _ in steps_reached((Step.COLLECTED, None), others)}
    assert [m.name for m in MOVES if m.to_step is Step.CLOSED] == ["evaluate"]


def test_a_dissatisfied_verdict_always_starts_the_next_round_ungraded() -> None:
    for step, severity_class in product((Step.EVALUATING, Step.SHELVED, Step.MERGED), CLASSES):
        move = find_move("evaluate", step, severity_class, satisfied=False)
        assert after(move, step, 4, severity_class) == (Step.COLLECTED, 5, None)


def test_a_satisfied_verdict_keeps_round_and_class() -> None:
    for step, severity_class in product((Step.EVALUATING, Step.SHELVED, Step.MERGED), CLASSES):
        move = find_move("evaluate", step, severity_class, satisfied=True)
        assert after(move, step, 4, severity_class) == (Step.CLOSED, 4, severity_class)


def test_only_a_verdict_and_a_reopening_start_a_round() -> None:
    assert {m.name for m in MOVES if m.new_round} == {
        *("evaluate", "reopen", "dispute", "take_back", "still"),
    }
    assert all(
        m.to_step is Step.COLLECTED and m.satisfied is not True for m in MOVES if m.new_round
    )


def test_a_reopened_issue_starts_the_next_round_ungraded() -> None:
    for step in (Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.CLOSED):
        assert after(find_move("reopen", step, "A"), step, 1, "A") == (Step.COLLECTED, 2, None)


def test_a_supervisor_urges_and_an_administrator_does_nothing() -> None:
    assert moves_of(Role.SUPERVISOR) == {"urge"}
    assert moves_of(Role.ADMIN) == moves_of(Role.EDITOR) == set()


def test_a_resident_reports_adds_judges_withdraws_and_begins_again() -> None:
    judging = {"evaluate", "undo", "dispute", "better", "still"}
    own = {"submit", "reply", "withdraw", "reopen", "insist"}
    assert moves_of(Role.RESIDENT) == own | judging


def test_a_resident_reopens_only_what_they_withdrew_and_what_came_back() -> None:
    steps = {
        step
        for step, severity_class in product(Step, CLASSES)
        if "reopen" in {m.name for m in moves_from(step, Role.RESIDENT, severity_class)}
    }
    assert steps == {Step.WITHDRAWN, Step.CLOSED}


def test_a_collector_only_hands_in() -> None:
    assert moves_of(Role.COLLECTOR) == {"submit"}


def test_a_responder_moves_only_what_they_have_a_part_in() -> None:
    assert moves_of(Role.RESPONDER) == {"note"}
    assert moves_of(Part.PARTY) == {"answer", "decline", "ask"}
    assert moves_of(Part.PARTY_RECORDER) == {"answer", "decline"}
    assert moves_of(Part.TASKED) == moves_of(Part.TASK_RECORDER) == {"decline"}
    assert moves_of(Part.ASSIST) == {"progress", "ask"}
    assert moves_of(Part.LEAD) == {"progress", "resolve", "ask"}
    assert moves_of(Part.LEAD_RECORDER) == {"resolve"}
    assert moves_of(Part.CALLER) == {
        *("rule", "plan", "replan", "summon", "progress", "relay", "send_back", "ask", "urge"),
    }


def test_the_system_hands_a_result_on_and_does_nothing_else() -> None:
    assert moves_of(Role.SYSTEM) == {"relay"}
    for severity_class in "BA":
        assert moves_from(Step.EVALUATING, Role.SYSTEM, severity_class) == ()


def test_only_a_units_result_waits_to_be_handed_on() -> None:
    for severity_class, only, step in (
        ("C", Only.OWN_HANDS, Step.EVALUATING), ("B", Only.OWN_HANDS, Step.EVALUATING),
        ("B", Only.UNITS_HANDS, Step.REPORTED), ("A", Only.OWN_HANDS, Step.REPORTED),
        ("A", Only.UNITS_HANDS, Step.REPORTED),
    ):  # fmt: skip
        assert find_move("resolve", Step.HANDLING, severity_class, so=(only,)).to_step is step
    assert {cls for step, cls in possible_states() if step is Step.REPORTED} == {"B", "A"}


def test_what_held_once_is_read_and_never_made() -> None:
    for former in FORMER_MOVES:
        assert former not in MOVES
        assert former.name in NAMES


@pytest.mark.parametrize("severity_class", CLASSES)
def test_only_who_judged_and_who_settled_leaves_closed_again(severity_class: str | None) -> None:
    leaving = {m.name: m for m in moves_from(Step.CLOSED, PEOPLE, severity_class) if m.to_step}
    assert set(leaving) == {"take_back", "reopen", "undo", "dispute", "still"}
    assert all(m.window is not None for m in leaving.values())
    undo = leaving.pop("undo")
    assert after(undo, Step.CLOSED, 3, severity_class) == (Step.EVALUATING, 3, severity_class)
    for move in leaving.values():
        assert after(move, Step.CLOSED, 3, severity_class) == (Step.COLLECTED, 4, None)


def test_a_correction_never_moves_an_issue() -> None:
    for step, severity_class in product(Step, CLASSES):
        move = find_move("correct", step, severity_class)
        assert after(move, step, 2, severity_class) == (step, 2, severity_class)


def test_escalation_goes_from_c_to_b_to_a_and_no_further() -> None:
    c_to_b = find_move("escalate", Step.HANDLING, "C")
    b_to_a = find_move("escalate", Step.HANDLING, "B")
    assert after(c_to_b, Step.HANDLING, 2, "C") == (Step.CLASSIFIED, 2, "B")
    assert after(b_to_a, Step.HANDLING, 2, "B") == (Step.CLASSIFIED, 2, "A")
    for severity_class in (None, "A"):
        with pytest.raises(ProcedureError):
            find_move("escalate", Step.HANDLING, severity_class)
    assert NEXT_CLASS == {"C": "B", "B": "A"}


def test_only_grading_escalation_and_beginning_again_change_the_class() -> None:
    for step, severity_class in product(Step, ("C", "B", "A")):
        for move in moves_from(step, PEOPLE, severity_class):
            if after(move, step, 1, severity_class)[2] != severity_class:
                begins = move.new_round or move.begins_again
                assert move.name in ("settle", "escalate") or begins


def test_a_class_b_problem_is_the_communitys_to_summon_and_a_class_a_the_streets() -> None:
    def callers(severity_class: str) -> frozenset[Who]:
        return find_move("summon", Step.CLASSIFIED, severity_class).who

    assert callers("B") == {Role.COMMUNITY_LEADER}
    assert callers("A") == {Role.SUBDISTRICT_LEADER}


def test_a_class_c_problem_is_nobodys_to_summon() -> None:
    with pytest.raises(ProcedureError):
        find_move("summon", Step.CLASSIFIED, "C")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_step_class_and_verdict_mean_one_row_or_none(name: str) -> None:
    for step, severity_class, satisfied, so in product(
        STEPS_BEFORE_AND_AFTER, CLASSES, VERDICTS, WHAT_IS_SO
    ):
        expected = [
            e
            for e in EXPECTED
            if e.name == name
            and e.applies(step, severity_class)
            and e.holds_where(so)
            and (e.satisfied is None or e.satisfied is satisfied)
        ]
        assert len(expected) <= 1
        if expected:
            assert as_row(find_move(name, step, severity_class, satisfied, so)) == expected[0]
        else:
            with pytest.raises(ProcedureError):
                find_move(name, step, severity_class, satisfied, so)


def test_a_verdict_that_says_neither_is_no_move() -> None:
    with pytest.raises(ProcedureError):
        find_move("evaluate", Step.EVALUATING, "C")


def test_a_move_that_does_not_exist_is_no_move() -> None:
    with pytest.raises(ProcedureError):
        find_move("close", Step.EVALUATING, "C")


def test_a_move_that_stays_leads_nowhere_before_there_is_an_issue() -> None:
    with pytest.raises(ProcedureError):
        after(find_move("correct", Step.COLLECTED), None, 1, None)


def test_a_new_issue_is_collected_in_its_first_round() -> None:
    submit = find_move("submit", None)
    assert after(submit, None, 1, None) == (Step.COLLECTED, 1, None)


def test_an_issue_is_open_until_closed_or_set_aside() -> None:
    assert {step for step in Step if not is_open(step)} == {
        Step.CLOSED,
        Step.TRANSFERRED,
        Step.MERGED,
        Step.WITHDRAWN,
        Step.SET_ASIDE,
    }


def test_a_resident_can_withdraw_at_every_open_step_and_no_other() -> None:
    for step in Step:
        names = {m.name for m in moves_from(step, Role.RESIDENT)}
        assert ("withdraw" in names) == is_open(step)


def test_every_step_role_part_and_move_has_its_chinese_name() -> None:
    assert set(STEPS) == set(Step)
    assert set(ROLE_LABELS) == set(Role)
    assert set(PART_LABELS) == set(Part)
    for text in texts_to_read():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text


def test_no_two_steps_and_no_two_people_are_called_the_same() -> None:
    assert len({facts.label for facts in STEPS.values()}) == len(Step)
    assert len({*ROLE_LABELS.values(), *PART_LABELS.values()}) == len(PEOPLE)


def test_there_are_three_classes_three_urgencies_and_five_levels_of_satisfaction() -> None:
    assert list(SEVERITY_CLASSES) == ["C", "B", "A"]
    assert sorted(URGENCIES) == [1, 2, 3]
    assert sorted(SATISFACTION) == [1, 2, 3, 4, 5]


def test_what_is_read_has_chinese_punctuation() -> None:
    for text in texts_to_read():
        assert not set(text) & set(",;:()!?"), text


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_residents_line_takes_only_values_that_an_entry_has(move: Move) -> None:
    fields = list(Formatter().parse(move.resident_line))
    names = {name for _, name, _, _ in fields if name is not None}
    assert names <= PLACEHOLDERS
    assert not any(spec or conversion for _, _, spec, conversion in fields)
    assert move.is_internal == (not move.resident_line)
    assert move.is_internal or move.resident_line.endswith(("。", "{note}"))


def test_every_value_that_is_known_stands_in_some_line() -> None:
    used = {name for move in MOVES for _, name, _, _ in Formatter().parse(move.resident_line)}
    assert used - {None} == PLACEHOLDERS
