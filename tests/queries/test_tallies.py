"""The figures that are published: counted right, small ones hidden, and never anybody's words."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, product
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import TextField

from forms_app import casework, queries
from forms_app.casework import Intake
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import resident
from forms_app.queries.tallies import SMALLEST_SHOWN, _levels, _opinions, suppressed
from forms_app.rules.steps import Step
from forms_app.rules.worktime import Clocks
from forms_app.store.models import TABLES, Entry, Issue, Notice, Rating
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    THIRD,
    WENDY,
    bring,
    issue,
    make,
    submit,
)
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


def figures(now: datetime = NOW, circle: Circle = CIRCLE) -> dict[str, Any]:
    """As they are written: through JSON. Rows that were written here without casework count too."""
    sums.recount()
    return json.loads(json.dumps(queries.tallies(circle, now), ensure_ascii=False))


def multiplied(times: int) -> None:
    """Every issue and entry so many times over, so that a small story is large enough to show."""
    issues = list(Issue.select().order_by(Issue.id).dicts())
    entries = list(Entry.select().order_by(Entry.id).dicts())
    for time in range(1, times):
        for row in issues:
            again = {name: value for name, value in row.items() if name != "id"}
            again |= {"number": f"{time}{row['number']}", "form_key_hash": f"{time} {row['id']}"}
            issue_id = Issue.insert(again | {"merged_into": None}).execute()
            Entry.insert_many(
                {name: value for name, value in entry.items() if name != "id"} | {"issue": issue_id}
                for entry in entries
                if entry["issue"] == row["id"]
            ).execute()


def a_small_story() -> None:
    """One closed, one in its second round, one merged, one handled late, one not looked at."""
    Issue.update(category="noise").where(Issue.number.in_([FIRST, SECOND])).execute()
    sums.recount()
    make("opine", WENDY, FIRST, now=NOW + timedelta(minutes=10))  # just in time
    make("classify", DAN, FIRST, initial_opinion="", severity_class="C")
    make("assign", DAN, FIRST)
    make("resolve", WENDY, FIRST)
    make("evaluate", ALICE, FIRST, satisfaction=4, now=NOW + timedelta(days=9))  # in December
    make("opine", WENDY, SECOND, now=NOW + timedelta(minutes=10, seconds=1))  # a second too late
    bring_on(SECOND)
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="不行。")
    make("opine", DAN, SECOND)  # the second round's, in time
    make("merge", DAN, THIRD, into=HANDED_IN)
    bring(Step.HANDLING, "C", HANDED_IN)


def bring_on(number: str) -> None:
    make("classify", DAN, number, initial_opinion="", severity_class="B")
    make("summon", DAN, number)
    make("plan", DAN, number, lead="jingui", assist=[])
    make("resolve", WENDY, number)


def by(rows: list[dict[str, Any]], key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: {name: count for name, count in row.items() if name != key} for row in rows}


def test_a_small_story_is_counted_as_by_hand() -> None:
    a_small_story()
    multiplied(10)
    told = figures(NOW + timedelta(days=8))
    assert told["made_at"] == "2026-12-01T01:00:00Z"
    assert told["smallest_shown"] == 5
    assert told["totals"] == {
        "received": 50, "open": 30, "closed": 10, "opinions_given": 40, "opinions_on_time": 30,
        "verdicts": 20, "satisfied": 10, "entered_verdicts": 0, "entered_satisfied": 0,
    }  # fmt: skip
    assert told["by_month"] == [
        {"month": "2026-11", "received": 50, "closed": 0},
        {"month": "2026-12", "received": 0, "closed": 10},
    ]
    assert by(told["by_community"], "id") == {
        "jingui": {"received": 40, "open": 20, "closed": 10, "opinions_given": 40,
                   "opinions_on_time": 30, "overdue": 10},
        "yinxing": {"received": 10, "open": 10, "closed": 0, "opinions_given": 0,
                    "opinions_on_time": 0, "overdue": 0},
    }  # fmt: skip
    assert by(told["by_category"], "code") == {
        "noise": {"received": 20, "closed": 10},
        "rubbish": {"received": 0, "closed": 0},
        "": {"received": 30, "closed": 0},
    }
    assert by(told["by_class"], "severity_class") == {
        "C": {"received": 20}, "B": {"received": 10}, "A": {"received": 0},
    }  # fmt: skip
    assert by(told["by_satisfaction"], "level") == {
        5: {"count": 0, "entered": 0}, 4: {"count": 10, "entered": 0},
        3: {"count": 0, "entered": 0}, 2: {"count": 0, "entered": 0},
        1: {"count": 10, "entered": 0},
    }  # fmt: skip


def test_an_empty_installation_has_figures_of_nothing() -> None:
    for rows in (Notice, Entry, Issue):
        rows.delete().execute()
    told = figures()
    assert set(told["totals"].values()) == {0}
    assert (told["by_month"], told["ratings"]) == ([], [])


def test_a_month_is_the_month_in_china() -> None:
    Issue.update(received_at=datetime.fromisoformat("2026-11-30T16:00:00Z")).execute()
    assert [row["month"] for row in figures()["by_month"]] == ["2026-12"]


def test_five_are_shown_and_four_are_not() -> None:
    assert figures()["totals"]["received"] == 5
    elsewhere = Issue.get(Issue.number == ELSEWHERE)
    for rows in (Notice, Entry):
        rows.delete().where(rows.issue == elsewhere).execute()
    elsewhere.delete_instance()
    told = figures()
    assert told["totals"]["received"] is None
    assert told["totals"]["closed"] == 0


def test_a_lonely_gap_takes_the_next_smallest_with_it() -> None:
    for n in range(2):
        submit(f"more {n}")
    told = by(figures()["by_community"], "id")
    # 6 in one and 1 in the other: the total of 7 would tell the 1.
    assert told["jingui"]["received"] is None
    assert told["yinxing"]["received"] is None
    assert figures()["totals"]["received"] == 7


@given(st.dictionaries(st.integers(0, 20), st.integers(0, 12), max_size=8))
def test_no_list_shows_a_small_count_or_leaves_one_gap_that_its_total_fills(
    counts: dict[object, int],
) -> None:
    shown = suppressed(counts)
    assert set(shown) == set(counts)
    for key, count in shown.items():
        assert count in (None, counts[key])
        assert count is None or count == 0 or count >= SMALLEST_SHOWN
    gaps = [key for key, count in shown.items() if count is None]
    small = [key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN]
    assert set(small) <= set(gaps)
    assert all(counts[key] > 0 for key in gaps)
    assert len(gaps) <= len(small) + 1
    if not small:
        assert gaps == []
    if any(shown.values()):  # else there is nothing more to hide
        assert len(gaps) != 1
        assert gaps == [] or sum(counts[key] for key in gaps) > len(gaps)


@given(
    st.fixed_dictionaries({n: st.sampled_from([0, 1, 4, 5, 6, 9]) for n in range(1, 6)}),
    st.sampled_from([{3, 4, 5}, {4, 5}, {5}]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_sum_of_verdicts_tells_a_hidden_level(counts: dict[int, int], good: set[int]) -> None:
    told = figures_of_verdicts(replace(CIRCLE, satisfied_levels=frozenset(good)), counts)
    shown = {row["level"]: row["count"] for row in told["by_satisfaction"]}
    verdicts, satisfied = (told["totals"][name] for name in ("verdicts", "satisfied"))
    hidden = [level for level, count in shown.items() if count is None]
    if not any(shown.values()) or len(hidden) > 2:  # nothing more to hide; or too many to guess
        return
    fitting = [
        guess
        for numbers in product(range(1, 30), repeat=len(hidden))
        for guess in [shown | dict(zip(hidden, numbers, strict=True))]
        if verdicts in (None, sum(guess.values()))
        and satisfied in (None, sum(guess[level] for level in good))
    ]
    assert counts in fitting
    for level in hidden:
        assert len({guess[level] for guess in fitting}) > 1


def test_no_share_names_the_few_who_said_otherwise() -> None:
    """Every split of up to forty opinions: where few are on one side, nobody learns how few."""
    circle = replace(CIRCLE, satisfied_levels=frozenset({3, 4, 5}))
    told: dict[str, set[tuple[int, int]]] = {}
    for good, bad in product(range(41), repeat=2):
        if good + bad > 40:
            continue
        levels = {5: good, 4: 0, 3: 0, 2: 0, 1: bad}
        shown = repr((_opinions(good + bad, good), _levels(circle, levels)))
        told.setdefault(shown, set()).add((good, bad))
    for fitting in told.values():
        for side in (0, 1):
            numbers = {split[side] for split in fitting}
            assert len(numbers) > 1 or not 0 < min(numbers) < SMALLEST_SHOWN


def test_neither_part_tells_of_the_other_nor_the_closed_issues_of_both() -> None:
    """Every split of up to forty verdicts into satisfied and not, own and entered.

    How many issues stand closed is known too, and is at most how many were satisfied: of those some
    were opened again. What is told of two splits alike must not leave a small number only one way.
    """
    circle = replace(CIRCLE, satisfied_levels=frozenset({3, 4, 5}))
    most = 24  # of one part: more than hidden or told alone it could be taken for
    part: dict[str, list[tuple[int, int]]] = {}
    for good, bad in product(range(most + 1), repeat=2):
        if good + bad <= most:
            levels = {5: good, 4: 0, 3: 0, 2: 0, 1: bad}
            shown = repr((_opinions(good + bad, good), _levels(circle, levels)))
            part.setdefault(shown, []).append((good, bad))
    for own, entered in product(part.values(), repeat=2):
        splits = sorted(
            ((a + c, a, b, c, d) for (a, b), (c, d) in product(own, entered)), reverse=True
        )
        ranges: list[tuple[int, int]] = []
        for closed, fitting in groupby(splits, key=itemgetter(0)):
            for _, a, b, c, d in fitting:
                told = (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d)
                ranges = [
                    (min(least, now), max(greatest, now))
                    for (least, greatest), now in zip(
                        ranges or [(n, n) for n in told], told, strict=True
                    )
                ]
            for least, greatest in ranges:
                is_known = least == greatest
                assert not is_known or not 0 < least < SMALLEST_SHOWN, (closed, splits[0])


def verdicts_of_every_kind() -> None:
    """One of the resident's own; entered by a colleague who asked, given by a ticket from the hands
    that did the work, and written down at the desk: these count as entered.
    """
    sums.recount()
    for number in (FIRST, SECOND, THIRD):
        bring(Step.EVALUATING, "C", number)
    make("evaluate", ALICE, FIRST, satisfaction=4)
    make("evaluate", DORA, SECOND, satisfaction=1, comment="还是不亮。")
    make("reissue", WENDY, THIRD)
    make("evaluate", resident(THIRD), THIRD, satisfaction=5)
    answered = Intake(opinion="周二开门。", settles=True, verdict=3)
    submit("a call", WENDY, channel="phone", nature="inquiry", intake=answered)


def test_verdicts_that_staff_entered_are_counted_apart_from_the_residents_own() -> None:
    verdicts_of_every_kind()
    assert queries.sums_hold()
    multiplied(10)
    told = figures()
    assert {name: told["totals"][name] for name in list(told["totals"])[-4:]} == {
        "verdicts": 10, "satisfied": None, "entered_verdicts": 30, "entered_satisfied": 20,
    }  # fmt: skip
    levels = by(told["by_satisfaction"], "level")
    assert {level: row["entered"] for level, row in levels.items()} == {
        5: 10, 4: 0, 3: 10, 2: 0, 1: 10,
    }  # fmt: skip
    assert {row["count"] for row in levels.values()} == {None}  # nobody of ten said otherwise


def test_a_verdict_that_is_taken_back_leaves_its_month_as_it_leaves_the_closed() -> None:
    """Else the months would tell how many satisfied verdicts there are of both kinds."""
    sums.recount()
    bring(Step.EVALUATING, "C", FIRST)
    make("evaluate", ALICE, FIRST)
    assert sums.kept()["closed month", "2026-11"] == 1
    make("undo", ALICE, FIRST)
    assert sums.kept()["closed month", "2026-11"] == 0
    make("evaluate", ALICE, FIRST)
    assert sums.kept()["closed month", "2026-11"] == sums.kept()["closed", "jingui"] == 1
    assert sums.kept()[sums.OWN, "5"] == 2
    assert queries.sums_hold()


def figures_of_verdicts(circle: Circle, counts: dict[int, int]) -> dict[str, Any]:
    """The figures when so many verdicts of each level were given."""
    Entry.delete().where(Entry.satisfaction.is_null(False)).execute()
    (row,) = Entry.select().where(Entry.issue == issue()).dicts()
    verdict = {name: value for name, value in row.items() if name != "id"} | {"move": "evaluate"}
    rows = [verdict | {"satisfaction": level} for level, n in counts.items() for _ in range(n)]
    if rows:
        Entry.insert_many(rows).execute()
    return figures(circle=circle)


def test_canaries_in_every_text_never_come_out() -> None:
    a_small_story()
    make("resolve", WENDY, HANDED_IN)
    make("evaluate", DORA, HANDED_IN)
    multiplied(10)
    for n in range(6):
        casework.rate(CIRCLE, "service:meals", 5, "好", form_key=f"form {n}", now=NOW)
    before = figures()
    # What the procedure itself reads, and what says which thing a rating is about: below.
    kept = {"step", "to_step", "move", "severity_class", "about", "actor_role"}
    for table in TABLES:
        texts = [field.name for field in table._meta.sorted_fields if type(field) is TextField]
        for row in table.select(table.id):
            planted = {name: f"CANARY {row.id}" for name in texts if name not in kept}
            # Whether it says at all how a resident was asked, tells whose a verdict is.
            said = {name: planted.pop(name) for name in ("asked_how",) if name in planted}
            table.update(planted).where(table.id == row.id).execute()
            for name, canary in said.items():
                column = table._meta.fields[name]
                table.update({name: canary}).where(table.id == row.id, column != "").execute()
    after = figures()
    assert "CANARY" not in json.dumps(after)
    assert after["totals"] == before["totals"]
    assert after["ratings"] == before["ratings"]


def test_what_an_identifier_says_comes_out_only_if_the_circle_knows_it() -> None:
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="key", now=NOW)
    Rating.update(about="CANARY").execute()
    Issue.update(community_id="CANARY", category="CANARY", channel="CANARY").execute()
    told = figures()
    assert "CANARY" not in json.dumps(told)
    assert told["ratings"] == []


def test_only_named_figures_cross_to_the_site() -> None:
    a_small_story()
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="key", now=NOW)
    told = figures()
    assert list(told) == [
        "made_at", "smallest_shown", "totals", "by_month", "by_community", "by_category",
        "by_class", "by_satisfaction", "ratings",
    ]  # fmt: skip
    names = {"month", "id", "code", "severity_class", "about"}
    for name in list(told)[3:]:
        for row in told[name]:
            assert all(
                isinstance(value, int | None) or column in names for column, value in row.items()
            )


def test_ratings_are_counted_by_what_they_are_about() -> None:
    for n in range(11):
        casework.rate(
            CIRCLE, "service:meals", 5 if n < 6 else 1, "", form_key=f"meals {n}", now=NOW
        )
    for n in range(4):
        casework.rate(CIRCLE, "venue:library", 5, "", form_key=f"library {n}", now=NOW)
    assert figures()["ratings"] == [
        {"about": "service:meals", "count": 11, "satisfied": 6},
        {"about": "venue:library", "count": None, "satisfied": None},
    ]


def test_an_opinion_is_on_time_by_the_clock_of_its_time_and_not_by_todays() -> None:
    make("opine", WENDY, now=NOW + timedelta(minutes=9))
    multiplied(6)
    told = figures(circle=replace(CIRCLE, clocks=Clocks(opinion_minutes=1)))
    assert (told["totals"]["opinions_given"], told["totals"]["opinions_on_time"]) == (6, 6)


def test_opinions_whose_working_days_were_unknown_are_neither_on_time_nor_late() -> None:
    make("opine", WENDY)
    multiplied(6)
    assert figures()["totals"]["opinions_given"] == 6
    Entry.update(opinion_due_at=None).execute()
    assert figures()["totals"]["opinions_given"] == 0


def test_what_is_overdue_is_counted_by_community() -> None:
    for number, leader in ((FIRST, DAN), (ELSEWHERE, ERIN)):
        make("classify", leader, number, urgency=1)
    multiplied(6)
    due_at = Issue.get(Issue.number == FIRST).due_at
    assert {row["overdue"] for row in figures(due_at)["by_community"]} == {0}
    late = by(figures(due_at + timedelta(seconds=1))["by_community"], "id")
    assert (late["jingui"]["overdue"], late["yinxing"]["overdue"]) == (6, 6)


# The kept sums


def told_over_again() -> None:
    """What the small story leaves out: a withdrawal, a correction of place and kind, a rating."""
    a_small_story()
    make("withdraw", resident(ELSEWHERE), ELSEWHERE)
    make("reopen", resident(ELSEWHERE), ELSEWHERE)
    make("correct", DAN, HANDED_IN, field="category", new_value="rubbish")
    casework.rate(CIRCLE, "service:meals", 4, "", form_key="a rating", now=NOW)
    casework.rate(CIRCLE, "service:meals", 4, "", form_key="a rating", now=NOW)


def test_the_sums_that_moves_kept_are_those_of_a_full_recount() -> None:
    assert queries.sums_hold()
    told_over_again()
    assert sums.kept() == sums.recounted()
    assert sums.kept()["rating", "4 service:meals"] == 1
    assert sums.kept()["closed month", "2026-12"] == 1


def test_what_a_community_was_given_goes_with_an_issue_that_it_hands_on() -> None:
    sums.recount()
    make("opine", WENDY, FIRST)
    assert sums.kept()["opinion", "jingui"] == 1
    make("correct", DAN, FIRST, field="community_id", new_value="yinxing")
    assert sums.kept()["opinion", "jingui"] == 0
    assert sums.kept()["opinion", "yinxing"] == 1
    assert queries.sums_hold()


def test_what_is_refused_counts_for_nothing() -> None:
    before = sums.kept()
    with pytest.raises(casework.CaseError):
        make("assign", DAN, FIRST)
    assert sums.kept() == before


def test_other_sums_than_a_recount_gives_are_found() -> None:
    sums.recount()
    sums.add(sums.rated("service:meals", 5))
    assert not queries.sums_hold()


def test_figures_ask_no_issue_and_no_entry_however_many_there_are() -> None:
    sums.recount()
    with statements() as asked:
        queries.tallies(CIRCLE, NOW)
    assert len(asked) == 3
    assert not [sql for sql in asked if '"entry"' in sql]
