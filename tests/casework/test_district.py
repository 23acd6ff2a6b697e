"""The level above all sub-districts: asked by one, or where a deadline has passed."""

from datetime import timedelta

import peewee
import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.issues.board_filters import BoardFilters
from forms_app.rules.steps import Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Urge
from forms_app.store.notices import Notice, Reminder
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    RUTH,
    SECOND,
    STELLA,
    STEVE,
    SUNNY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    open_district,
    submit,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def offered(actor: Actor, number: str = FIRST) -> tuple[str, ...]:
    case = queries.case(actor, number)
    return () if case is None else case.moves


def told(event: str) -> set[int]:
    rows = Notice.select().where(Notice.event == event, Notice.kind == "account")
    return {int(row.recipient) for row in rows}


def late(number: str = FIRST) -> None:
    """The issue's deadline passes, and the staff are told."""
    found = issue(number)
    casework.remind(CIRCLE, now=found.due_at + timedelta(minutes=1))


def test_nobody_is_asked_where_the_district_has_no_account() -> None:
    bring(Step.HANDLING, "A")
    assert "refer_up" not in offered(STELLA)
    with nothing_written(casework.NotAllowed):
        make("refer_up", STELLA)
    open_district()
    assert "refer_up" in offered(STELLA)
    casework.disable_account("ruth", now=NOW)
    assert "refer_up" not in offered(STELLA)


def test_what_is_referred_up_is_the_districts_too() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    assert queries.case(RUTH, FIRST) is None
    entry = make("refer_up", STELLA)
    assert entry.resident_line == "街道请了区里的改革领导小组办公室一起想办法。"
    assert "请牵头开一次会" in entry.note
    assert told("refer_up") == {RUTH.account_id}
    assert issue().caller.id == STELLA.account_id
    assert {"plan", "replan", "progress", "explain", "urge", "ask"} - {*offered(RUTH)} == {"plan"}
    assert {"replan", "explain"} <= {*offered(STELLA)}
    # It is asked once, until it has answered.
    assert "refer_up" not in offered(STELLA)
    make("progress", RUTH, note="下周一开会。")
    assert issue().district_due_at is None
    assert last().stood_in_for == ""
    assert "refer_up" in offered(STELLA)


def test_the_districts_answer_has_a_clock_of_its_own() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    entry = make("refer_up", STELLA)
    due_at = issue().district_due_at
    assert entry.new_value == due_at.isoformat()
    mine = queries.board(CIRCLE, RUTH, entry.made_at, BoardFilters()).sections[0]
    (row,) = mine.rows
    assert (mine.name, row.clock, row.waits_for) == ("me", "district", "等区里答复")
    assert ("答复提级协调", ("改革领导小组办公室",)) in [(a.move, a.names) for a in row.awaited]
    make("note", RUTH)  # no word to anybody
    assert issue().district_due_at == due_at
    casework.remind(CIRCLE, now=due_at + timedelta(minutes=1))
    assert told("overdue_district") >= {RUTH.account_id, SUNNY.account_id, STELLA.account_id}
    make("summon" if issue().step == "responding" else "urge", RUTH, now=due_at)
    assert issue().district_due_at is None


def test_what_is_over_needs_no_answer_and_is_seen_for_good() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    make("explain", STELLA)
    assert issue().district_due_at is None
    assert queries.case(RUTH, FIRST) is not None
    make("evaluate", ALICE, satisfaction=1, comment="没有用。")
    assert stands() == ("collected", 2, None)
    # Another round is the community's again, and the district looks on.
    assert queries.case(RUTH, FIRST) is not None
    assert not {"classify", "opine", "progress"} & {*offered(RUTH)}
    make("classify", DAN, severity_class="A")
    make("summon", STELLA)
    assert "plan" not in offered(RUTH)


def test_the_district_explains_in_its_own_name_where_it_is_caller() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    make("explain", RUTH)
    assert last().resident_line.startswith("目前未能解决，区里说明：")
    assert last().stood_in_for == ""
    make("review", RUTH)
    assert last().resident_line.startswith("区里再次研究：")


def test_a_merge_that_is_taken_back_takes_the_districts_clock_up_again() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    due_at = issue().district_due_at
    make("merge", DAN, into=SECOND)
    make("unmerge", DAN)
    assert issue().district_due_at == due_at


def test_a_late_major_issue_is_seen_and_may_be_taken_up() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    bring(Step.HANDLING, "B", SECOND)
    late()
    late(SECOND)
    assert RUTH.account_id in told("overdue_result")
    assert queries.case(RUTH, SECOND) is None  # the sub-district is above it
    assert {"take_up", "urge"} <= {*offered(RUTH)}
    assert not {"progress", "explain", "replan"} & {*offered(RUTH)}
    make("urge", RUTH)
    assert Urge.get().who != "district_office"
    entry = make("take_up", RUTH)
    assert "已经直接过问" in entry.resident_line
    assert told("take_up") >= {STELLA.account_id, STEVE.account_id, BOB.account_id}
    assert {"progress", "explain", "replan"} <= {*offered(RUTH)}
    assert "take_up" not in offered(RUTH)
    assert issue().caller.id == STELLA.account_id
    assert queries.retrace(entries()) == (Step.HANDLING, 1, "A")


def test_a_major_issue_that_is_nearly_late_is_not_yet_the_districts() -> None:
    open_district()
    found = bring(Step.HANDLING, "A")
    casework.remind(CIRCLE, now=found.due_at - timedelta(hours=1))
    assert Reminder.select().where(Reminder.due_at == found.due_at).exists()
    assert queries.case(RUTH, FIRST) is None
    late()
    assert queries.case(RUTH, FIRST) is not None


