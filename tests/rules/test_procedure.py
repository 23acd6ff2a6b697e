"""The table of moves against procedure.md, written out here once more by hand.

Every pair of step, person, class and move is gone through, so that a row too many in the code is
found as surely as a row too few. It must not take its expectations from the code's own table.
"""

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

import pytest

from forms_app.rules.move import Move, Only, Who
from forms_app.rules.procedure import (
    FORMER_MOVES,
    MOVES,
    ProcedureError,
    find_move,
    moves_from,
    names_where,
)
from forms_app.rules.steps import Part, Role, Step

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
transfer      | responding handling             | any   | transferred | caller               | authority reason
transfer      | merged                          | any   | transferred | system               | authority reason
here_again    | transferred                     | any   | stays       | system               |
merge         | before-report                   | any   | merged      | community            | merged_into
unmerge       | merged                          | any   | back        | community            |
set_aside burst | collected                     | any   | set_aside   | community street     | reason
restore       | set_aside                       | any   | collected   | worker community street |
insist        | set_aside                       | any   | collected   | resident             |
separate      | open                            | any   | stays       | community            | other
reopen        | transferred                     | any   | round+1     | street resident      | reason
reopen        | merged                          | any   | round+1     | community street joiner | reason
reopen        | withdrawn                       | any   | round+1     | street resident      | reason
reopen        | closed                          | any   | round+1     | community resident   | reason
undo          | closed                          | any   | evaluating  | resident             |
dispute       | closed                          | any   | round+1     | resident             |
better        | open merged transferred closed  | any   | stays       | staff resident       |
still         | closed                          | any   | round+1     | staff resident       |
still         | open merged transferred         | any   | stays       | staff resident       |
withdraw      | open merged                     | any   | withdrawn   | resident office      |
take_over     | merged                          | any   | there       | system               |
follow_on     | merged                          | any   | stays       | system               |
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
transfer |               |               |                |            | caller leads assistants parties :
here_again | asks_anew   |               |                |            |
unmerge  | comes_back    |               |                |            |
insist   |               |               |                |            | leaders workers : opinion
separate | not_mailed    |               |                |            |
still    |               |               |                |            | leaders workers :
withdraw | leaves_alone  |               |                |            | leads parties :
take_over | takes_over   |               |                |            | leaders caller leads assistants parties : result
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
    targets = {
        "stays": None,
        "back": None,
        "there": None,
        "round+1": "collected",
        "classified+": "classified",
    }
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


def test_the_table_is_procedure_md_row_by_row_and_in_its_order() -> None:
    assert [as_row(move) for move in MOVES] == list(EXPECTED)


def facts(name: str) -> str:
    """What the code's rows of this name say together, in the expected table's words."""
    rows = [move for move in MOVES if move.name == name]
    first = rows[0]
    told = first.telling
    flags = ("grades", "gives_work", "ends_handling", "hands_on", "gives_back", "leaves_alone")
    flags = (*flags, "begins_again", "is_internal", "replaces", "comes_back", "takes_over",
             "asks_anew")  # fmt: skip
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
             "is_internal", "asks_anew")  # fmt: skip
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


def test_what_held_once_is_read_and_never_made() -> None:
    for former in FORMER_MOVES:
        assert former not in MOVES
        assert former.name in NAMES


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
