"""The database that the tests begin with, made once: its accounts and five issues."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import peewee

from forms_app import casework
from forms_app.casework.turn import keep_words
from forms_app.issues.access import resident
from forms_app.store.contacts import KEY_FILE, use_keys
from forms_app.store.database import open_database
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from forms_app.store.tables import TABLES
from tests.support.actors import (
    CIRCLE,
    COLIN,
    CONTACT_KEYS,
    ELSEWHERE,
    FIRST,
    HANDED_IN,
    NOW,
    PASSWORD,
    SECOND,
    STAFF,
    THIRD,
    submit,
)


@dataclass(frozen=True)
class Seed:
    """A SQLite file with the accounts and five issues, made once; hashing is slow on purpose."""

    path: Path

    def copy_to(self, file: Path) -> None:
        """Lays a copy there, and beside it the key of the contacts in it."""
        shutil.copy(self.path, file)
        lay_key(file.parent)

    def pour_into(self, database: peewee.Database) -> None:
        """Makes a SQLite database, or one that is a `world`, as if nothing had happened yet."""
        use_keys(CONTACT_KEYS)
        if isinstance(database, peewee.SqliteDatabase):
            lay_key(Path(str(database.database)).parent)
            with peewee.SqliteDatabase(str(self.path)) as kept:
                kept.connection().backup(database.connection())
        else:
            database.execute_sql(AGAIN)


# A second schema keeps the rows; one statement a test brings them back. What they refer to is
# there again when it is over: looking after each of them takes the server five times as long.
SCHEMA = "kept"
AGAIN = f"SELECT {SCHEMA}.again()"
_NAMES = [*(table._meta.table_name for table in TABLES), "issue_search"]


def _keep_rows(database: peewee.Database) -> None:
    """Keeps the rows of this PostgreSQL database for `AGAIN`, which it makes."""
    database.execute_sql(f"CREATE SCHEMA {SCHEMA}")
    numbers = []
    back = [f'DELETE FROM public."{name}"' for name in reversed(_NAMES)]  # noqa: S608
    for name in _NAMES:
        kept = f'{SCHEMA}."{name}"'
        made = database.execute_sql(f'CREATE TABLE {kept} AS TABLE "{name}"')
        if made.rowcount:
            back.append(f'INSERT INTO public."{name}" SELECT * FROM {kept}')  # noqa: S608
        if name != "issue_search":
            ask = f'SELECT COALESCE(MAX(id), 0) + 1 FROM "{name}"'  # noqa: S608
            next_id = database.execute_sql(ask).fetchone()[0]
            numbers.append(f"setval('public.{name}_id_seq', {next_id}, false)")
    database.execute_sql(
        f"CREATE FUNCTION {SCHEMA}.again() RETURNS void LANGUAGE sql "
        f"SET session_replication_role = replica "
        f"AS $$ {'; '.join(back)}; SELECT {', '.join(numbers)}; SELECT $$"
    )


def lay_key(folder: Path) -> None:
    """The tests' key of contacts, beside a SQLite database."""
    file = folder / KEY_FILE
    file.write_text(CONTACT_KEYS.told(), encoding="ascii")
    file.chmod(0o600)


def world(seeded: Seed, url: str) -> None:
    """Fills an empty PostgreSQL database with the seed's rows, and keeps them for `AGAIN`."""
    database = open_database(f"sqlite:///{seeded.path}")
    rows = {table: list(table.select().dicts()) for table in TABLES}
    database.close()
    database = open_database(url)
    migrate(database)
    with database.atomic():
        for table in TABLES:
            if rows[table]:
                table.delete().execute()  # what a migration wrote
                table.insert_many(rows[table]).execute()
        for found in Issue.select():
            keep_words(found)
        _keep_rows(database)
    database.close()


def seed(path: Path) -> None:
    """Fills a new SQLite database at `path` through casework."""
    lay_key(path.parent)
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    for name, actor in STAFF.items():
        account = casework.add_account(
            CIRCLE,
            username=name,
            display_name=name,
            role=actor.role.value,
            community_id=actor.community_id,
            organization_id=actor.organization_id,
            password=PASSWORD,
            now=NOW,
        )
        assert account.id == actor.account_id
    for number in (FIRST, SECOND, THIRD, HANDED_IN, ELSEWHERE):
        by_colin = number == HANDED_IN
        issue = submit(
            f"form {number}",
            COLIN if by_colin else resident(),
            community_id="yinxing" if number == ELSEWHERE else "jingui",
            channel="grid_worker" if by_colin else "web",
        )
        assert issue.number == number
    for table in TABLES:
        for row in table.select().dicts():
            assert set(row) == set(table._meta.fields)
    database.close()


def copied(seeded: Seed, path: Path) -> peewee.Database:
    """The seeded database again, as a SQLite file of its own, with its key beside."""
    seeded.copy_to(path)
    return open_database(f"sqlite:///{path}")
