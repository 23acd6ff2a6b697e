"""A new version of the program on an office's data: noted before it begins, so that whoever starts
next knows what was left half done.

private/upgrade/state.json    which program is coming, and whether it has served
private/upgrade/before.*      the database as it was when the old program had left

The new program writes that copy before it changes a table, when nobody else works. The old program,
started again, finds a database that is newer than itself and puts the copy back.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from forms_app.backups.databases import dump, kind_of, put_in, staged
from forms_app.files.durable import make_folder, replace_files, sync
from forms_app.files.running_lock import in_use
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy, usable
from forms_app.store.schema import is_empty, unknown_migrations

FOLDER, STATE = "upgrade", "state.json"
# As scripts/upgrading knows them, in a version that lies beside the program until it has served.
STANDS_FOR, SERVED = ".stands-for.json", ".served"
COPIES = {"sqlite": "before.sqlite", "postgresql": "before.dump"}


class Upgrade(Struct, frozen=True):
    """One that began and was not confirmed: the folder of the program that is coming."""

    to: str
    has_served: bool = False


def pending(settings: Settings) -> Upgrade | None:
    """The upgrade that is not done yet, if there is one."""
    try:
        told = json.loads((_folder(settings) / STATE).read_text(encoding="utf-8"))
        return Upgrade(str(told["to"]), bool(told["has_served"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin(settings: Settings, program: Path) -> None:
    """Notes that this program is coming. Raises OSError."""
    _clear_copy(settings)
    _note(settings, Upgrade(str(program)))


def keep_copy(settings: Settings) -> None:
    """Copies the open database before its tables are changed, while an upgrade is not done yet.

    To be called by whoever is alone. Raises DatabaseNotCopied and OSError.
    """
    copy = _copy(settings)
    if pending(settings) is None or copy.exists():
        return
    in_use_now = proxy.obj
    if is_empty(in_use_now):
        return
    fresh = copy.with_name(f".{copy.name}")
    fresh.unlink(missing_ok=True)
    try:
        dump(settings.database_url, fresh)
    finally:
        proxy.initialize(in_use_now)  # whoever copies opens it anew
    fresh.replace(copy)
    sync(copy.parent)


def undo(settings: Settings, need_alone: Callable[[], None] = lambda: None) -> str:
    """Puts the copy back where a newer program has changed the tables; a sentence, or "".

    `need_alone` is called before that, with the database open: what others have taken since would
    be lost. Raises what it raises, DatabaseRefused, DatabaseNotCopied, InUse and OSError.
    """
    copy = _copy(settings)
    if pending(settings) is None or not copy.is_file():
        return ""
    with closing(open_database(settings.database_url)) as database, usable():
        if is_empty(database) or not unknown_migrations(database):
            return ""
        need_alone()
    with in_use(settings.private_dir, alone=True):
        if kind_of(settings.database_url) == "sqlite":
            aside = put_in(f"sqlite:///{copy}", settings.database_url)
        else:
            with staged(copy, settings.database_url) as fresh:
                aside = put_in(fresh, settings.database_url)
        end(settings)
    return (
        "升级没有成功，已经换回升级以前的数据，一条也没有少；"
        f"新版本改过的数据库另存在 {aside}，确定不用了再删。"
    )


def served(settings: Settings, program: Path) -> str:
    """Notes that this program takes requests from now on; a sentence, where an upgrade that was
    interrupted is done by that, or "". Raises OSError.
    """
    upgrade = pending(settings)
    if upgrade is None:
        return ""
    if upgrade.to != str(program):
        end(settings)  # the old one again, or the new one where it belongs
        return ""
    if upgrade.has_served:
        end(settings)
        return "上次升级中途停过，现在已经做完。"
    _note(settings, Upgrade(upgrade.to, has_served=True))
    if (program / STANDS_FOR).exists():
        (program / SERVED).touch()
        sync(program)
    return ""


def tidy(settings: Settings, now: datetime) -> None:
    """Ends one that nobody confirmed within a day, though the new program serves: what residents
    have erased since must not lie in a copy. Raises OSError.
    """
    upgrade = pending(settings)
    if upgrade is not None and upgrade.has_served:
        noted_at = (_folder(settings) / STATE).stat().st_mtime
        if now - datetime.fromtimestamp(noted_at, UTC) >= timedelta(days=1):
            end(settings)


def end(settings: Settings) -> None:
    """All is well, or as it was: nothing is kept any more. Raises OSError."""
    with suppress(FileNotFoundError):
        shutil.rmtree(_folder(settings))


def _folder(settings: Settings) -> Path:
    return settings.private_dir / FOLDER


def _copy(settings: Settings) -> Path:
    return _folder(settings) / COPIES[kind_of(settings.database_url)]


def _clear_copy(settings: Settings) -> None:
    for name in COPIES.values():
        (_folder(settings) / name).unlink(missing_ok=True)


def _note(settings: Settings, upgrade: Upgrade) -> None:
    make_folder(_folder(settings), 0o700)
    told = {"to": upgrade.to, "has_served": upgrade.has_served}
    replace_files({_folder(settings) / STATE: json.dumps(told).encode()}, mode=0o600)
