"""The migrations lead to the models' schema, once only, and carry the rows of every old shape."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import peewee
import pytest
from playhouse.migrations import Runner

from forms_app import casework
from forms_app.casework.turn import keep_words
from forms_app.issues import monthly, sums
from forms_app.issues.search import has_words
from forms_app.issues.sums import count_once
from forms_app.queries import broken_chains
from forms_app.rules.contact_keys import is_sealed
from forms_app.store.accounts import Account, AccountEvent, RecoveryCode, Session, SignInTry
from forms_app.store.counts import Installation
from forms_app.store.database import (
    APPLICATION_ID,
    MIGRATIONS,
    SQLITE_NEEDED,
    DatabaseRefused,
    migrate,
    open_database,
    proxy,
)
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
from forms_app.store.sheets import ImportedRow, PaperForm
from forms_app.store.tables import TABLES
from tests.store.ladder import Ladder, of_files, of_postgres
from tests.store.old_rows import (
    LATER,
    OLD_ROWS,
    TIME,
    insert,
    rows_of_0001,
    rows_of_0009,
    rows_of_0010,
    rows_of_0022,
    rows_of_0023,
    rows_of_0025,
    rows_of_0032,
    rows_of_0046,
)
from tests.support.actors import NOW
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

HISTORY = "schema_migration"
SEARCH = "issue_search"  # no model's: FTS5 here, text vectors there
NAMES = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


Led = Callable[[str], peewee.Database]


@pytest.fixture(params=["sqlite", POSTGRES])
def kind(request: pytest.FixtureRequest) -> str:
    """Whose database it is."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def ladders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ladder]]:
    both = {"sqlite": of_files(tmp_path_factory.mktemp("ladder")), "postgres": of_postgres()}
    yield both
    for ladder in both.values():
        ladder.close()


@pytest.fixture
def led(kind: str, ladders: dict[str, Ladder]) -> Iterator[Led]:
    """Gives an empty database whose last migration is this one."""
    with ExitStack() as stack:

        def at(migration: str) -> peewee.Database:
            address = stack.enter_context(ladders[kind].at(migration))
            return stack.enter_context(closing(open_database(address)))

        yield at


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, or may be made."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'forms.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def empty(address: str) -> Iterator[peewee.Database]:
    with closing(open_database(address)) as opened:
        yield opened


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
        "import sys; from forms_app.store.database import migrate, open_database\n"
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


def test_what_closed_an_issue_before_is_known_from_its_history(led: Led) -> None:
    old = led("0010_answers_due")
    rows_of_0010(old)
    old.execute_sql("UPDATE issue SET step = 'closed'")
    old.execute_sql("UPDATE entry SET move = 'evaluate', to_step = 'closed', actor_role = 'worker'")
    migrate(old)
    (found,) = Issue.select()
    assert (found.closed_at, found.verdict_by) == (NOW, "staff")


@pytest.mark.parametrize(("move", "merged_at"), [("merge", NOW), ("join", None)])
def test_when_staff_merged_an_issue_is_known_from_its_history(
    led: Led, move: str, merged_at: datetime | None
) -> None:
    old = led("0023_review")
    rows_of_0023(old)
    old.execute_sql("UPDATE issue SET step = 'merged'")
    old.execute_sql(f"UPDATE entry SET move = '{move}', to_step = 'merged'")  # noqa: S608
    migrate(old)
    (found,) = Issue.select()
    assert found.merged_at == merged_at


@pytest.mark.parametrize(("then", "day"), [("evaluate", "2027-03-01"), ("withdraw", "")])
def test_when_it_is_looked_at_again_is_known_from_what_the_resident_was_told(
    led: Led, then: str, day: str
) -> None:
    old = led("0022_urge")
    rows_of_0022(old)
    told = "街道说明：要等规划。下次研究时间：2027-03-01。"
    old.execute_sql(f"UPDATE entry SET move = 'explain', resident_line = '{told}'")  # noqa: S608
    insert(
        old, "entry", id=2, issue_id=1, made_at=TIME, actor_role="resident", actor_name="居民",
        move=then, to_step="closed", round_no=2, to_round=2, resident_line="", press="", note="",
        asked_how="", organization_id="", field="", old_value="", new_value="", result="",
        told_by="", stood_in_for="",
    )  # fmt: skip
    migrate(old)
    (found,) = Issue.select()
    assert found.review_on == day
    ends_at = datetime(2027, 3, 1, 16, tzinfo=UTC)
    assert found.review_due_at == (ends_at if day else None)


