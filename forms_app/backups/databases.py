"""A database into a file and back: SQLite by its own copy, PostgreSQL by pg_dump and pg_restore.

What comes back comes beside the present one, under another name, and is checked there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import peewee
from msgspec import Struct

from forms_app.files.attachments import END as ATTACHMENT_END
from forms_app.files.durable import sync
from forms_app.queries import month_roots
from forms_app.rules.erasures import Erased
from forms_app.rules.merkle import Root
from forms_app.rules.os_words import MEND_DAMAGED
from forms_app.rules.refused import Refused
from forms_app.store.database import open_database
from forms_app.store.faults import Fault, fault_of, in_words
from forms_app.store.schema import is_empty
from forms_app.store.tables import TABLES

# Of a photo: the picture, and the small one.
PHOTO_ENDS = (".jpg", ".small.jpg")
# What SQLite and our own queue of writers lay beside a database.
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
_HISTORY = "schema_migration"
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PGPASSFILE", "PGSSLROOTCERT")
# One that is always there, from which the others can be renamed.
_NEIGHBOUR = "template1"
_EMPTY = "template0"  # what a new one is a copy of: nobody may have that open, and nobody can
_LONGEST_NAME = 30  # letters; PostgreSQL cuts names of more than 63, and ours add to them


class DatabaseNotCopied(Refused):
    """The database was not written or not read back; the text says why."""


class DatabaseBusy(Refused):
    """Somebody uses the database that is to be changed."""


class Facts(Struct, frozen=True):
    """What a database says of itself."""

    installation: str  # "" before it had a name
    schema: str  # the last migration's name
    rows: Mapping[str, int]
    photos: Mapping[str, int]  # by key, the size in bytes of the picture
    attachments: Mapping[str, int]  # by key, the size in bytes
    erased: tuple[Erased, ...]  # what residents had erased
    log: tuple[Root, ...] | None  # the months' roots; None before it was sealed

    @property
    def files(self) -> Mapping[str, tuple[tuple[str, ...], int]]:
        """By key, the names of its files beside the database, and the size of the first."""
        photos = {
            key: (tuple(f"{key}{end}" for end in PHOTO_ENDS), size)
            for key, size in self.photos.items()
        }
        return photos | {
            key: ((f"{key}{ATTACHMENT_END}",), size) for key, size in self.attachments.items()
        }


def kind_of(url: str) -> str:
    """sqlite or postgresql."""
    return "sqlite" if url.startswith("sqlite:///") else "postgresql"


def facts(database: peewee.Database) -> Facts:
    """Reads them as they stand, of whatever age the schema is. Raises peewee's errors."""
    there = set(database.get_tables())
    known = sorted(there & {_HISTORY, *(table._meta.table_name for table in TABLES)})
    rows = {name: _rows(database, f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in known}  # noqa: S608
    names = [row[0] for row in _rows(database, f"SELECT name FROM {_HISTORY}")]  # noqa: S608
    return Facts(
        installation=next(
            (row[0] for row in _rows(database, "SELECT code FROM installation")), ""
        ) if "installation" in there else "",
        schema=max(names, default=""),
        rows=rows,
        photos=_sizes(database, "photo", there),
        attachments=_sizes(database, "attachment", there),
        erased=tuple(
            Erased(*row)
            for row in _rows(
                database, "SELECT code, number, what, made_at FROM erasure ORDER BY id"
            )
        ) if "erasure" in there else (),
        log=tuple(month_roots(database)) if "seal" in there else None,
    )  # fmt: skip


def _sizes(database: peewee.Database, table: str, there: Collection[str]) -> dict[str, int]:
    """The size of each file that the table names, by key; none where there is no such table."""
    return dict(_rows(database, f"SELECT key, size FROM {table}")) if table in there else {}  # noqa: S608


def dump(url: str, target: Path) -> Facts:
    """Writes one consistent state into a new file while others go on; what that state holds.

    Raises DatabaseNotCopied and OSError.
    """
    try:
        if kind_of(url) == "sqlite":
            copy_sqlite(url, target)
            with closing(_reading(target)) as copy:
                return facts(copy)
        return _dump_postgres(url, target)
    except peewee.PeeweeException as error:
        remedy = MEND_DAMAGED if fault_of(error) is Fault.DAMAGED else ""
        words = f"没有备份成：数据库拷不出来（{in_words(error)}）。{remedy}"
        raise DatabaseNotCopied(words) from error


def copy_sqlite(url: str, target: Path) -> None:
    """VACUUM INTO: one file that needs no other. Raises peewee's errors and OSError."""
    with _readable(url, target.parent) as source, closing(open_database(source)) as database:
        _run_sql(database, "VACUUM INTO ?", (str(target.absolute()),))
    target.chmod(0o600)
    sync(target)  # VACUUM INTO leaves this to whoever wants to keep the file


@contextmanager
def _readable(url: str, scratch: Path) -> Iterator[str]:
    """The database where SQLite can open it: it writes beside what it reads.

    On a disk that can only be read nobody changes it, so that copies of its files are one state.
    """
    path = Path(url.removeprefix("sqlite:///"))
    if not os.statvfs(path).f_flag & os.ST_RDONLY:
        yield url
        return
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".reading-") as folder:
        for end in ("", "-wal"):
            source = path.with_name(path.name + end)
            if source.exists():
                shutil.copyfile(source, Path(folder) / source.name)
        yield f"sqlite:///{Path(folder) / path.name}"


