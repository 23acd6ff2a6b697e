"""The board: whose move is next, for whom it is listed, its counts, and what it costs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from msgspec.structs import replace
from peewee import ModelSelect

from forms_app import casework, queries
from forms_app.issues.access import HANDS, Actor, parts_of, visible_to
from forms_app.issues.awaited import WAITS, waits_of
from forms_app.issues.board_filters import BoardFilters, in_words, read
from forms_app.queries.board import COUNTED_OPEN, LIST_LENGTH, WATCHING
from forms_app.queries.whose_move import is_next
from forms_app.rules.move import When, Who
from forms_app.rules.steps import OPEN_STEPS, Part, Role, Step
from forms_app.rules.worktime import local_day, midnight
from forms_app.store.models import Issue, Party
from forms_app.store.prepared import _text, prepared
from tests.support.actors import (
    ADA,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    FRANK,
    HANDED_IN,
    NOW,
    SECOND,
    STAFF,
    STANDINGS,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    bring,
    issue,
    make,
)
from tests.support.boards import board, handed_in
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

LATER = NOW + timedelta(hours=12)  # every time to answer has passed


def listed(actor: Actor, address: str = "", now: Any = NOW) -> dict[str, list[str]]:
    """The numbers in each list."""
    shown = board(actor, address, now)
    return {part.name: [row.issue.number for row in part.rows] for part in shown.sections}


def waited_for(actor: Actor, number: str = FIRST, now: Any = NOW) -> list[str]:
    """What an issue waits for, as the board says it."""
    rows = [row for part in board(actor, "", now).sections for row in part.rows]
    row = next(row for row in rows if row.issue.number == number)
    return [f"{'、'.join(wait.names)}：{wait.move}" for wait in row.awaited]


# Whose move is next


def test_every_open_step_waits_for_somebody() -> None:
    assert {wait.step for wait in WAITS} == {*OPEN_STEPS, Step.MERGED}
    for wait in WAITS:
        # What was asked for is waited for of whoever was asked.
        is_asked = wait.move.awaited is When.REFERRED
        assert wait.who <= wait.move.who or is_asked


def expected(actor: Actor, found: Issue, now: Any) -> set[str]:
    """The moves that are waited for from this actor, by the rule and their parts."""
    silent = Party.select().where(
        Party.issue == found, Party.is_current, Party.answered_at.is_null()
    )
    parts: set[Who] = set(parts_of(actor, found))
    if not silent.where(Party.organization_id == actor.organization_id).exists():
        parts.discard(Part.PARTY)
    waits = waits_of(
        Step(found.step),
        found.severity_class,
        is_opined=found.opined_at is not None,
        is_unanswered=silent.exists(),
        is_reply_late=found.reply_by is not None and found.reply_by < now,
        ruling_between=found.ruling_between,
        is_referred=found.district_due_at is not None,
    )
    barred = HANDS.holds(actor, found)
    own = [wait for wait in waits if parts & wait.who]
    return {wait.move.name for wait in own if not (barred and wait.move.bars_hands)}


# As the board asks: a text is made once for each account.
@prepared
def _seen(actor: Actor) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).where(Issue.number == FIRST, visible_to(actor))


@prepared
def _next(actor: Actor, now: datetime) -> "ModelSelect[Issue]":
    return _seen.query(actor).where(is_next(actor, now))


@pytest.mark.parametrize(("step", "severity_class"), STANDINGS)
def test_the_lists_are_split_as_the_rule_says_at_every_standing(
    step: Step, severity_class: str | None
) -> None:
    found = bring(step, severity_class)
    for actor in STAFF.values():
        for now in (NOW, LATER):
            is_theirs = bool(_next.rows(actor, now))
            wanted = expected(actor, found, now) if _seen.rows(actor) else set()
            assert is_theirs == bool(wanted), actor.name
            if is_theirs and step is not Step.MERGED:
                # What is waited for can be done.
                assert wanted <= set(queries.case(actor, FIRST).moves), actor.name


@pytest.mark.parametrize(("step", "severity_class"), STANDINGS)
def test_a_case_waits_for_whom_its_row_on_the_board_waits_for(
    step: Step, severity_class: str | None
) -> None:
    bring(step, severity_class)
    seen = 0
    for actor in STAFF.values():
        for now in (NOW, LATER):
            case = queries.case(actor, FIRST, queries.Moment(CIRCLE.clocks, now))
            if case is None:
                continue
            awaited = queries.whom_it_waits_for(CIRCLE, case, now)
            rows = {
                row.issue.number: (part.name, row.awaited)
                for part in board(actor, "", now).sections
                for row in part.rows
            }
            if FIRST not in rows:  # what waits for nobody is on no board
                assert not awaited or actor.role is Role.SUPERVISOR, actor.name
                continue
            seen += 1
            name, on_board = rows[FIRST]
            assert awaited == tuple(replace(one, is_own=False) for one in on_board), actor.name
            own = queries.own_moves(actor, [case.issue.id], now).get(case.issue.id, frozenset())
            assert own <= {wait.name for wait in awaited}, actor.name
            assert {wait.name for wait in on_board if wait.is_own} == (
                own if name == "me" else set()
            )
            assert bool(own) == (name == "me") or actor.role in WATCHING, actor.name
    assert seen or step not in OPEN_STEPS


def test_what_is_given_to_somebody_who_left_is_their_leaders() -> None:
    bring(Step.HANDLING)
    assert FIRST in listed(WENDY)["me"]
    assert FIRST in listed(DAN)["others"]
    casework.disable_account("wendy", now=NOW)
    assert FIRST in listed(DAN)["me"]
    assert waited_for(DAN) == ["金桂社区：办结"]
    bring(Step.RESPONDING, "B", SECOND)
    make("answer", BOB, SECOND)
    Party.update(answered_at=NOW).execute()
    assert SECOND in listed(DAN)["me"]
    assert SECOND in listed(DORA)["others"]
    casework.disable_account("dan", now=NOW)
    assert SECOND in listed(DORA)["me"]
    assert waited_for(STELLA, SECOND) == ["金桂社区：制定方案"]


def test_a_new_issue_waits_for_its_community_then_for_its_leader() -> None:
    assert FIRST in listed(WENDY)["me"]
    assert FIRST in listed(DAN)["me"]
    assert waited_for(STELLA) == ["金桂社区：初步意见"]
    make("opine", WENDY)
    assert FIRST in listed(WENDY)["others"]
    assert FIRST in listed(DAN)["me"]
    assert waited_for(WENDY) == ["金桂社区：分类定级"]


def test_a_graded_issue_waits_for_the_level_that_its_class_calls_for() -> None:
    bring(Step.CLASSIFIED, "B")
    assert waited_for(STELLA) == ["金桂社区：号召"]
    assert FIRST in listed(DAN)["me"]
    bring(Step.CLASSIFIED, "A", SECOND)
    assert waited_for(DAN, SECOND) == ["示例街道：号召"]
    assert SECOND in listed(DAN)["others"]
    assert listed(STELLA)["me"] == [SECOND]


def test_a_summons_waits_for_each_party_that_is_silent_and_then_for_its_caller() -> None:
    bring(Step.RESPONDING, "B")
    assert waited_for(DAN) == ["城管局、消防大队：响应"]
    assert listed(BOB)["me"] == [FIRST]
    assert FIRST in listed(DAN)["others"]
    make("answer", BOB)
    assert waited_for(DAN) == ["消防大队：响应"]
    assert listed(BOB) == {"me": [], "others": [FIRST]}
    # Their time is up: the caller need not wait for them for ever.
    assert waited_for(DAN, now=LATER) == ["消防大队：响应", "dan：制定方案"]
    assert FIRST in listed(DAN, now=LATER)["me"]
    assert FIRST in listed(DORA, now=LATER)["others"]
    Party.update(answered_at=NOW).execute()
    assert waited_for(DORA) == ["dan：制定方案"]
    assert FIRST in listed(DAN)["me"]


def test_what_is_handled_waits_for_its_lead_by_name() -> None:
    bring(Step.HANDLING)
    assert waited_for(DAN) == ["wendy：办结"]
    bring(Step.HANDLING, "B", SECOND)
    assert waited_for(DAN, SECOND) == ["城管局：办结"]
    assert SECOND in listed(BOB)["me"]


def test_a_verdict_waits_for_the_resident_and_the_community_asks() -> None:
    bring(Step.EVALUATING)
    assert waited_for(STELLA) == ["反映人：评价"]
    assert FIRST in listed(WILL)["me"]
    assert FIRST in listed(STELLA)["others"]
    make("shelve", DAN)
    assert FIRST in listed(DAN)["others"]


# The lists of each role


def test_a_responder_reads_summonses_before_what_their_unit_leads() -> None:
    bring(Step.HANDLING, "B", FIRST)
    bring(Step.RESPONDING, "B", SECOND)
    make("correct", DAN, FIRST, field="urgency", new_value="1")
    later = NOW + timedelta(days=3)
    assert issue(FIRST).due_at < later
    Issue.update(reply_by=later).where(Issue.number == SECOND).execute()
    assert listed(BOB, now=NOW)["me"] == [SECOND, FIRST]


def parted(actor: Actor, now: datetime) -> list[tuple[str, list[str]]]:
    """The numbers of the first list by when they are due."""
    parts = board(actor, "", now).sections[0].parts(now)
    return [(due or "", [row.issue.number for row in rows]) for due, rows in parts]


def test_a_list_is_parted_by_when_its_rows_are_due() -> None:
    assert parted(DAN, NOW)[0][0] == ""  # all wait for a first answer
    tonight = midnight(local_day(NOW) + timedelta(days=1)).astimezone(UTC)
    ends = {FIRST: NOW - timedelta(minutes=1), SECOND: tonight, THIRD: tonight + timedelta(days=1)}
    for number, due_at in ends.items():
        bring(Step.CLASSIFIED, "C", number)
        Issue.update(due_at=due_at).where(Issue.number == number).execute()
    assert parted(DAN, NOW) == [
        ("answer", [HANDED_IN]),
        ("late", [FIRST]),
        ("today", [SECOND]),  # until 24:00
        ("later", [THIRD]),
    ]


def test_a_list_in_another_order_is_not_parted() -> None:
    bring(Step.HANDLING, "B", FIRST)
    bring(Step.RESPONDING, "B", SECOND)
    Issue.update(due_at=NOW - timedelta(days=1)).where(Issue.number == FIRST).execute()
    Issue.update(reply_by=NOW + timedelta(days=3)).where(Issue.number == SECOND).execute()
    assert parted(BOB, NOW) == [("", [SECOND, FIRST])]


def test_a_collector_sees_where_what_they_handed_in_stands() -> None:
    assert listed(COLIN) == {"handed_in": [HANDED_IN]}
    assert waited_for(COLIN, HANDED_IN) == ["金桂社区：初步意见"]
    assert board(COLIN).counts.of(is_mine=True) == 0


def test_a_supervisor_sees_what_is_overdue_and_who_is_silent_across_communities() -> None:
    bring(Step.RESPONDING, "B")
    later = NOW + timedelta(hours=12)
    shown = listed(SUNNY, now=later)
    assert set(shown["late"]) == {FIRST, SECOND, THIRD, HANDED_IN, ELSEWHERE}
    make("opine", FRANK, ELSEWHERE)
    make("answer", BOB)
    shown = listed(SUNNY, now=later)
    assert shown["in_time"] == [ELSEWHERE]
    assert board(SUNNY, now=later).silent == (("fire", 1),)
    assert board(SUNNY).silent == ()
    assert board(DAN, now=later).silent == ()


def test_nobody_sees_what_is_not_theirs_to_see() -> None:
    assert listed(ADA) == {"me": [], "others": []}
    assert listed(ERIN)["me"] == [ELSEWHERE]
    assert listed(CAROL) == {"me": [], "others": []}


def test_a_circle_without_an_issue_is_new_and_one_with_nothing_open_is_not() -> None:
    assert board(CAROL).is_new
    assert not board(ERIN).is_new
    Issue.update(step="closed").where(Issue.number == ELSEWHERE).execute()
    shown = board(ERIN)
    assert listed(ERIN) == {"me": [], "others": []}
    assert not shown.is_new


# Filters and counts


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ("", {FIRST, SECOND, THIRD, HANDED_IN, ELSEWHERE}),
        ("step=handling", {FIRST}),
        ("class=B", {SECOND}),
        ("class=C&urgency=2", {FIRST}),
        ("urgency=2", {FIRST, SECOND}),
        ("community=yinxing", {ELSEWHERE}),
        ("overdue=1", {SECOND, THIRD, HANDED_IN, ELSEWHERE}),
        ("overdue=1&step=collected&community=jingui", {THIRD, HANDED_IN}),
        ("waits=others&step=responding", {SECOND}),
        ("waits=me", set()),
    ],
)
def test_conditions_narrow_the_lists_together(address: str, numbers: set[str]) -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.RESPONDING, "B", SECOND)
    shown = board(STELLA, address, LATER)
    found = [row.issue.number for part in shown.sections for row in part.rows]
    assert set(found) == numbers
    assert sum(part.count for part in shown.sections) == len(found) == len(numbers)


def test_an_address_is_read_said_and_written_back_the_same() -> None:
    given = {"waits": "others", "step": "handling", "class": "B", "urgency": "2",
             "community": "jingui", "overdue": "1"}  # fmt: skip
    filters, refused = read(CIRCLE, given)
    assert refused == ()
    assert dict(part.split("=") for part in filters.address.split("&")) == given
    assert list(in_words(CIRCLE, filters).values()) == [
        "等别人", "步骤：办理中", "类：B类（较为复杂的问题）", "级：二级", "社区：金桂社区",
        "已超时",
    ]  # fmt: skip
    for name in given:
        rest = filters.without(name)
        assert name not in rest.address
        assert len(rest.conditions) == 5
    assert filters.with_waits("others").waits == ""
    assert filters.with_step("handling").shared.step == ""
    assert not filters.with_overdue().shared.overdue


def test_what_an_address_says_wrong_is_told_and_left_out() -> None:
    filters, refused = read(CIRCLE, {"waits": "x", "step": "x", "class": "D", "q": "灯", "x": "y"})
    assert filters == BoardFilters()
    assert [sentence.partition("没有")[0] for sentence in refused] == ["“步骤”", "“类”", "“等谁”"]


def copies(count: int, start: int = 0, **changed: Any) -> None:
    row = Issue.select().where(Issue.number == FIRST).dicts().get()
    del row["id"]
    rows = (
        {**row, "number": f"27{n:05}", "form_key_hash": f"copy {n}", **changed}
        for n in range(start, start + count)
    )
    for batch in zip(*[iter(rows)] * 100, strict=True):
        Issue.insert_many(batch).execute()


def test_a_list_is_cut_and_its_count_is_still_right() -> None:
    copies(300)
    shown = board(DAN)
    mine = shown.sections[0]
    assert (len(mine.rows), mine.is_cut, mine.count) == (LIST_LENGTH, True, 304)
    alone = board(DAN, "waits=me").sections[0]
    assert (len(alone.rows), alone.is_cut, alone.count) == (2 * LIST_LENGTH, True, 304)
    late = board(DAN, "overdue=1", LATER)
    assert late.sections[0].count == 304
    assert late.counts.of(is_late=False) == 0


@pytest.fixture
def count_up_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Lowers the number that is counted, which kept texts of statements hold."""

    def lower(most: int) -> None:
        # By name: the package's function hides its module.
        monkeypatch.setattr(import_module("forms_app.queries.board"), "COUNTED_OPEN", most)

    _text.cache_clear()
    yield lower
    _text.cache_clear()