def test_sums_that_counted_all_verdicts_alike_are_counted_anew_once(
    led: Led,
) -> None:
    old = led("0032_extended")
    rows_of_0032(old)
    old.execute_sql("UPDATE entry SET satisfaction = 5, asked_how = '电话'")
    insert(old, "sum", id=2, kind="verdict", key="5", number=1)
    old.execute_sql("DELETE FROM counter")  # its number is not from the sequence
    insert(old, "counter", name=sums.COUNTED, value=1)
    migrate(old)
    assert sums.kept() == sums.recounted()
    count_once()
    entered = {key: count for (kind, key), count in sums.kept().items() if kind == sums.ENTERED}
    assert (list(entered.values()), sums.kept()["verdict", "5"]) == ([1], 0)
    sums.add(sums.rated("service:meals", 5, datetime.fromisoformat(TIME)))
    count_once()
    assert sums.kept() != sums.recounted()


@pytest.mark.parametrize(
    ("round_no", "severity_class", "stood_in_for", "level"),
    [
        (1, "B", "", "street_leader"),
        (1, "B", "community_leader", "community_leader"),
        (2, "B", "", ""),
        (1, "A", "", ""),
    ],
)
def test_which_level_put_it_off_is_known_from_the_history_of_this_round_and_class(
    led: Led, round_no: int, severity_class: str, stood_in_for: str, level: str
) -> None:
    old = led("0025_sessions")
    rows_of_0025(old)
    old.execute_sql(
        f"UPDATE issue SET round_no = {round_no}, severity_class = '{severity_class}'"  # noqa: S608
    )
    old.execute_sql(
        "UPDATE entry SET move = 'extend', round_no = 1, severity_class = 'B', "  # noqa: S608
        f"actor_role = 'street_leader', stood_in_for = '{stood_in_for}'"
    )
    migrate(old)
    (found,) = Issue.select()
    assert found.extended_by == level


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


CONTACTS = {
    "reporter_name": "CANARY金丝雀",
    "reporter_phone": "139-1234-5678",
    "reporter_email": "Canary@example.org",
    "confirmed_email": "canary@example.org",
}
PLAIN = [text.encode() for text in CONTACTS.values()]


def put_contacts(database: peewee.Database, key: int, contacts: Mapping[str, str]) -> None:
    """An issue like the one of 0001, with these contacts and no other."""
    columns = [
        one.name
        for one in database.get_columns("issue")
        if one.name not in ("id", "number", "form_key_hash", *CONTACTS)
    ]
    mark = "?" if isinstance(database, peewee.SqliteDatabase) else "%s"
    texts = [contacts.get(name, "") for name in CONTACTS]
    names = ", ".join(["id", "number", "form_key_hash", *CONTACTS, *columns])
    marks = ", ".join([mark] * (3 + len(CONTACTS)))
    database.execute_sql(
        f"INSERT INTO issue ({names}) SELECT {marks}, {', '.join(columns)} "  # noqa: S608
        "FROM issue WHERE id = 1",
        (key, f"26{key:04}", str(key), *texts),
    )


def test_contacts_of_old_rows_are_sealed_and_no_plain_byte_is_left(
    empty: peewee.Database, tmp_path: Path
) -> None:
    is_file = isinstance(empty, peewee.SqliteDatabase)
    Runner(empty, str(MIGRATIONS)).up(target="0046_phone_duty")
    rows_of_0046(empty)
    kinds = [{}, CONTACTS, *({name: text} for name, text in CONTACTS.items())]
    for key, contacts in enumerate([*kinds, *[CONTACTS] * 600], 10):
        put_contacts(empty, key, contacts)
    if is_file:  # as before what was erased was overwritten
        empty.execute_sql("PRAGMA secure_delete = 0")
    empty.execute_sql("DELETE FROM issue WHERE id > 400")
    if is_file:
        empty.execute_sql("PRAGMA secure_delete = 1")
        files = [tmp_path / "forms.db", tmp_path / "forms.db-wal"]
        assert any(text in file.read_bytes() for file in files for text in PLAIN)
    migrate(empty)
    sealed = empty.execute_sql(
        f"SELECT {', '.join(CONTACTS)} FROM issue WHERE id >= 10 ORDER BY id"  # noqa: S608
    ).fetchall()
    for contacts, row in zip(kinds, sealed, strict=False):
        assert [bool(text) for text in row] == [name in contacts for name in CONTACTS]
    told = [text for row in sealed for text in row if text]
    assert len(set(told)) == len(told)
    assert all(is_sealed(text) for text in told)
    for row, contacts in zip(Issue.select().where(Issue.id >= 10).order_by(Issue.id), kinds,
                             strict=False):  # fmt: skip
        assert {name: getattr(row, name) for name in CONTACTS} == {
            name: contacts.get(name, "") for name in CONTACTS
        }
    assert casework.keys_fit()
    if is_file:
        for file in files:
            assert not [text for text in PLAIN if text in file.read_bytes()], file


