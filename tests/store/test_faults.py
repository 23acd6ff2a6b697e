"""What an error of the database means, asked of real ones: by their codes, never by their words."""

import errno
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import peewee
import pytest
from playhouse.db_url import connect

from forms_app.store.accounts import Account
from forms_app.store.counts import Counter
from forms_app.store.database import open_database, proxy, rest, writing
from forms_app.store.faults import DATABASE_ERRORS, Fault, fault_of, told
from forms_app.store.schema import migrate

pytestmark = pytest.mark.slow

# What somebody wrote, as it might stand in a driver's sentence.
WORDS = "三号楼漏水13900001234Zanzibar"


def raised(act: Callable[[], object]) -> Exception:
    with pytest.raises((*DATABASE_ERRORS, OSError)) as caught:
        act()
    return caught.value


def sql(database: peewee.Database, statement: str, *values: object) -> Callable[[], object]:
    return lambda: database.execute_sql(statement, values)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[peewee.Database]:
    """A database of tables, which waits for nobody."""
    opened = open_database(f"sqlite:///{tmp_path}/forms.db")
    migrate(opened)
    opened.execute_sql("PRAGMA busy_timeout = 0")
    yield opened
    opened.close()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[peewee.Database]:
    opened = open_database(postgres_url)
    migrate(opened)
    yield opened
    opened.close()


def count(value: int = 1) -> object:
    with writing():
        return Counter.create(name=WORDS, value=value)


def test_where_nothing_can_be_written_what_there_is_can_be_read(
    sqlite: peewee.Database, tmp_path: Path
) -> None:
    count()
    sqlite.close()
    # On a full disk SQLite cannot make the file that it shares among processes.
    (tmp_path / "forms.db-shm").mkdir()
    assert migrate(open_database(f"sqlite:///{tmp_path}/forms.db")) == []
    assert Counter.get(name=WORDS).value == 1
    assert fault_of(raised(lambda: Counter.update(value=2).execute())) is Fault.READ_ONLY
    (tmp_path / "forms.db-shm").rmdir()
    rest()  # as after a request
    assert Counter.update(value=3).execute() == 1
    assert Counter.get(name=WORDS).value == 3
    proxy.close()


FULL_DISK = """
import resource, sys
from forms_app.store.database import DatabaseRefused, open_database
from forms_app.store.schema import migrate
from forms_app.store.counts import Counter

# No file may grow: as on a full disk, but for its name.
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    migrate(open_database(sys.argv[1]))
    print(Counter.select().count())
except DatabaseRefused:
    print("refused")
"""


@pytest.mark.parametrize(("has_log", "said"), [(False, "1"), (True, "refused")])
def test_on_a_full_disk_the_file_is_read_unless_a_log_belongs_to_it(
    sqlite: peewee.Database, tmp_path: Path, has_log: bool, said: str
) -> None:
    count()
    left = ("forms.db", "forms.db-wal") if has_log else ("forms.db",)
    if not has_log:
        sqlite.close()
    (tmp_path / "cut").mkdir()
    for name in left:  # as a power cut leaves them
        shutil.copy(tmp_path / name, tmp_path / "cut" / name)
    url = f"sqlite:///{tmp_path}/cut/forms.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, url], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [said]


def test_a_database_whose_folder_is_gone_is_unreachable(
    sqlite: peewee.Database, tmp_path: Path
) -> None:
    sqlite.close()
    tmp_path.rename(tmp_path.with_name("gone"))
    assert fault_of(raised(sql(sqlite, "SELECT 1"))) is Fault.UNREACHABLE
    # Whoever would write takes the lock first, and finds no file to lock.
    assert fault_of(raised(count)) is Fault.UNREACHABLE


@pytest.mark.usefixtures("sqlite")
def test_a_database_that_another_process_holds_is_locked(tmp_path: Path) -> None:
    code = (
        "import sys; from forms_app.store.database import open_database;"
        "opened = open_database(sys.argv[1]); opened.execute_sql('BEGIN EXCLUSIVE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, f"sqlite:///{tmp_path}/forms.db"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        error = raised(count)
        other.communicate()
    assert fault_of(error) is Fault.LOCKED
    assert told(error) == "OperationalError SQLITE_BUSY database is locked"
    count()


def test_a_database_that_may_not_grow_is_full_and_keeps_what_it_has(
    sqlite: peewee.Database,
) -> None:
    count()
    sqlite.execute_sql("PRAGMA max_page_count = 1")  # as many as there are

    def fill() -> None:
        with writing():
            for number in range(10_000):
                Counter.create(name=f"{WORDS}{number}", value=number)

    error = raised(fill)
    assert fault_of(error) is Fault.FULL
    assert told(error) == "OperationalError SQLITE_FULL database or disk is full"
    assert Counter.select().count() == 1
    sqlite.execute_sql("PRAGMA max_page_count = 100000")
    fill()


@pytest.mark.usefixtures("sqlite")
def test_a_database_that_can_only_be_read_says_so(tmp_path: Path) -> None:
    readable = peewee.SqliteDatabase(f"file:{tmp_path}/forms.db?mode=ro", uri=True)
    with closing(readable):
        error = raised(sql(readable, "DELETE FROM issue"))
    assert fault_of(error) is Fault.READ_ONLY


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, Fault.UNREACHABLE),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Fault.LOCKED),
        (sqlite3.SQLITE_READONLY_DBMOVED, Fault.READ_ONLY),
        (sqlite3.SQLITE_CORRUPT_INDEX, Fault.DAMAGED),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, None),
    ],
)
def test_an_extended_code_means_what_its_primary_one_does(code: int, fault: Fault | None) -> None:
    inner = sqlite3.OperationalError("whatever it says")
    inner.sqlite_errorcode = code
    assert fault_of(peewee.OperationalError(inner, "whatever it says")) is fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, Fault.FULL),
        (errno.EDQUOT, Fault.FULL),
        (errno.EROFS, Fault.READ_ONLY),
        (errno.EIO, Fault.UNREACHABLE),
        (errno.ENOENT, None),
        (errno.ECONNRESET, None),
    ],
)
def test_a_full_disk_is_one_for_photos_too_and_a_missing_file_is_none(
    number: int, fault: Fault | None
) -> None:
    assert fault_of(OSError(number, "whatever it says")) is fault