def test_counting_ends_where_nobody_would_wait_for_it(count_up_to: Callable[[int], None]) -> None:
    assert COUNTED_OPEN > 999  # the most that is said
    count_up_to(100)
    copies(200)
    shown = board(DAN)
    assert shown.counts.is_cut
    assert shown.counts.of() == 100


def test_the_most_pressing_are_counted_and_what_is_behind_them_is_listed_too(
    count_up_to: Callable[[int], None],
) -> None:
    bring(Step.HANDLING, "C", FIRST)
    make("merge", DAN, THIRD, into=SECOND)
    whole = {name: board(DAN, name) for name in ("", "waits=me", "waits=others", "step=handling")}
    count_up_to(1)
    for name, uncut in whole.items():
        shown = board(DAN, name)
        assert (shown.counts.is_cut, shown.counts.of(), shown.counts.of(step="handling")) == (
            1,
            1,
            0,
        )
        for before, now in zip(uncut.sections, shown.sections, strict=True):
            assert [row.issue.number for row in now.rows] == [r.issue.number for r in before.rows]
            # Walked to their end, they are whole.
            assert (now.is_cut, now.is_least, now.count) == (False, False, before.count)


def test_a_units_board_is_the_same_begun_with_its_own_or_with_all_that_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with statements() as asked:
        assert board(CAROL).is_new
    assert len(asked) == 1
    bring(Step.RESPONDING, "B", FIRST)
    bring(Step.HANDLING, "B", SECOND)
    bring(Step.CLOSED, number=THIRD)
    few = [board(unit, name) for unit in (BOB, CAROL) for name in ("", "step=handling")]
    # What stands behind those that are counted, a unit is told where it asks for it alone.
    monkeypatch.setattr(import_module("forms_app.queries.board"), "COUNTED_OPEN", 1)
    (mine, others), (alone,) = (board(BOB, name).sections for name in ("", "waits=others"))
    assert [section.is_least for section in (mine, others, alone)] == [False, True, False]
    monkeypatch.setattr(import_module("forms_app.queries.board"), "COUNTED_OPEN", 1_000)
    monkeypatch.setattr(import_module("forms_app.queries.register"), "RARE", 0)
    many = [board(unit, name) for unit in (BOB, CAROL) for name in ("", "step=handling")]
    assert few == many
    assert any(section.rows for section in few[0].sections)


