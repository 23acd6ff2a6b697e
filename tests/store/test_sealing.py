"""Nothing that was written of an issue or a rating is changed, taken away or added unseen."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import peewee
import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    AgendaItem,
    Announced,
    Drafted,
    Intended,
    Minutes,
)
from forms_app.queries import Broken, broken_chains, broken_words, month_roots
from forms_app.queries.chain import Fault
from forms_app.rules.keys import email_code, hash_secret
from forms_app.rules.steps import Step
from forms_app.store.assessments import Assessment
from forms_app.store.database import proxy, writing
from forms_app.store.funds import FundEntry
from forms_app.store.meetings import Meeting
from forms_app.store.models import (
    Entry,
    Issue,
    Party,
    Rating,
    Seal,
)
from forms_app.store.projects import Project, Topic, TopicIssue
from forms_app.store.sealed import read
from forms_app.store.sealing import look, seal_all, touched
from forms_app.store.tables import TABLES
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    CODE_KEY,
    DAN,
    ELSEWHERE,
    FIRST,
    NOW,
    SECOND,
    SERVER_KEY,
    STELLA,
    THIRD,
    bring,
    entries,
    issue,
    make,
    next_moment,
    submit,
)
from tests.support.asking import ask_after
from tests.support.moves import undone
from tests.support.running import ROOT
from tests.support.sealed_story import faults, keep_books, tell_story

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("place", [0, 1, -1])
def test_an_entry_that_was_taken_away_is_missed_however_the_version_is_adjusted(
    place: int,
) -> None:
    bring(Step.EVALUATING)
    gone = entries()[place]
    Entry.delete().where(Entry.id == gone.id).execute()
    Issue.update(version=Issue.version - 1).where(Issue.number == FIRST).execute()
    found = {fault for fault, what in faults() if what == FIRST}
    assert found == {Fault.ENTRY, Fault.STATE}


def test_a_forged_entry_is_found_and_no_later_move_seals_over_it() -> None:
    bring(Step.HANDLING)
    like = entries()[-1]
    columns = {name: value for name, value in like.__data__.items() if name != "id"}
    Entry.create(**columns | {"move": "progress", "note": "假的", "from_step": "handling"})
    Issue.update(version=Issue.version + 1).where(Issue.number == FIRST).execute()
    assert faults() == {(Fault.MORE, FIRST), (Fault.STATE, FIRST)}
    make("note", DAN, note="不知情")
    assert faults() == {(Fault.FOUND, FIRST)}
    (told,) = broken_chains()
    assert "有人绕开系统改过它的内容" in broken_words(told)


def test_what_is_no_move_seals_over_nothing_either() -> None:
    secret = "7K2M9QXD4TBN"
    left = {"name": "爱丽丝", "phone": "13907970000", "email": "a@example.org"}
    water = Announced("water", "停水", "正在抢修。", "jingui")
    note = Drafted("换了感应灯，线路也查过。")
    forged = 0

    def forge(act: Callable[[], object], **columns: str) -> None:
        nonlocal forged
        forged += 1
        columns["location"] = f"别处{forged}"
        Issue.update(columns).where(Issue.number == FIRST).execute()
        act()
        assert [(one.fault, one.what) for one in broken_chains()] == [(Fault.FOUND, FIRST)] * forged

    forge(lambda: casework.put_right(ALICE, FIRST, left=left, now=NOW))
    forge(lambda: casework.choose_telling(ALICE, FIRST, "sms", now=NOW))
    code = email_code(SERVER_KEY, FIRST, left["email"])
    forge(lambda: casework.confirm_email(FIRST, code, SERVER_KEY, now=NOW))
    forge(
        lambda: casework.open_ticket(CODE_KEY, FIRST, secret, now=NOW),
        ticket_hash=hash_secret(secret),
    )
    forge(
        lambda: casework.open_incident(CIRCLE, DAN, water, number=FIRST, form_key="i", now=NOW),
    )
    forge(lambda: casework.erase_asked_for(FIRST, now=NOW))
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=5, may_tell=True)
    forge(lambda: casework.draft_note(CIRCLE, DAN, FIRST, issue().version, note, now=NOW))
    over = NOW + timedelta(days=5 * 366)
    forge(lambda: casework.erase_contacts(CIRCLE, now=over), reporter_phone="13907970000")


def test_nor_does_whoever_goes_on_with_a_rating_or_a_book() -> None:
    tell_story()
    rating = Rating.select().where(Rating.replaced_at.is_null()).get()
    meeting = Meeting.select().order_by(Meeting.id).get()
    said = Assessment.select().order_by(Assessment.id).get()
    line = FundEntry.select().where(FundEntry.kind == "granted").get()
    item = AgendaItem("修路灯", "", "agreed", "换六盏", 9_000_00)
    minutes = Minutes(date(2026, 11, 20), "院子里", {1: item}, {"residents": 9}, {})
    again = {row.id: "换灯" for row in FundEntry.select()}
    for forged, (row, column, act) in enumerate((
        (rating, Rating.comment, lambda: casework.rate(
            CIRCLE, "service:meals", 3, "", form_key="t", browser_hash="b", now=NOW)),
        (meeting, Meeting.place, lambda: casework.change_meeting(
            DAN, meeting.id, meeting.version, minutes, "写错了", now=NOW)),
        (said, Assessment.words, lambda: casework.withdraw_assessment(
            STELLA, said.id, said.version, "说错了", now=NOW)),
        (line, FundEntry.words, lambda: casework.tell_of_funds(
            DAN, "jingui", 2026, 3, again, now=NOW)),
    ), 1):  # fmt: skip
        type(row).update({column: "假的"}).where(type(row).id == row.id).execute()
        act()
        assert [one.fault for one in broken_chains()] == [Fault.FOUND] * forged


def test_nor_does_a_project_over_itself_or_whom_it_asks() -> None:
    bring(Step.CLOSED, "C", FIRST)
    project = ask_after(FIRST, now=next_moment(FIRST))
    Project.update(measures="假的").where(Project.id == project).execute()
    make("better", ALICE)
    assert [one.fault for one in broken_chains()] == [Fault.FOUND]

    meant = Intended("project", "路灯", "jingui", "换线路", 1, date(2027, 3, 1))
    topic = Topic.create(
        month="now", community_id="jingui", words="灯", centre="{}", place=9, households=1,
        rounds=1, weeks=1, first_on="", last_on="", found_at=NOW,
    )  # fmt: skip
    other = casework.open_project(CIRCLE, DAN, topic.id, meant, form_key="other", now=NOW)
    Project.update(measures="假的").where(Project.id == other).execute()
    casework.change_project(CIRCLE, DAN, other, 1, replace(meant, title="灯"), now=NOW)
    assert [one.fault for one in broken_chains()] == [Fault.FOUND] * 2

    bring(Step.CLOSED, "C", SECOND)
    TopicIssue.create(topic=topic, issue=issue(SECOND))
    Issue.update(description="假的").where(Issue.number == SECOND).execute()
    casework.finish_project(DAN, other, 2, "换了", now=NOW)
    assert (Fault.FOUND, SECOND) in faults()


def test_what_a_party_said_cannot_be_put_otherwise_before_the_next_move() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB, opinion="三天修好")
    Party.update(opinion="不归我们管").where(Party.organization_id == "city").execute()
    make("note", DAN, note="不知情")
    assert faults() == {(Fault.FOUND, FIRST)}


def test_entries_of_two_issues_that_changed_places_are_found() -> None:
    one, other = entries()[0], entries(SECOND)[0]
    Entry.update(issue=issue(SECOND)).where(Entry.id == one.id).execute()
    Entry.update(issue=issue(FIRST)).where(Entry.id == other.id).execute()
    assert {(Fault.ENTRY, FIRST), (Fault.ENTRY, SECOND)} <= faults()


def erase_all_of(number: str) -> None:
    """Takes an issue away with everything that belongs to it, as somebody at the database may."""
    owner = issue(number).id
    for table in reversed(TABLES):
        of_issue = [
            field for field in table._meta.fields.values()
            if isinstance(field, peewee.ForeignKeyField) and field.rel_model is Issue
        ]  # fmt: skip
        for field in of_issue if table is not Issue else ():
            table.delete().where(field == owner).execute()
    Issue.delete().where(Issue.id == owner).execute()


def test_a_whole_issue_that_was_taken_away_is_missed() -> None:
    roots = month_roots()
    erase_all_of(THIRD)
    assert faults() == {(Fault.GAP, "3")}
    assert faults(roots) == {(Fault.GAP, "3"), (Fault.ROOT, "2026-11")}


def test_the_newest_of_all_that_was_taken_away_is_missed_by_the_roots() -> None:
    roots = month_roots()
    erase_all_of(ELSEWHERE)
    assert faults() == set()
    assert faults(roots) == {(Fault.ROOT, "2026-11")}


def test_a_log_that_was_reckoned_anew_is_not_the_one_that_was_given_out() -> None:
    bring(Step.CLOSED)
    roots = month_roots()
    assert faults(roots) == set()
    graded = (Entry.issue == issue()) & (Entry.move == "classify")
    Entry.update(actor_name="别人").where(graded).execute()
    assert (Fault.ENTRY, FIRST) in faults()
    Seal.delete().execute()
    seal_all(proxy.obj, NOW)
    assert faults() == set()
    assert faults(roots) == {(Fault.ROOT, "2026-11")}


def test_an_issue_or_a_rating_that_nobody_reported_is_found() -> None:
    columns = issue().__data__ | {"number": "269999", "form_key_hash": "x"}
    Issue.insert({name: value for name, value in columns.items() if name != "id"}).execute()
    Rating.insert(form_key_hash="x", about="service:meals", satisfaction=1, made_at=NOW).execute()
    assert {fault for fault, _ in faults()} == {Fault.UNSEALED}
    assert len(faults()) == 2


def test_a_rating_that_was_taken_away_is_missed() -> None:
    for key in ("a", "b"):
        casework.rate(CIRCLE, "service:meals", 1, "不好", form_key=key, now=NOW)
    is_sqlite = isinstance(proxy.obj, peewee.SqliteDatabase)
    proxy.execute_sql(
        "PRAGMA foreign_keys = 0" if is_sqlite else "SET session_replication_role = replica"
    )
    proxy.execute_sql("DELETE FROM rating WHERE id = (SELECT MIN(id) FROM rating)")
    if not is_sqlite:
        proxy.execute_sql("SET session_replication_role = origin")
    assert [one.fault for one in broken_chains()] == [Fault.GONE]


@pytest.mark.parametrize("table", ["fund_told", "fund_entry", "meeting_entry", "project_entry"])
def test_the_last_line_of_a_book_that_was_taken_away_is_missed(table: str) -> None:
    keep_books()
    roots = month_roots()
    assert faults(roots) == set()
    newest = f'SELECT MAX(id) FROM "{table}"'  # noqa: S608
    owner = proxy.execute_sql(newest).fetchone()[0]
    if table == "fund_entry":
        proxy.execute_sql(f"DELETE FROM fund_told WHERE fund_entry_id = {owner}")  # noqa: S608
    proxy.execute_sql(f'DELETE FROM "{table}" WHERE id = {owner}')  # noqa: S608
    kind = {"fund_told": "fund_entry", "fund_entry": "fund_entry"}.get(table, table[:7])
    (broken,) = broken_chains()
    assert (broken.kind, broken.fault) == (
        kind, Fault.GONE if table == "fund_entry" else Fault.STATE
    )  # fmt: skip
    assert "不" in broken_words(broken)
    # Whoever takes its seals with it leaves a log that is not the one which was given out.
    if table == "fund_entry":
        Seal.delete().where(Seal.fund_entry_id == owner).execute()
        assert (Fault.ROOT, "2026-11") in faults(roots)


def test_what_was_erased_leaves_the_log_whole_and_cannot_be_guessed_from_it() -> None:
    number = submit("told", reporter_name="爱丽丝", reporter_phone="0797-1").number
    before = issue(number)
    roots = month_roots()
    later = NOW + timedelta(days=40)
    assert casework.erase_asked_for(number, now=later) == (1, 0)
    after = issue(number)
    assert (after.reporter_phone, after.contact_salt == before.contact_salt) == ("", False)
    assert faults(roots) == set()
    assert [root.month for root in month_roots()] == ["2026-11", "2027-01"]
    # Whoever knows everything but the salt, and guesses right, cannot tell that it is right.
    states = [seal.state for seal in Seal.select().where(Seal.issue == after).order_by(Seal.id)]
    with undone():
        Issue.update(reporter_name="爱丽丝", reporter_phone="0797-1", version=before.version).where(
            Issue.id == after.id
        ).execute()
        Entry.delete().where(Entry.issue == after, Entry.move == "correct").execute()
        (guess, _) = [one for one in broken_chains() if one.what == number]
        assert guess.fault in {Fault.ENTRY, Fault.STATE}
        Issue.update(contact_salt=before.contact_salt).where(Issue.id == after.id).execute()
        held, _ = read(Issue, [after.id])
        assert held[after.id].state() == states[0]


def test_what_residents_put_right_erase_or_choose_leaves_the_log_whole() -> None:
    roots = month_roots()
    left = {"name": "爱丽丝", "phone": "13907970000", "email": "a@example.org"}
    salts = [issue().contact_salt]
    for act in (
        lambda: casework.put_right(ALICE, FIRST, left=left, now=NOW),
        lambda: casework.choose_telling(ALICE, FIRST, "sms", now=NOW),
        lambda: casework.erase_own(ALICE, FIRST, parts=["phone"], photos=[], now=NOW),
        lambda: casework.erase_asked_for(FIRST, now=NOW),
    ):
        count = Seal.select().count()
        act()
        salts.append(issue().contact_salt)
        assert faults(roots) == set()
        assert Seal.select().count() == count + 1
    # A salt goes with the contacts that it held.
    before, put_right, chosen, *erased = salts
    assert put_right == chosen
    assert len({before, put_right, *erased}) == 4


def test_a_move_that_failed_leaves_no_seal_and_no_gap() -> None:
    before = Seal.select().count()

    def fail() -> None:
        with writing():
            look(issue())
            Issue.update(location="别处").where(Issue.number == FIRST).execute()
            touched(Issue, issue().id, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    make("note", DAN, note="马上来看")
    assert Seal.select().count() == before + 1
    assert list(broken_chains()) == []


def test_a_seal_stands_in_its_own_month_by_the_clock_in_china() -> None:
    make("note", DAN, now=NOW + timedelta(days=7, hours=14, minutes=59), note="十一月最后一刻")
    make("note", DAN, now=NOW + timedelta(days=7, hours=15), note="十二月")
    found = {root.month: (root.count, root.last) for root in month_roots()}
    assert found == {"2026-11": (6, 6), "2026-12": (1, 7)}


@pytest.mark.slow
def test_two_servers_at_once_leave_chains_that_are_whole_and_no_gap(
    database: peewee.Database,
) -> None:
    is_sqlite = isinstance(database, peewee.SqliteDatabase)
    url = f"sqlite:///{database.database}" if is_sqlite else ""
    if not is_sqlite:
        kept = {**database.connect_params}
        url = f"postgresql://{kept['user']}@/{database.database}?host={kept['host']}"
    code = (
        "import sys; from forms_app import casework; from tests.support.actors import *\n"
        "from forms_app.store.database import open_database\n"
        "database = open_database(sys.argv[1])\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for n in range(15):\n"
        "    make('note', DAN, sys.argv[2], note=f'{n}')\n"
        "    key = f'{sys.argv[2]} {n}'\n"
        "    casework.rate(CIRCLE, 'service:meals', 5, '', form_key=key, now=NOW)\n"
        "database.close()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, url, number],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in (FIRST, SECOND)
    ]  # fmt: skip
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.communicate("go\n")
        assert one.returncode == 0
    assert [row.id for row in Seal.select().order_by(Seal.id)] == list(range(1, 5 + 60 + 1))
    assert list(broken_chains()) == []


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_a_sentence(fault: Fault) -> None:
    broken = Broken(
        fault, "issue", FIRST, 2, "2026-11-24T01:00:00Z", "classify", "community_leader", "丹"
    )
    bare = replace(broken, place=0, made_at="", move="")
    for one in (broken, bare, replace(broken, kind="rating")):
        words = broken_words(one)
        assert words.endswith("。")
        assert FIRST in words
