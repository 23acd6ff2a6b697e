"""The figures that are published: counted right, small ones hidden, and never anybody's words."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from peewee import TextField

from forms_app import casework, queries
from forms_app.casework import Intake
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import resident
from forms_app.rules.steps import Step
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Entry, Issue, Rating, Seal
from forms_app.store.notices import Notice
from forms_app.store.tables import TABLES
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
    make,
    submit,
)
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


LATER = NOW + timedelta(days=40)  # when this month and the next are over
SPRING = NOW + timedelta(days=75)  # when the quarter is over, and a month more


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


def test_a_small_story_is_counted_as_by_hand() -> None:
    a_small_story()
    multiplied(10)
    told = figures(NOW + timedelta(days=8))
    assert told["made_at"] == "2026-12-01T01:00:00Z"
    assert told["smallest_shown"] == 5
    assert told["totals"] == {"received": 50, "finished": 20}
    assert told["by_month"] == [
        {"month": "2026-11", "received": 50, "finished": 20},
        {"month": "2026-12", "received": 0, "finished": None},
    ]
    # Of those at work all are late but none that was told: it is counted once, in this month.
    assert told["record"]["at_work"] == [
        {
            "month": "2026-11",
            "counted_on": "2026-12-01",
            "waiting": 20,
            "overdue": 10,
            "set_aside": 0,
        }
    ]
    rows = [row for row in figures(SPRING)["record"]["quarters"] if row.get("received")]
    assert [(row["by"], row["key"], row["received"], row["finished"]) for row in rows] == [
        ("community", "jingui", 40, 20), ("community", "yinxing", 10, 0),
        ("kind", "noise", 20, 20), ("kind", "", 30, 0),
    ]  # fmt: skip
    # Ten were not satisfied this month, and ten are satisfied in the next one.
    assert (told["verdicts"]["own"]["count"], told["verdicts"]["own"]["until"]) == (10, "2026-11")
    verdicts = figures(LATER)["verdicts"]
    assert verdicts["own"] == {
        "until": "2026-12", "count": 20, "satisfied": 10, "steps": [{
            "since": "2026-11", "until": "2026-12", "count": 20, "satisfied": 10,
            "levels": {"5": 0, "4": 10, "3": 0, "2": 0, "1": 10},
        }],
    }  # fmt: skip
    assert verdicts["entered"] == {"until": "", "count": 0, "satisfied": 0, "steps": []}


def test_an_empty_installation_has_figures_of_nothing() -> None:
    for rows in (Seal, Notice, Entry, Issue):
        rows.delete().execute()
    told = figures()
    assert set(told["totals"].values()) == {0}
    assert told["verdicts"]["own"]["count"] == 0
    assert (told["by_month"], told["ratings"]) == ([], [])


def test_a_month_is_the_month_in_china() -> None:
    Issue.update(received_at=datetime.fromisoformat("2026-11-30T16:00:00Z")).execute()
    told = figures(NOW + timedelta(days=8))["by_month"]
    assert [row["month"] for row in told if row["received"]] == ["2026-12"]


def test_five_are_shown_and_four_are_not() -> None:
    assert figures()["totals"]["received"] == 5
    elsewhere = Issue.get(Issue.number == ELSEWHERE)
    for rows in (Seal, Notice, Entry):
        rows.delete().where(rows.issue == elsewhere).execute()
    elsewhere.delete_instance()
    told = figures()
    assert told["by_month"] == [{"month": "2026-11", "received": None, "finished": None}]
    assert told["totals"]["received"] == 0  # what the months make that are shown


def test_a_lonely_gap_takes_another_with_it() -> None:
    for n in range(2):
        submit(f"more {n}")
    told = figures(SPRING)
    rows = {row["key"]: row.get("received") for row in told["record"]["quarters"]}
    # 6 in one and 1 in the other: the total of 7 would tell the 1.
    assert (rows["jingui"], rows["yinxing"]) == (None, None)
    assert told["totals"]["received"] == 7


def test_what_comes_in_today_is_told_as_a_number_alone() -> None:
    before = figures()
    submit("one more", community_id="yinxing")
    after = figures()
    assert (before["totals"].pop("received"), after["totals"].pop("received")) == (5, 6)
    assert (before["by_month"][0].pop("received"), after["by_month"][0].pop("received")) == (5, 6)
    assert after == before


def test_no_verdict_changes_anything_that_is_told_before_its_month_is_over() -> None:
    """Whoever compares the figures of one evening with those of the next learns of no verdict."""
    sums.recount()
    for number in (FIRST, SECOND, THIRD):
        bring(Step.EVALUATING, "C", number)
    before = figures()
    make("evaluate", ALICE, FIRST, satisfaction=5)
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="不行。")
    make("evaluate", DORA, THIRD, satisfaction=1, comment="还是不亮。")
    assert figures() == before
    make("opine", DAN, SECOND)  # what the second round brings is told of no more than the verdict
    make("classify", DAN, SECOND, initial_opinion="", severity_class="B")
    make("undo", ALICE, FIRST)
    casework.rate(CIRCLE, "service:meals", 1, "", form_key="key", now=NOW)
    assert figures() == before
    assert queries.sums_hold()


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
    told = figures(LATER)["verdicts"]
    # Nobody of ten said otherwise.
    assert (told["own"]["count"], told["own"]["satisfied"], told["own"]["steps"]) == (10, None, [])
    assert (told["entered"]["count"], told["entered"]["satisfied"]) == (30, 20)
    assert told["entered"]["steps"][0]["levels"] == {"5": 10, "4": 0, "3": 10, "2": 0, "1": 10}


def finished() -> int:
    return sums.kept()["finished", "2026-11 community jingui"]


def test_a_result_counts_when_it_is_told_and_no_more_when_it_is_taken_back() -> None:
    sums.recount()
    bring(Step.EVALUATING, "C", FIRST)
    assert finished() == 1
    submit("a call", WENDY, channel="phone", nature="inquiry",
           intake=Intake(opinion="周二开门。", settles=True))  # fmt: skip
    assert finished() == 2
    make("take_back", DAN, "260006", reason="还要看。")
    assert finished() == 1
    make("evaluate", ALICE, FIRST)
    assert finished() == 1
    assert queries.sums_hold()


def test_canaries_in_every_text_never_come_out() -> None:
    a_small_story()
    make("resolve", WENDY, HANDED_IN)
    make("evaluate", DORA, HANDED_IN)
    multiplied(10)
    for n in range(6):
        casework.rate(CIRCLE, "service:meals", 5, "好", form_key=f"form {n}", now=NOW)
    before = figures(LATER)
    # What the procedure itself reads, and what says which thing a rating is about: below.
    kept = {"step", "to_step", "move", "severity_class", "about", "actor_role", "way"}
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
    after = figures(LATER)
    assert "CANARY" not in json.dumps(after)
    for name in ("totals", "verdicts", "ratings"):
        assert after[name] == before[name]


def test_what_an_identifier_says_comes_out_only_if_the_circle_knows_it() -> None:
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="key", now=NOW)
    Rating.update(about="CANARY").execute()
    Issue.update(community_id="CANARY", category="CANARY", channel="CANARY").execute()
    told = figures(LATER)
    assert "CANARY" not in json.dumps(told)
    assert told["ratings"] == []


def test_only_named_figures_cross_to_the_site() -> None:
    a_small_story()
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="key", now=NOW)
    told = figures(LATER)
    assert list(told) == [
        "made_at", "smallest_shown", "totals", "verdicts", "by_month", "ratings",
        "entered_ratings", "bad_ratings", "record", "own_steps",
    ]  # fmt: skip
    names = {"month", "about", "until", "steps", "half_within", "quarter", "by", "key", "what"}
    names |= {"code", "told_on", "counted_on"}
    record = told["record"]
    assert list(record) == [
        "months", "quarters", "times", "arrivals", "asked", "unanswered", "at_work",
        "corrections",
    ]  # fmt: skip
    for rows in (*list(told.values())[4:-2], told["verdicts"].values(), *record.values()):
        for row in rows:
            assert all(
                isinstance(value, int | None) or column in names for column, value in row.items()
            )


def test_ratings_are_counted_by_what_they_are_about_and_when_their_month_is_over() -> None:
    for n in range(11):
        casework.rate(
            CIRCLE, "service:meals", 5 if n < 6 else 1, "", form_key=f"meals {n}", now=NOW
        )
    for n in range(4):
        casework.rate(CIRCLE, "venue:library", 5, "", form_key=f"library {n}", now=NOW)
    assert figures()["ratings"] == []
    assert [
        (row["about"], row["count"], row["satisfied"]) for row in figures(LATER)["ratings"]
    ] == [("service:meals", 11, 6), ("venue:library", None, None)]


def test_what_was_rated_left_the_circle_and_came_back_is_not_told_anew() -> None:
    for n in range(11):
        casework.rate(
            CIRCLE, "service:meals", 5 if n < 6 else 1, "", form_key=f"meals {n}", now=NOW
        )
    before = figures(LATER)
    gone = replace(CIRCLE, services={})
    without = json.loads(json.dumps(queries.tallies(gone, LATER, before)))
    # Entered meanwhile, of the month that was told: told anew, it would be the difference of one.
    casework.rate(CIRCLE, "service:meals", 5, "", form_key="one more", now=NOW)
    again = json.loads(json.dumps(queries.tallies(CIRCLE, LATER, without)))
    assert without["ratings"] == again["ratings"] == before["ratings"]


def test_an_opinion_is_on_time_by_the_clock_of_its_time_and_not_by_todays() -> None:
    make("opine", WENDY, now=NOW + timedelta(minutes=9))
    multiplied(6)
    (told,) = figures(LATER, replace(CIRCLE, clocks=Clocks(opinion_minutes=1)))["record"]["months"][
        :1
    ]
    assert (told["answered"], told["answered_on_time"]) == (6, 6)


def test_opinions_whose_working_days_were_unknown_are_neither_on_time_nor_late() -> None:
    make("opine", WENDY)
    multiplied(6)
    assert figures(LATER)["record"]["months"][0]["answered"] == 6
    Entry.update(opinion_due_at=None).execute()
    assert figures(LATER)["record"]["months"][0]["answered"] == 0


def test_what_is_overdue_is_counted_when_a_month_is_told_first() -> None:
    for number, leader in ((FIRST, DAN), (ELSEWHERE, ERIN)):
        make("classify", leader, number, urgency=1)
    multiplied(6)
    due_at = Issue.get(Issue.number == FIRST).due_at
    Issue.update(due_at=LATER).where(Issue.due_at == due_at).execute()
    assert [row["overdue"] for row in figures(LATER)["record"]["at_work"]] == [0]
    then = LATER + timedelta(seconds=1)
    late = figures(then)
    assert [row["overdue"] for row in late["record"]["at_work"]] == [12]
    again = json.loads(json.dumps(queries.tallies(CIRCLE, then + timedelta(days=1), late)))
    assert again["record"]["at_work"] == late["record"]["at_work"]


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
    assert sums.kept()[sums.RATING, "2026-11 4 service:meals"] == 1
    assert sums.kept()[sums.OWN, "2026-12 4"] == 1


def test_what_a_community_was_given_goes_with_an_issue_that_it_hands_on() -> None:
    sums.recount()
    make("opine", WENDY, FIRST)
    assert sums.kept()["answered", "2026-11 community jingui"] == 1
    make("correct", DAN, FIRST, field="community_id", new_value="yinxing")
    assert sums.kept()["answered", "2026-11 community jingui"] == 0
    assert sums.kept()["answered", "2026-11 community yinxing"] == 1
    assert queries.sums_hold()


def test_what_is_refused_counts_for_nothing() -> None:
    before = sums.kept()
    with pytest.raises(casework.CaseError):
        make("assign", DAN, FIRST)
    assert sums.kept() == before


def test_other_sums_than_a_recount_gives_are_found() -> None:
    sums.recount()
    sums.add(sums.rated("service:meals", 5, NOW))
    assert not queries.sums_hold()


def test_figures_ask_no_issue_and_no_entry_however_many_there_are() -> None:
    sums.recount()
    with statements() as asked:
        queries.tallies(CIRCLE, NOW)
    # One along an index of the year's bad ratings that led to work, one of the sums of its days.
    assert len(asked) == 5
    assert not [sql for sql in asked if '"entry"' in sql]