def test_a_later_deadline_ends_what_the_district_saw() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    late()
    assert queries.case(RUTH, FIRST) is not None
    make("extend", STELLA, now=issue().due_at + timedelta(minutes=2))
    assert queries.case(RUTH, FIRST) is None
    with nothing_written(casework.IssueUnknown):
        make("take_up", RUTH)


def test_a_second_extension_of_a_major_issue_is_the_districts() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("extend", STELLA)
    assert "extend" not in offered(STELLA)
    make("refer_up", STELLA)
    assert "extend" in offered(RUTH)
    make("extend", RUTH)
    assert issue().extended_by == "district_office"
    assert "extend" not in offered(RUTH)


def test_a_long_extension_of_a_major_issue_is_the_districts_where_there_is_one() -> None:
    bring(Step.HANDLING, "A")
    far = (issue().due_at + timedelta(days=300)).date()
    open_district()
    with nothing_written(casework.NotPossible, "new_due_on"):
        make("extend", STELLA, new_due_on=far)
    casework.disable_account("ruth", now=NOW)
    make("extend", STELLA, new_due_on=far)  # there is nobody else to ask
    assert issue().extended_by == "street_leader"


def test_what_the_district_hands_on_says_so_and_urging_it_is_possible() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    make("urge", SUNNY, to="district_office:")
    assert told("urge") == {RUTH.account_id}
    make("resolve", BOB)
    assert Urge.get().ended_at is not None
    make("relay", RUTH)
    assert last().resident_line.startswith("改革领导小组办公室告诉您：")
    assert last().stood_in_for == ""


def test_the_district_does_not_urge_itself_but_the_sub_district() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    make("refer_up", STELLA)
    make("urge", RUTH, to="caller:")
    assert told("urge") >= {STELLA.account_id}
    make("progress", RUTH)
    assert Urge.get().ended_at is None  # the caller who was urged is still another
    make("progress", STELLA)
    assert Urge.get().ended_at is not None


def test_the_district_stands_in_before_the_community_does() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    Account.update(disabled_at=NOW).where(Account.role == Role.SUBDISTRICT_LEADER.value).execute()
    assert "explain" not in offered(DAN)
    make("explain", RUTH)
    assert last().stood_in_for == "street_leader"
    assert last().resident_line.startswith("目前未能解决，街道说明：")
    assert last().resident_line.endswith("（区里替着办的）")
    assert queries.vacancies(CIRCLE) == (
        "金桂社区、银杏社区没有在用的街道书记账号，街道该办的现在由区里代行。",
    )


def test_the_district_alone_brings_everything_on() -> None:
    """No leader below is left; she grades, calls, plans and hands on."""
    open_district()
    levels = (Role.SUBDISTRICT_LEADER.value, Role.COMMUNITY_LEADER.value)
    Account.update(disabled_at=NOW).where(Account.role.in_(levels)).execute()
    new = submit("another form")
    assert told("submit") >= {RUTH.account_id}
    make("classify", RUTH, severity_class="B")
    assert last().stood_in_for == "community_leader"
    make("summon", RUTH)
    make("answer", BOB, for_unit="", recorded=None)
    make("plan", RUTH)
    make("resolve", BOB)
    make("relay", RUTH)
    make("evaluate", ALICE)
    assert stands() == ("closed", 1, "B")
    assert "请马上开通" in queries.vacancies(CIRCLE)[0]
    assert new.number


def test_a_leader_who_comes_back_finds_what_the_district_called_together() -> None:
    open_district()
    bring(Step.CLASSIFIED, "A")
    Account.update(disabled_at=NOW).where(Account.role == Role.SUBDISTRICT_LEADER.value).execute()
    make("summon", RUTH)
    make("answer", BOB, for_unit="", recorded=None)
    casework.enable_account("stella", now=NOW)
    assert queries.case(RUTH, FIRST) is None
    assert {"plan", "summon"} <= {*offered(STELLA)}
    make("plan", STELLA)
    assert last().stood_in_for == ""


def test_two_who_refer_up_at_once_are_told(database: peewee.Database) -> None:
    del database
    open_district()
    bring(Step.HANDLING, "A")
    seen = issue().version
    make("refer_up", STELLA)
    with nothing_written(casework.StaleCase):
        make("refer_up", STEVE, version=seen)
    with nothing_written(casework.NotAllowed):
        make("refer_up", STEVE)


def test_an_answer_is_wanted_in_the_future() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    with nothing_written(casework.NotPossible, "answer_by"):
        make("refer_up", STELLA, answer_by=next_moment(FIRST) - timedelta(hours=1))
    with nothing_written(casework.NotPossible, "request"):
        make("refer_up", STELLA, request="　")
    assert Reminder.select().where(Reminder.clock == "district").count() == 0


def test_the_page_says_what_was_asked_until_it_is_answered() -> None:
    open_district()
    bring(Step.HANDLING, "A")
    asked = make("refer_up", STELLA)
    for actor, is_theirs in ((RUTH, True), (STELLA, False)):
        case = queries.case(actor, FIRST)
        assert case is not None
        assert case.referred is not None
        assert (case.referred.note, case.is_districts) == (asked.note, is_theirs)
    make("progress", RUTH)
    case = queries.case(STELLA, FIRST)
    assert case is not None
    assert case.referred is None
