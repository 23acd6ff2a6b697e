"""The migrations lead to the models' schema, once only, and carry the rows of every old shape."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import peewee
import pytest
from playhouse.migrations import Runner

from forms_app.issues import monthly, sums
from forms_app.issues.sums import count_once
from forms_app.queries import broken_chains
from forms_app.queries.chain import Fault
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account, AccountEvent, RecoveryCode, Session, SignInTry
from forms_app.store.database import open_database, proxy
from forms_app.store.models import (
    AnswerLink,
    Assignment,
    Attachment,
    Entry,
    Issue,
    KeptApart,
    Measure,
    Party,
    Photo,
    Rating,
    Seal,
    Urge,
)
from forms_app.store.notices import Notice, PhoneDuty, PushSubscription, Reminder
from forms_app.store.schema import MIGRATIONS, migrate
from forms_app.store.sealing import seal_all
from forms_app.store.sheets import ImportedRow, PaperForm
from forms_app.store.tables import TABLES
from tests.store.conftest import Led
from tests.store.old_rows import OLD_ROWS, insert
from tests.support.actors import NOW
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

HISTORY = "schema_migration"
SEARCH = "issue_search"  # no model's: FTS5 here, text vectors there
NAMES = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def schema(database: peewee.Database) -> dict[str, object]:
    """Columns, keys and indexes of every table, as the database itself tells them."""
    found: dict[str, object] = {}
    for table in tables_of(database):
        found[table] = {
            "columns": [
                (column.name, column.data_type.lower(), column.null, column.primary_key)
                for column in database.get_columns(table)
            ],
            "indexes": sorted(
                (index.name, tuple(index.columns), bool(index.unique))
                for index in database.get_indexes(table)
            ),
            "foreign keys": sorted(
                (key.column, key.dest_table, key.dest_column)
                for key in database.get_foreign_keys(table)
            ),
        }
    return found


def tables_of(database: peewee.Database) -> list[str]:
    """The tables that models have."""
    return sorted(
        table
        for table in database.get_tables()
        if table != HISTORY and not table.startswith(SEARCH)
    )


def tables_of_models() -> list[str]:
    return sorted(table._meta.table_name for table in TABLES)


def test_after_the_last_migration_the_schema_equals_the_models(empty: peewee.Database) -> None:
    assert migrate(empty) == NAMES
    migrated = schema(empty)
    assert sorted(migrated) == tables_of_models()
    with empty.atomic() as transaction:
        empty.drop_tables(TABLES)
        assert schema(empty) == {}
        empty.create_tables(TABLES)
        from_models = schema(empty)
        transaction.rollback()
    assert migrated == from_models


def test_two_processes_at_once_migrate_once(address: str) -> None:
    # As two first starts: both come upon no file.
    code = (
        "import sys; from forms_app.store.database import open_database\n"
        "from forms_app.store.schema import migrate\n"
        "database = open_database(sys.argv[1])\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(len(migrate(database))); database.close()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, address],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in both]
    assert [err for _, err in said] == ["", ""]
    assert sorted(int(out) for out, _ in said) == [0, len(NAMES)]
    with closing(open_database(address)) as opened:
        assert tables_of(opened) == tables_of_models()


def test_a_migration_that_fails_leaves_nothing_behind(address: str, tmp_path: Path) -> None:
    (tmp_path / "0001_broken.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('CREATE TABLE half (id INTEGER)')\n"
        "    db.execute_sql('CREATE TABLE half (id INTEGER)')\n"
    )
    with closing(open_database(address)) as opened:
        with pytest.raises(peewee.DatabaseError):
            Runner(opened, str(tmp_path)).up()
        assert "half" not in opened.get_tables()


def test_every_number_is_given_to_one_migration() -> None:
    numbers = [int(name[:4]) for name in NAMES]
    assert numbers == sorted(set(numbers))


def test_every_migration_left_rows_to_test_the_next_one_with() -> None:
    assert sorted(OLD_ROWS) == NAMES


@pytest.mark.parametrize("shape", NAMES)
def test_rows_of_every_old_shape_are_read_by_the_models_of_today(led: Led, shape: str) -> None:
    old = led(shape)
    OLD_ROWS[shape](old)
    migrate(old)
    (dan,) = Account.select()
    (found,) = Issue.select()
    (entry,) = Entry.select()
    (party,) = Party.select()
    (lead,) = Assignment.select()
    (rating,) = Rating.select()
    notices, reminders = list(Notice.select()), list(Reminder.select())
    assert (dan.username, dan.created_at) == ("dan", NOW)
    assert (found.number, found.step, found.round_no) == ("260001", "handling", 2)
    assert (found.received_at, found.due_at, found.reply_by) == (NOW, NOW, None)
    assert (found.caller, found.collector, found.merged_into) == (dan, dan, None)
    assert found.answers_due_at == (NOW if shape >= "0010" else None)
    waits = NOW if shape >= "0017" else None
    assert (found.asked_since, found.added_since, found.verdict_by) == (waits, waits, "")
    assert (found.result, found.relay_due_at, found.passed_at, entry.told_by) == (
        ("done", NOW, NOW, "老赵") if shape >= "0018" else ("", None, None, "")
    )
    assert entry.stood_in_for == ("community_leader" if shape >= "0019" else "")
    assert found.nature == ("help" if shape >= "0006" else "")
    assert found.service == ("repair:meals" if shape >= "0028" else "")
    assert found.is_imported is (shape >= "0004")
    count_once()
    arrived = [n for (kind, key), n in sums.kept().items() if key.endswith("community jingui")
               and kind == monthly.ARRIVED]  # fmt: skip
    assert arrived == [1]
    assert sums.kept() == sums.recounted()
    assert (entry.issue, entry.move, entry.made_at) == (found, "plan", NOW)
    assert (party.is_current, party.answered_at, party.summons.asked) == (True, NOW, "会商")
    assert (lead.organization_id, lead.account) == ("city", None)
    assert (dan.factor_seed, dan.factor_step) == (("seed", 7) if shape >= "0040" else ("", 0))
    assert [row.account for row in RecoveryCode.select()] == [dan] * (shape >= "0040")
    assert [row.tries for row in PhoneDuty.select()] == [2] * (shape >= "0046")
    assert [row.made_at for row in PushSubscription.select()] == [NOW] * (shape >= "0047")
    assert found.tell_by == ("phone" if shape >= "0046" else "")
    assert dan.has_first_password is (shape >= "0039")
    assert [(row.account, row.happened_at, row.times) for row in AccountEvent.select()] == [
        (dan, NOW, 7)
    ] * (shape >= "0039")
    assert dan.subdistrict_id == ("hubian" if shape >= "0007" else "")
    assert [row.name for row in Attachment.select()] == ["清单.xlsx"] * (shape >= "0031")
    assert party.summons.phone == ("0797-0000-190" if shape >= "0030" else "")
    has_meeting = shape >= "0005"
    assert (party.summons.place, party.summons.meet_at, party.duty, party.duty_basis) == (
        ("3栋", NOW, "清淤", "LG") if has_meeting else ("", None, "", "")
    )
    assert [(row.party, row.used_at, row.replaced_at) for row in AnswerLink.select()] == [
        (party, None, NOW)
    ] * has_meeting
    assert [(row.what, row.lead, row.done_entry) for row in Measure.select()] == [
        ("清淤", "city", entry)
    ] * has_meeting
    assert [(row.first, row.second, row.entry) for row in KeptApart.select()] == [
        (found, found, entry)
    ] * (shape >= "0008")
    assert [(row.issue, row.entry, row.key, row.made_at) for row in Photo.select()] == [
        (found, entry, "p" * 22, NOW)
    ] * (shape >= "0009")
    assert found.merged_at == (NOW if shape >= "0024" else None)
    assert found.review_due_at == (NOW if shape >= "0023" else None)
    assert found.urge_due_at == (NOW if shape >= "0022" else None)
    assert [(row.issue, row.entry, row.answer_by) for row in Urge.select()] == [
        (found, entry, NOW)
    ] * (shape >= "0022")
    assert (rating.about, rating.satisfaction) == ("service:meals", 5)
    assert (rating.reason, rating.issue, rating.way, rating.entered_by, found.rated) == (
        ("long_wait", found, "paper", dan, "service:meals long_wait")
        if shape >= "0048"
        else ("", None, "", None, "")
    )
    assert rating.replaced_at == (NOW if shape >= "0016" else None)
    assert [(row.failed, row.locked_until) for row in SignInTry.select()] == [(5, NOW)] * (
        shape >= "0016"
    )
    assert [(row.started_at, row.active_at) for row in Session.select()] == [
        (NOW, NOW + timedelta(days=shape >= "0055"))
    ] * (shape >= "0025")
    assert (found.reporter_name, found.reporter_phone) == ("爱丽丝", "0797-0000-199")
    has_notices = shape >= "0002"
    assert (found.reporter_email, dan.email) == (
        ("dan@example.org",) * 2 if has_notices else ("", "")
    )
    assert [(row.issue, row.due_at, row.is_urgent) for row in notices] == [
        (found, NOW, False)
    ] * has_notices
    assert [(row.issue, row.due_at, row.rank) for row in reminders] == [
        (found, NOW, 1)
    ] * has_notices
    for paper in PaperForm.select():
        assert (paper.issue, paper.printed_by, paper.printed_at) == (found, dan, NOW)
    for row in ImportedRow.select():
        assert (row.issue, row.key) == (found, "k" * 64)
    seals = list(Seal.select().order_by(Seal.id))
    assert [(row.id, row.issue, row.rating, row.is_opening) for row in seals] == [
        (1, found, None, True), (2, None, rating, True),
        *[(3, None, None, True)] * (shape >= "0059"),
        *[(4, None, None, True)] * (shape >= "0061"),
        *[(5, None, None, True)] * (shape >= "0062"),
        *[(6, None, None, True)] * (shape >= "0064"),
        *[(7, None, None, True), (8, None, None, True)] * (shape >= "0072"),
    ]  # fmt: skip
    assert (seals[0].entry_id, len(found.contact_salt)) == (entry.id, 1 if shape >= "0050" else 32)
    assert list(broken_chains()) == []


# These stand where the ladder has just come to its end.


def test_what_waits_for_its_grade_has_a_day_from_the_upgrade_on(led: Led) -> None:
    old = led("0075_untold_notes")
    OLD_ROWS["0075_untold_notes"](old)
    old.execute_sql("UPDATE issue SET step = 'collected'")
    migrate(old)
    (found,) = Issue.select()
    left = found.grade_due_at - datetime.now(UTC)
    assert timedelta(hours=23, minutes=58) < left <= timedelta(hours=24)


@pytest.mark.parametrize("sealed_at", ["0051_opening_seals", "0075_untold_notes"])
def test_no_migration_leaves_an_issue_at_any_step_other_than_it_was_sealed(
    led: Led, sealed_at: str
) -> None:
    old = led(sealed_at)
    OLD_ROWS[sealed_at](old)
    cursor = old.execute_sql("SELECT * FROM issue")
    row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    emptied = {column.name: None for column in old.get_columns("issue") if column.null}
    for number, (step, less) in enumerate(product(Step, ({}, emptied)), 2):
        own = {"id": number, "number": f"{260000 + number}", "form_key_hash": f"{number:064}"}
        insert(old, "issue", **{**row, **less, **own, "step": step.value})
    old.execute_sql("DELETE FROM seal")
    seal_all(old, NOW)
    migrate(old)
    assert list(broken_chains()) == []


def test_what_somebody_changed_stays_found_where_a_migration_filled_a_column(led: Led) -> None:
    old = led("0075_untold_notes")
    OLD_ROWS["0075_untold_notes"](old)
    old.execute_sql("UPDATE issue SET step = 'collected'")
    old.execute_sql("DELETE FROM seal")
    seal_all(old, NOW)
    old.execute_sql("UPDATE issue SET location = '别处'")
    migrate(old)
    assert [one.fault for one in broken_chains()] == [Fault.STATE]


def test_every_column_that_must_be_unique_is(led: Led) -> None:
    newest = led(NAMES[-1])
    unique = {
        (table, index.columns[0])
        for table in tables_of_models()
        for index in newest.get_indexes(table)
        if index.unique and len(index.columns) == 1 and index.columns != ["id"]
    }
    assert unique == {
        ("counter", "name"),
        ("account", "username"),
        ("account_event", "counted_as"),
        ("issue", "number"),
        ("issue", "form_key_hash"),
        ("rating", "form_key_hash"),
        ("notice", "key"),
        ("paper_form", "serial"),
        ("paper_form", "issue_id"),
        ("imported_row", "key"),
        ("column_choice", "headers_hash"),
        ("photo", "key"),
        ("attachment", "key"),
        ("erasure", "code"),
        ("phone_duty", "key"),
        ("session", "key_hash"),
        ("incident", "form_key_hash"),
        ("incident", "issue_id"),  # of those that run
        ("assessment", "form_key_hash"),
        ("public_note", "issue_id"),  # of those that nobody has taken back
        ("project", "form_key_hash"),
        ("project", "topic_id"),
        ("fund_entry", "form_key_hash"),
        ("meeting", "form_key_hash"),
        ("server", "name"),
        ("claim", "name"),
    }


def test_migrating_again_does_nothing(led: Led) -> None:
    newest = led(NAMES[-1])
    before = schema(newest)
    assert migrate(newest) == []
    assert schema(newest) == before


def test_a_row_must_refer_to_rows_that_are_there(led: Led) -> None:
    current = led(NAMES[-1])
    with pytest.raises(peewee.IntegrityError), current.atomic():
        insert(current, "contact_attempt", issue_id=1, entry_id=1, tried_on="2026-11-23", how="")


def test_times_are_kept_as_utc_in_whole_seconds_that_sort(led: Led) -> None:
    led(NAMES[-1])
    local = datetime.fromisoformat("2026-11-23T09:00:00.999+08:00")
    Rating.create(form_key_hash="a", about="service:meals", satisfaction=5, made_at=local)
    kept = proxy.execute_sql('SELECT "made_at" FROM "rating"').fetchone()[0]
    assert kept == "2026-11-23T01:00:00Z"
    assert Rating.get().made_at == datetime(2026, 11, 23, 1, tzinfo=UTC)
