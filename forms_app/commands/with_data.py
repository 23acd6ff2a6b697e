"""What one command of the administrator's needs before it can begin: data, database, schema.

It knows no command; the server opens the same things itself, because its threads keep them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import peewee

from forms_app import casework, queries
from forms_app.backups.place import Place
from forms_app.commands.claims import need_alone
from forms_app.community import Circle, DataRefused, load
from forms_app.files.running_lock import InUse, in_use
from forms_app.issues.sums import count_once
from forms_app.office.last_good import keep, last_good
from forms_app.settings import ContactKeyLost, Settings
from forms_app.store.contacts import use_keys
from forms_app.store.database import DatabaseRefused, open_database, proxy, usable
from forms_app.store.schema import is_empty, migrate, missing_migrations, need_ours

CHANGES_TABLES = (
    "这个新版本要改数据库的表，还没有改，什么也没有动。请先停下那一台（断电的等三分钟），"
    "这一台换好以后，再给那一台换上同一个新版本。"
)


@contextmanager
def opened(
    settings: Settings, *, may_be_locked: bool = False, as_they_are: bool = False
) -> Iterator[Circle]:
    """The community's data, with the database open and up to date until the block ends; the last
    good ones where they cannot be used now, unless they are wanted `as_they_are`.

    Raises DataRefused, DatabaseRefused, and ContactKeyLost unless contacts `may_be_locked`.
    """
    circle = loaded(settings) if as_they_are else loaded_or_last_good(settings)
    database = bring_up(
        settings, may_be_locked=may_be_locked, before_change=lambda: _need_no_server(settings)
    )
    try:
        yield queries.with_names(circle, datetime.now(UTC))
    finally:
        database.close()


@contextmanager
def one_state() -> Iterator[None]:
    """A block that reads one state of the database while others go on writing."""
    database = proxy.obj
    if isinstance(database, peewee.PostgresqlDatabase):
        with database.atomic():
            repeatable = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            database.execute_sql(repeatable)  # type: ignore[no-untyped-call]
            yield
    else:
        with database.atomic("DEFERRED"):
            yield


def loaded(settings: Settings) -> Circle:
    """The community's data. Raises DataRefused; and DatabaseRefused where a newer program has used
    this office: what the older one does not know in its files is no mistake of anybody's.
    """
    try:
        return load(settings.community_dir)
    except DataRefused:
        file = settings.database_file
        if file is None or file.exists():  # asking makes none
            with closing(open_database(settings.database_url)) as database, usable():
                if not is_empty(database):
                    need_ours(database)
        raise


def loaded_or_last_good(settings: Settings) -> Circle:
    """The community's data, else those that could last be used, which is said on standard error:
    clocks and reminders do not wait until a mistake in a file is mended. Raises DataRefused where
    there are none, and DatabaseRefused.
    """
    try:
        circle = loaded(settings)
    except DataRefused as refused:
        kept = last_good(settings)
        if kept is None:
            raise
        count = len(refused.errors)
        print(
            f"社区数据有 {count} 处要改，先用改坏以前的；请运行 scripts/circle check-data。",
            file=sys.stderr, flush=True,
        )  # fmt: skip
        return kept
    keep(settings)
    return circle


def bring_up(
    settings: Settings,
    *,
    may_be_empty: bool = False,
    may_be_locked: bool = False,
    keeps_connections: bool = False,
    before_change: Callable[[], None] = lambda: None,
) -> peewee.Database:
    """The office's database, open and up to date; made where this is a new office.

    One that is not there beside an office's photos or figures is missed, not new, unless it
    `may_be_empty`. `before_change` is called before its tables are changed, and not where they
    stay as they are. Raises DatabaseRefused, and ContactKeyLost where the contacts in it open with
    no key of these settings, unless they `may_be_locked`.
    """
    use_keys(settings.contact_keys)
    database = open_database(settings.database_url, keeps_connections=keeps_connections)
    left = () if may_be_empty else _left_behind(settings)
    try:
        if left and _is_new(settings, database):
            raise DatabaseRefused(
                f"数据库不见了，可是 {'、'.join(left)} 还在，"
                "说明这里原来有数据，所以没有从空的开始。"
                "请先找回数据库，或者用 scripts/circle restore 从备份恢复；"
                "确实要从空的重新开始，请用 scripts/start --new-office。"
            )
        migrate(database, before_change)
        with usable():
            count_once()
            fits = casework.keys_fit()
        if not (fits or may_be_locked):
            raise ContactKeyLost(settings.contact_key_file)
    except BaseException:
        database.close()
        raise
    return database


def _need_no_server(settings: Settings) -> None:
    """An older program that still serves, here or elsewhere, would not know the changed tables.
    Raises DatabaseRefused and OtherThere.
    """
    try:
        with in_use(settings.private_dir, alone=True):
            pass
    except InUse as busy:
        raise DatabaseRefused(
            "程序已经更新，正在运行的服务还是旧的：先让它换成新的"
            "（重新加载服务，或者停下再运行 scripts/start），再用这个命令。"
        ) from busy
    need_alone(settings, CHANGES_TABLES)


def need_alone_for_change(settings: Settings) -> None:
    """Where this program would change the tables, no other server uses them. Raises OtherThere."""
    with closing(open_database(settings.database_url)) as database, usable():
        if not is_empty(database) and missing_migrations(database):
            need_alone(settings, CHANGES_TABLES)


def _is_new(settings: Settings, database: peewee.Database) -> bool:
    """Whether there is no database yet; asking makes none. Raises DatabaseRefused."""
    file = settings.database_file
    return (file is not None and _is_gone(file)) or is_empty(database)


def _is_gone(file: Path) -> bool:
    return not file.exists() or file.stat().st_size == 0


def _left_behind(settings: Settings) -> tuple[str, ...]:
    """What is there only after an office has worked."""
    file = settings.database_file
    beside: list[Path] = []
    if file is not None:
        log = file.with_name(f"{file.name}-wal")
        # SQLite makes its file before its log: one that is made just now, or whose first making
        # was interrupted, is not missed.
        if log.exists() and _is_gone(file):
            beside.append(log)
        beside.extend(file.parent.glob(f"{file.name}.before-restore-*"))
    photos = next(settings.photos_dir.glob("*.jpg"), None) or _shared_photo(settings)
    figures = [settings.tallies_file] if settings.tallies_file.exists() else []
    backups = Place(settings.backups_dir).backups()[-1:]
    left = (*([photos] if photos else []), *beside, *figures, *backups)
    return tuple(str(path) for path in left)[:2]


def _shared_photo(settings: Settings) -> str | None:
    """Where the office's bucket has photos already, that it does; None where it cannot be asked."""
    if settings.bucket is None:
        return None
    try:
        photos = settings.objects(settings.photos_dir).under()
        is_there = any(found.name.endswith(".jpg") for found in photos)
    except OSError:
        return None
    return f"{settings.bucket.address}/{settings.photos_dir.name}" if is_there else None