@contextmanager
def staged(
    source: Path, url: str, scratch: Path | None = None, length: int | None = None
) -> Iterator[str]:
    """The file's database beside the one at `url`, or in `scratch`, under another name: its url.

    Of a SQLite file that is its first `length` bytes. It is gone after the block, unless `put_in`
    has taken it. Raises DatabaseNotCopied and OSError.
    """
    if kind_of(url) == "sqlite":
        target = Path(url.removeprefix("sqlite:///"))
        copy = (scratch or target.parent) / f"{target.name}.restoring"
        try:
            _remove_beside(copy)
            copy.touch(0o600)
            with source.open("rb") as file, copy.open("wb") as fresh:
                shutil.copyfileobj(file, fresh)
                fresh.truncate(length)
            yield f"sqlite:///{copy}"
        finally:
            _remove_beside(copy)
        return
    name = f"{_name(url)[:_LONGEST_NAME]}_restoring_{os.getpid()}"
    _client(
        "createdb", f"--template={_EMPTY}", f"--maintenance-db={_named(url, _NEIGHBOUR)}",
        name, url=url,
    )  # fmt: skip
    try:
        _client(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", f"--dbname={_named(url, name)}", str(source), url=url,
        )  # fmt: skip
        yield _named(url, name, password=True)
    finally:
        _client(
            "dropdb", "--if-exists", "--force", f"--maintenance-db={_named(url, _NEIGHBOUR)}",
            name, url=url,
        )  # fmt: skip


def read_through(source: Path, url: str) -> None:
    """Reads a PostgreSQL dump to its end without a database. Raises DatabaseNotCopied."""
    _client("pg_restore", "--file", os.devnull, str(source), url=url)