def test_more_rows_ask_no_more_questions() -> None:
    def boards() -> dict[str, tuple[int, int]]:
        """How many issues somebody's board counts, and how many questions it asks for them."""
        found = {}
        for name in ("dan", "wendy", "bob", "stella", "sunny", "colin"):
            with statements() as asked:
                shown = board(STAFF[name], now=LATER)
            found[name] = (shown.counts.of(), len(asked))
        return found

    handed_in(4, 0)
    few = boards()
    handed_in(28, 4)
    for name, (counted, asked) in boards().items():
        assert counted >= few[name][0] + 14, name
        assert asked == few[name][1] <= 9, name


def test_the_clocks_that_run_for_somebody_stand_apart_and_nowhere_twice() -> None:
    shown = board(DAN, "", NOW)
    numbers = [row.issue.number for row in shown.clocks]
    assert numbers == [FIRST, SECOND, THIRD, HANDED_IN]
    assert shown.sections[0].parts(NOW, len(numbers)) == []
    bring(Step.CLASSIFIED, "C", SECOND)
    shown = board(DAN, "", NOW)
    assert [row.issue.number for row in shown.clocks] == [FIRST, THIRD, HANDED_IN]
    rest = shown.sections[0].parts(NOW, len(shown.clocks))
    assert [row.issue.number for _, rows in rest for row in rows] == [SECOND]
    # Whoever only waits for others has none.
    assert board(STELLA, "", NOW).clocks == ()