def test_no_other_error_is_a_fault() -> None:
    for error in (ValueError("locked"), KeyError("full"), peewee.InterfaceError("unreachable")):
        assert fault_of(error) is None


def test_a_renamed_column_is_a_mistake_and_named_in_the_log(sqlite: peewee.Database) -> None:
    sqlite.execute_sql("ALTER TABLE issue RENAME COLUMN description TO words")
    error = raised(sql(sqlite, "SELECT description FROM issue"))
    assert fault_of(error) is None
    assert told(error) == "OperationalError SQLITE_ERROR no such column description"


@pytest.mark.usefixtures("sqlite")
def test_a_constraint_is_a_mistake_and_named_in_the_log() -> None:
    count()
    error = raised(count)
    assert fault_of(error) is None
    assert told(error) == "IntegrityError SQLITE_CONSTRAINT UNIQUE constraint failed counter name"


def test_a_file_that_is_no_database_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text(WORDS * 100)
    other = peewee.SqliteDatabase(str(tmp_path / "other.db"))
    with closing(other):
        error = raised(sql(other, "SELECT * FROM issue"))
    assert fault_of(error) is None
    assert "SQLITE_NOTADB" in told(error)


def test_what_was_looked_for_never_gets_into_the_log(sqlite: peewee.Database) -> None:
    # FTS5 takes what it is asked for apart, and quotes what it cannot read.
    for question in (f'"{WORDS}', f"{WORDS} : x", f"{WORDS}^^", "13900001234 AND AND"):
        error = raised(sql(sqlite, "SELECT rowid FROM issue_search WHERE terms MATCH ?", question))
        assert fault_of(error) is None
        assert not any(part in told(error) for part in ("三号楼", "1390000", "Zanzibar"))


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    for address in (f"postgresql://circle@/x?host={tmp_path}", "postgresql://circle@127.0.0.1:1/x"):
        nowhere = connect(address)
        error = raised(sql(nowhere, "SELECT 1"))
        assert fault_of(error) is Fault.UNREACHABLE
        assert str(tmp_path) not in told(error)


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_unreachable(postgres: peewee.Database) -> None:
    error = raised(sql(postgres, "SELECT pg_terminate_backend(pg_backend_pid())"))
    assert fault_of(error) is Fault.UNREACHABLE
    assert "57P01" in told(error)
    assert fault_of(raised(sql(postgres, "SELECT 1"))) is Fault.UNREACHABLE
    postgres.close()
    assert proxy.execute_sql("SELECT 1").fetchone() == (1,)


@pytest.mark.postgres
def test_a_table_that_another_connection_holds_is_locked(
    postgres: peewee.Database, postgres_url: str
) -> None:
    with closing(connect(postgres_url)) as other, other.atomic():
        other.execute_sql("LOCK TABLE counter")
        postgres.execute_sql("SET lock_timeout = '50ms'")
        assert fault_of(raised(count)) is Fault.LOCKED


@pytest.mark.postgres
def test_a_standby_can_only_be_read(postgres: peewee.Database) -> None:
    postgres.execute_sql("SET default_transaction_read_only = on")
    assert fault_of(raised(count)) is Fault.READ_ONLY


@pytest.mark.postgres
def test_a_server_whose_disk_is_full_says_so(postgres: peewee.Database) -> None:
    raising = "DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$"
    assert fault_of(raised(sql(postgres, raising))) is Fault.FULL


@pytest.mark.postgres
def test_of_what_postgresql_says_the_log_gets_no_value(postgres: peewee.Database) -> None:
    count()
    postgres.execute_sql("ALTER TABLE issue RENAME COLUMN description TO words")
    errors = {
        "IntegrityError 23505 duplicate key value violates unique constraint": raised(count),
        "DataError 22P02 invalid input syntax for type": raised(
            sql(postgres, "SELECT CAST(%s AS integer)", WORDS)
        ),
        "ProgrammingError 42703 column description does not exist": raised(
            sql(postgres, "SELECT description FROM issue")
        ),
        "ProgrammingError 42601 syntax error": raised(
            sql(postgres, "SELECT to_tsquery('simple', %s)", f"{WORDS} & & x")
        ),
    }
    assert {told(error): fault_of(error) for error in errors.values()} == dict.fromkeys(errors)


def test_the_log_knows_the_names_of_the_tables(sqlite: peewee.Database) -> None:
    sqlite.execute_sql("ALTER TABLE account RENAME TO elsewhere")
    error = raised(lambda: Account.get_or_none(Account.username == WORDS))
    assert told(error) == "OperationalError SQLITE_ERROR no such table account"


def test_who_comes_upon_a_file_that_another_is_making_waits_and_can_write(tmp_path: Path) -> None:
    path = tmp_path / "forms.db"
    held = peewee.sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    held.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.3, held.rollback).start()
    with closing(held), closing(open_database(f"sqlite:///{path}")) as opened:
        assert migrate(opened) != []


def test_who_waits_too_long_for_a_new_file_is_told_that_it_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "forms.db"
    held = peewee.sqlite3.connect(path, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    with closing(held), closing(open_database(f"sqlite:///{path}")) as opened:
        opened._timeout = 0.1
        assert fault_of(raised(opened.connect)) is Fault.LOCKED
