"""`scripts/circle move-out` and `move-in`: a whole office as plain files, and into an empty one."""

import argparse
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import asdict

from forms_app import casework
from forms_app.backups import portable
from forms_app.backups.databases import facts
from forms_app.backups.kept_files import COMMUNITY, CONTENT, NAMES, kept_files, place_of
from forms_app.backups.manifest import BackupDamaged, Sealed, compare, need_names_in, seal
from forms_app.backups.place import sync_folder
from forms_app.backups.portable import NAME, README, Table, as_json
from forms_app.casework.turn import keep_words
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import bring_up, one_state, opened
from forms_app.files.durable import make_folder, sync
from forms_app.files.objects import Objects
from forms_app.files.running_lock import in_use
from forms_app.office.shipped import is_untouched
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.settings import CodeKeyLost, ContactKeyLost, Settings
from forms_app.store.accounts import Account
from forms_app.store.database import proxy, writing
from forms_app.store.models import Issue
from forms_app.store.tables import TABLES

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

PHOTOS = "photos"
FOLDERS = (PHOTOS, *NAMES)


class MoveRefused(Refused):
    """Nothing was written, or nothing was changed; the text says why."""


def add_move_out(commands: "Commands") -> None:
    text = "把整套数据导出成任何程序都能读的文件（JSON 和照片）"
    command = commands.add_parser("move-out", help=text, description=f"{text}；不用停机。")
    command.add_argument("folder", metavar="文件夹", type=Path, help="还没有的文件夹")
    command.set_defaults(run=move_out)


def add_move_in(commands: "Commands") -> None:
    text = "把 move-out 导出的整套数据放进一套空的"
    more = "先停下服务；SQLite 和 PostgreSQL 之间也可以；条数和哈希对不上就什么也不改"
    command = commands.add_parser("move-in", help=text, description=f"{text}。{more}。")
    command.add_argument("folder", metavar="文件夹", type=Path)
    command.set_defaults(run=move_in)