@pytest.mark.parametrize(
    ("step", "answered_at", "is_current", "answers_due_at"),
    [
        ("responding", None, True, NOW),  # the first of two summonses
        ("responding", NOW, True, NOW + timedelta(days=1)),
        ("responding", None, False, NOW + timedelta(days=1)),
        ("handling", None, True, None),
    ],
)
def test_the_first_of_the_silent_parties_of_old_rows_is_found(
    led: Led,
    step: str,
    answered_at: datetime | None,
    is_current: bool,
    answers_due_at: datetime | None,
) -> None:
    old = led("0009_photos")
    rows_of_0009(old)
    insert(
        old, "summons", id=2, issue_id=1, entry_id=1, round_no=2, severity_class="B",
        asked="再次会商", reply_by=LATER, subject="", place="",
    )  # fmt: skip
    for key, summons_id in ((2, 2), (3, 2)):
        insert(
            old, "party", id=key, summons_id=summons_id, issue_id=1,
            organization_id=f"fire{key}", answer="", opinion="", is_current=True, duty="",
            duty_basis="",
        )  # fmt: skip
    Issue.update(step=step).execute()
    Party.update(answered_at=answered_at, is_current=is_current).where(Party.id == 1).execute()
    migrate(old)
    assert Issue.get().answers_due_at == answers_due_at


def test_an_imported_issue_loses_the_slow_hash_that_stood_for_its_ticket(
    led: Led,
) -> None:
    old = led("0010_answers_due")
    rows_of_0010(old)
    migrate(old)
    assert ImportedRow.get().issue == Issue.get()
    assert Issue.get().ticket_hash == ""


def test_issues_that_were_there_before_the_search_are_found_by_it_without_names_and_phones(
    led: Led,
) -> None:
    old = led("0001_initial")
    rows_of_0001(old)
    migrate(old)

    def found(*words: str, places: list[str] | None = None) -> dict[str, list[str]]:
        asked = {one: has_words(Issue.id, [(one, places or [])]) for one in words}
        return {one: [row.number for row in Issue.select().where(asked[one])] for one in words}

    said = ("灯不亮", "灯", "2栋", "2", "去看", "260001", "0001", "（示例）灯", "示例")
    for _ in range(2):  # as the migration indexed it, and as it is indexed today
        assert found(*said) == {one: ["260001"] for one in said}
        assert found("爱丽丝", "0797", "199") == {"爱丽丝": [], "0797": [], "199": []}
        keep_words(Issue.get())
    assert found("桂园", places=["guiyuan"]) == {"桂园": ["260001"]}
    assert found("路灯", places=["xingyuan"]) == {"路灯": []}


def test_a_row_must_refer_to_rows_that_are_there(led: Led) -> None:
    current = led(NAMES[-1])
    with pytest.raises(peewee.IntegrityError), current.atomic():
        insert(current, "contact_attempt", issue_id=1, entry_id=1, tried_on="2026-11-23", how="")


def test_sqlite_is_opened_so_that_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'forms.db'}")) as opened:
        told = {
            name: opened.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_an_sqlite_that_can_corrupt_the_data_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peewee.SqliteDatabase, "server_version", (3, 51, 2))
    assert SQLITE_NEEDED == (3, 51, 3)
    with pytest.raises(DatabaseRefused, match=r"3\.51\.2"):
        open_database(f"sqlite:///{tmp_path / 'forms.db'}")


def test_times_are_kept_as_utc_in_whole_seconds_that_sort(led: Led) -> None:
    led(NAMES[-1])
    local = datetime.fromisoformat("2026-11-23T09:00:00.999+08:00")
    Rating.create(form_key_hash="a", about="service:meals", satisfaction=5, made_at=local)
    kept = proxy.execute_sql('SELECT "made_at" FROM "rating"').fetchone()[0]
    assert kept == "2026-11-23T01:00:00Z"
    assert Rating.get().made_at == datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_an_old_database_gets_a_name_of_its_own_and_our_mark(led: Led) -> None:
    old = led("0001_initial")
    migrate(old)
    [only] = Installation.select()
    assert len(only.code) == 16
    if isinstance(old, peewee.SqliteDatabase):
        assert old.application_id == APPLICATION_ID