def put_in(staged_url: str, url: str) -> str:
    """Puts the staged database into the place of the one at `url`; how the old one is called now.

    "" if there was none. One rename, so that a crash leaves either the one or the other. Raises
    DatabaseBusy, DatabaseNotCopied and OSError.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if kind_of(url) == "sqlite":
        fresh, target = (Path(one.removeprefix("sqlite:///")) for one in (staged_url, url))
        return _put_in_file(fresh, target, stamp)
    old, new = _name(url), _name(staged_url)
    aside = f"{old[:_LONGEST_NAME]}_before_restore_{stamp.replace('-', '_')}"
    moves = [f'ALTER DATABASE "{new}" RENAME TO "{old}"']
    is_there = _sql(url, f"SELECT 1 FROM pg_database WHERE datname = '{old}'")  # noqa: S608
    if is_there:
        moves.insert(0, f'ALTER DATABASE "{old}" RENAME TO "{aside}"')
    _sql(url, "; ".join(["BEGIN", *moves, "COMMIT"]))
    return aside if is_there else ""


def fold(database: peewee.Database) -> None:
    """Brings all of a SQLite database into its one file. Raises peewee.DatabaseError."""
    if isinstance(database, peewee.SqliteDatabase):
        _run_sql(database, "PRAGMA journal_mode = delete")


def is_there(url: str) -> bool:
    """Whether there is a database to be changed. Raises DatabaseNotCopied."""
    if kind_of(url) == "sqlite":
        return Path(url.removeprefix("sqlite:///")).exists()
    with closing(open_database(url)) as database:
        return not is_empty(database)


def _put_in_file(fresh: Path, target: Path, stamp: str) -> str:
    sync(fresh)
    aside = None
    if target.exists():
        _fold_present(target)
        ends = chain([""], (f"-{n}" for n in count(2)))
        name = f"{target.name}.before-restore-{stamp}"
        aside = next(p for p in (target.with_name(name + e) for e in ends) if not p.exists())
        os.link(target, aside)
        # Of a database that was broken; a good one has just folded them in.
        for end in BESIDE[1:4]:
            beside = target.with_name(target.name + end)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + end))
    fresh.replace(target)
    sync(target.parent)
    return str(aside or "")


def _fold_present(target: Path) -> None:
    database = open_database(f"sqlite:///{target}")
    try:
        fold(database)
    except peewee.OperationalError as error:
        raise DatabaseBusy("数据库正被别的命令占用，等它做完再恢复。") from error
    except peewee.DatabaseError:
        pass  # broken: that may be why a backup is wanted
    finally:
        database.close()


def _remove_beside(path: Path) -> None:
    for end in BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _reading(path: Path) -> peewee.Database:
    """A database that leaves every byte of the file as it is."""
    return peewee.SqliteDatabase(
        f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True
    )


def _dump_postgres(url: str, target: Path) -> Facts:
    target.touch(0o600)
    with closing(open_database(url)) as database, database.atomic():
        # What is counted here is what pg_dump sees, whatever others write meanwhile.
        _run_sql(database, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        [[snapshot]] = _rows(database, "SELECT pg_export_snapshot()")
        _client(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--file={target}", f"--dbname={_named(url, _name(url))}",
            url=url,
        )  # fmt: skip
        found = facts(database)
    sync(target)
    return found


def _sql(url: str, statement: str) -> str:
    return _client(
        "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
        "--set=ON_ERROR_STOP=1", f"--dbname={_named(url, _NEIGHBOUR)}", f"--command={statement}",
        url=url,
    )  # fmt: skip


def _client(program: str, *arguments: str, url: str) -> str:
    """Runs one of PostgreSQL's own programs; what it said. Raises DatabaseNotCopied."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    password = urlsplit(url).password
    if password is not None:
        environment["PGPASSWORD"] = unquote(password)  # arguments are for everybody to read
    path = shutil.which(program)
    if path is None:
        raise DatabaseNotCopied(f"没有找到 {program}，请先安装 PostgreSQL 的客户端程序。")
    done = subprocess.run(  # noqa: S603 (PostgreSQL's own, with our words)
        [path, *arguments], env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["没有说明原因"])[0]
        raise DatabaseNotCopied(f"{program} 没有做成（{reason}）。")
    return done.stdout.strip()


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.strip("/"))


def _named(url: str, name: str, *, password: bool = False) -> str:
    """The address of another database of the same server; without its password, but for Peewee."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not password:
        user = user.partition(":")[0]
    return parts._replace(netloc=f"{user}{at}{host}", path=f"/{quote(name)}").geturl()


def _rows(database: peewee.Database, sql: str) -> list[tuple[Any, ...]]:
    return list(_run_sql(database, sql))


def _run_sql(database: peewee.Database, sql: str, values: tuple[object, ...] = ()) -> Any:
    return database.execute_sql(sql, values)  # type: ignore[no-untyped-call]
