"""Several people at the same moment: one wins, the others are told, and nothing is lost."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

import peewee
import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, Browser, CaseError, GoesOnElsewhere, StaleCase
from forms_app.issues.access import Actor, resident
from forms_app.rules.keys import ticket_secret
from forms_app.rules.steps import Step
from forms_app.store.database import proxy, writing
from forms_app.store.models import Entry, Issue, OpenTicket
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    CODE_KEY,
    DAN,
    DORA,
    FIRST,
    HANDED_IN,
    SECOND,
    SERVER_KEY,
    THIRD,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    submit,
)
from tests.support.running import ROOT

pytestmark = pytest.mark.usefixtures("database")

PATIENCE_SECONDS = 30

T = TypeVar("T")


def all_at_once(*acts: Callable[[], T]) -> list[T | CaseError]:
    """What each act gave, or the error that refused it; they start together, a thread each."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | CaseError:
        try:
            proxy.connect(reuse_if_open=True)
            together.wait(PATIENCE_SECONDS)
            return act()
        except CaseError as error:
            return error
        finally:
            proxy.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_form_sent_from_eight_threads_at_once_makes_one_issue() -> None:
    before = Issue.select().count()
    made = all_at_once(*[lambda: submit("pressed eight times").number] * 8)
    assert set(made) == {"260006"}
    assert Issue.select().count() == before + 1
    assert [entry.move for entry in entries("260006")] == ["submit"]
    assert submit("another form").number == "260007"


@pytest.mark.slow
def test_numbers_are_unique_and_without_gaps_from_eight_threads() -> None:
    def twenty(thread: int) -> list[str]:
        return [submit(f"form {thread}.{n}").number for n in range(20)]

    made = all_at_once(*(partial(twenty, thread) for thread in range(8)))
    numbers = sorted(int(number) for some in made for number in some)
    assert numbers == list(range(260006, 260006 + 160))
    assert Entry.select().where(Entry.move == "submit").count() == 165


def test_of_two_colleagues_at_once_one_wins_and_the_other_learns_it() -> None:
    bring(Step.CLASSIFIED)
    version = issue().version

    def correct(actor: Actor, version: int) -> Entry:
        return make("correct", actor, version=version, new_value=f"{version}栋{actor.name}")

    for _ in range(10):
        outcome = all_at_once(partial(correct, DAN, version), partial(correct, DORA, version))
        (won,) = [result for result in outcome if isinstance(result, Entry)]
        (lost,) = [result for result in outcome if not isinstance(result, Entry)]
        assert isinstance(lost, StaleCase)
        version += 1
        assert (issue().version, issue().location) == (version, won.new_value)
        assert entries()[-1].id == won.id


def test_a_unit_that_answers_as_the_resident_takes_it_back_is_heard_or_told_where_it_goes_on() -> (
    None
):
    for head, heir in ((FIRST, SECOND), (THIRD, HANDED_IN)):
        make("merge", DAN, heir, into=head)
        bring(Step.RESPONDING, "B", head)
        now = max(next_moment(head), next_moment(heir))
        gone, answered = all_at_once(
            lambda head=head, now=now: make("withdraw", resident(head), head, now=now),
            lambda head=head, now=now: make("answer", BOB, head, now=now),
        )
        assert isinstance(gone, Entry)
        assert isinstance(answered, Entry | GoesOnElsewhere)
        assert (issue(head).step, issue(heir).step) == ("withdrawn", "responding")
        answers = [party.answer for party in queries.case(DAN, heir).parties]
        assert ("arrived" in answers) == isinstance(answered, Entry)
    assert queries.broken_histories() == []
    assert queries.sums_hold()


def test_different_moves_at_once_leave_one_history() -> None:
    bring(Step.CLASSIFIED)
    version = issue().version
    outcome = all_at_once(
        lambda: make("assign", DAN, version=version),
        lambda: make("transfer", DORA, version=version),
        lambda: make("merge", DORA, version=version),
    )
    assert sum(isinstance(result, Entry) for result in outcome) == 1
    assert sum(isinstance(result, StaleCase) for result in outcome) == 2
    assert queries.broken_histories() == []


def test_notes_and_answers_at_once_are_no_conflict() -> None:
    bring(Step.HANDLING, "B")
    now = next_moment(FIRST)

    def tell(actor: Actor, note: str) -> Entry:
        return casework.progress(CIRCLE, actor, FIRST, None, note, now=now)

    told = all_at_once(
        *(partial(tell, actor, f"进展{n}") for n, actor in enumerate([BOB, DAN] * 4))
    )
    assert all(isinstance(result, Entry) for result in told)
    notes = [entry.note for entry in entries() if entry.move == "progress"]
    assert sorted(notes) == [f"进展{n}" for n in range(8)]


def test_a_form_pressed_eight_times_at_once_makes_its_move_once() -> None:
    bring(Step.HANDLING)
    wendy = replace(WENDY, press="one form's key")
    now = next_moment(FIRST)

    def tell() -> Entry:
        return casework.progress(CIRCLE, wendy, FIRST, None, "快了。", now=now)

    outcome = all_at_once(*[tell] * 8)
    assert sum(isinstance(result, Entry) for result in outcome) == 1
    assert sum(isinstance(result, AlreadyMade) for result in outcome) == 7
    assert [entry.move for entry in entries()].count("progress") == 1


def test_a_resident_and_a_colleague_at_once_both_leave_a_whole_history() -> None:
    bring(Step.HANDLING)
    version = issue().version
    outcome = all_at_once(
        lambda: make("withdraw", ALICE), lambda: make("resolve", WENDY, version=version)
    )
    assert any(isinstance(result, Entry) for result in outcome)
    assert queries.broken_histories() == []


def test_a_ticket_shown_while_it_is_replaced_opens_nothing_afterwards() -> None:
    secret = ticket_secret(SERVER_KEY, f"form {FIRST}")
    now = next_moment(FIRST)

    def show(n: int) -> bool:
        return casework.hold_ticket(CODE_KEY, FIRST, secret, Browser("", f"key {n}"), now=now)

    def replace_it() -> Entry:
        kept = CODE_KEY.hashed("1" * 12)
        return casework.reissue(CIRCLE, WENDY, FIRST, None, "回拨", ticket_hash=kept, now=now)

    acts: list[Callable[[], object]] = [partial(show, n) for n in range(7)]
    all_at_once(*acts[:4], replace_it, *acts[4:])
    assert entries()[-1].move == "reissue"
    assert OpenTicket.select().count() == 0


def test_a_writer_waits_for_the_writer_of_another_process(database: peewee.Database) -> None:
    """Whatever one of them reads, no other may change before it has written."""
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, url_of(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "writing\n"
        done = threading.Event()

        def write() -> None:
            try:
                with writing():
                    done.set()
            finally:
                proxy.close()

        waiting = threading.Thread(target=write)
        waiting.start()
        assert not done.wait(0.3)
        other.stdin.close()
        assert done.wait(PATIENCE_SECONDS)
        waiting.join(PATIENCE_SECONDS)
    assert other.returncode == 0


OTHER_PROCESS = """
import sys
from forms_app.store.database import open_database, writing
database = open_database(sys.argv[1])
with writing():
    print("writing", flush=True)
    sys.stdin.read()
database.close()
"""


def url_of(database: peewee.Database) -> str:
    """The address that this database was opened by."""
    if isinstance(database, peewee.SqliteDatabase):
        return f"sqlite:///{database.database}"
    host = database.connect_params["host"]
    user = database.connect_params["user"]
    return f"postgresql://{user}@/{database.database}?host={host}"