def move_out(settings: Settings, arguments: argparse.Namespace) -> int:
    """Writes the export; it is there whole or not at all. Raises MoveRefused."""
    target: Path = arguments.folder.absolute()
    if target.exists():
        raise MoveRefused(f"{target} 已经有了，请换一个还没有的文件夹。")
    try:
        with _unfinished(target) as fresh:
            tables, files, missing = _write(settings, fresh)
            fresh.rename(target)
            sync(target.parent)
    except BlockingIOError as busy:
        raise MoveRefused(f"正在导出到 {target}，等它做完，或者换一个文件夹。") from busy
    except OSError as error:
        where = error.filename or target
        raise MoveRefused(f"没有导出：{where}（{why(error)}），请检查文件夹和磁盘空间。") from error
    lost = f"有{len(missing)}张照片早就不在了。" if missing else ""
    print(
        f"已导出到 {target}：{tables['issue'].rows}个问题，{sum(t.rows for t in tables.values())}"
        f"条记录，{len(files)}个文件。{lost}里面有居民的信息，请妥善保管；"
        f"搬家还要把 {settings.code_key_file} 和 {settings.contact_key_file.name} 一起拷过去。"
    )
    return 0


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A new folder beside it for this process alone; gone afterwards, unless it was renamed.
    Interrupted, too: it has what residents wrote, and nobody would look for it there.

    Raises BlockingIOError while another one writes there, and OSError.
    """
    fresh = target.with_name(f".{target.name}.unfinished")
    make_folder(fresh, 0o700)
    handle = os.open(fresh, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The folder itself: a file for it would be left lying beside what somebody asked for.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            for left in fresh.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    finally:
        os.close(handle)


def _write(
    settings: Settings, fresh: Path
) -> tuple[Mapping[str, Table], Mapping[str, Sealed], Sequence[str]]:
    """What was written of tables and files, and the photos that are missing. Raises OSError."""
    with opened(settings), one_state():
        tables = portable.write_tables(fresh)
        held = facts(proxy.obj)
    missing = _copy_photos(settings.objects(settings.photos_dir), held.files, fresh / PHOTOS)
    for name, path in kept_files(settings):
        copy = fresh / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    files = _sealed(fresh)
    content = {
        "schema": held.schema, "installation": held.installation,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: asdict(one) for name, one in files.items()}, "missing": missing,
    }  # fmt: skip
    (fresh / NAME).write_bytes(as_json(content, tables))
    (fresh / "README.txt").write_text(README, encoding="utf-8")
    sync_folder(fresh)
    return tables, files, missing


def move_in(settings: Settings, arguments: argparse.Namespace) -> int:
    """Puts an export into an empty installation. Raises Refused, with nothing changed."""
    folder: Path = arguments.folder
    try:
        told, tables, files = _read(folder)
        for name, sealed in files.items():
            compare(folder / name, sealed, "文件")
        with in_use(settings.private_dir, alone=True):
            database = bring_up(settings, may_be_empty=True)
            try:
                _need_empty(settings)
                if facts(database).schema != told:
                    raise MoveRefused(
                        f"导出的数据库结构是 {told}，这个程序的是 {facts(database).schema}，"
                        "请用同一个版本的程序导入，导入以后再更新。"
                    )
                # Before the rows, which come with all that hangs on them or not at all: broken off
                # anywhere, the office is as empty as it was, and takes the whole once more.
                _bring(settings, folder, files)
                with writing():
                    portable.read_tables(folder, tables)
                    for issue in Issue.select():
                        keep_words(issue)
                    _need_keys(settings)
                    casework.lapse_notices()
                    casework.drop_every_session()
            finally:
                database.close()
    except OSError as error:
        raise MoveRefused(f"没有导入：{error.filename}（{why(error)}）。") from error
    print(
        f"已导入{tables['issue'].rows}个问题，{sum(t.rows for t in tables.values())}条记录，"
        f"{len(files)}个文件，条数和哈希都对得上。大家要重新登录；没有发出去的通知不再发。"
    )
    return 0


def _copy_photos(
    photos: Objects, wanted: Mapping[str, tuple[tuple[str, ...], int]], target: Path
) -> list[str]:
    """Copies what the database names; the keys of what is not there."""
    target.mkdir(mode=0o700)
    missing = []
    for key, (names, _size) in sorted(wanted.items()):
        contents = {name: photos.get(name) for name in names}
        if None in contents.values():
            missing.append(key)
            continue
        for name, content in contents.items():
            (target / name).write_bytes(content or b"")
    return missing


def _sealed(folder: Path) -> dict[str, Sealed]:
    return {
        path.relative_to(folder).as_posix(): seal(path)
        for name in FOLDERS
        for path in sorted((folder / name).rglob("*")) if path.is_file()
    }  # fmt: skip


def _read(folder: Path) -> tuple[str, dict[str, Table], dict[str, Sealed]]:
    """The schema, the tables and the files of an export. Raises BackupDamaged and OSError."""
    if not (folder / NAME).is_file():
        raise BackupDamaged(f"{folder} 里没有 {NAME}：不是整体导出，或者没有拷全。")
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told["format"] != portable.FORMAT:
            raise BackupDamaged(f"{folder} 是另一版格式（{told['format']}），这个程序读不了。")
        tables = {str(name): Table(**one) for name, one in told["tables"].items()}
        files = {str(name): Sealed(**one) for name, one in told["files"].items()}
        schema = str(told["schema"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupDamaged(f"{folder / NAME} 坏了，请重新导出。") from error
    need_names_in(folder, files, FOLDERS)
    for table in TABLES:
        if table._meta.table_name not in tables:
            raise BackupDamaged(f"清单里少了表 {table._meta.table_name}，请用同一个版本的程序。")
    return schema, tables, files


def _need_empty(settings: Settings) -> None:
    """No issue, and no account but the first start's. Raises MoveRefused."""
    if Issue.select().exists() or Account.select().count() > 1:
        raise MoveRefused(f"{settings.data} 里已经有账号或问题，整套数据只能放进一套空的。")


def _need_keys(settings: Settings) -> None:
    if not casework.fits_code_key(settings.code_key):
        raise CodeKeyLost(settings.code_key_file)
    if not casework.keys_open():
        raise ContactKeyLost(settings.contact_key_file)


def _bring(settings: Settings, folder: Path, files: Mapping[str, Sealed]) -> None:
    """Brings the files, each whole or not at all; the office's own data stay. Raises OSError."""
    circle = settings.community_dir / "circle.yml"
    is_brought = circle.exists() and seal(circle) == files.get(f"{COMMUNITY}/{circle.name}")
    is_own = (
        circle.exists()
        and not is_brought  # by an attempt that was broken off
        and not is_untouched(settings.root, settings.community_dir)
    )
    for name in files:
        kind, _, rest = name.partition("/")
        if kind == COMMUNITY and is_own:
            continue
        if kind == PHOTOS:
            settings.objects(settings.photos_dir).put(rest, (folder / name).read_bytes())
            continue
        target = place_of(settings, name)
        is_private = kind == CONTENT
        make_folder(target.parent, 0o700 if is_private else 0o755)
        fresh = target.with_name(f".{target.name}.restoring")
        shutil.copyfile(folder / name, fresh)
        if is_private:
            fresh.chmod(0o600)
        sync(fresh)
        fresh.replace(target)
