"""`scripts/circle restore`: puts a backup into the place of the present database.

What is looked at is a copy, and that very copy is put in: complete, of no newer program, brought up
to date, its histories retraced. The present database gets another name first; then one rename
changes them, so that a crash leaves either the one or the other. Photos are only added, those that
the backup names and that are missing: so no order of theirs can lose one.
"""

import argparse
import os
import shutil
import sys
import tarfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import peewee

from forms_app import casework, queries
from forms_app.commands.arguments import Parser
from forms_app.commands.photos import photos_beside
from forms_app.files.durable import sync
from forms_app.files.photos import LARGEST_PHOTO
from forms_app.files.running_lock import in_use
from forms_app.issues.sums import count_once
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import CHINA
from forms_app.settings import CodeKeyLost, Settings
from forms_app.store.database import DatabaseRefused, migrate, open_database, unknown_migrations

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

HEAD = b"SQLite format 3\x00"
YES = "恢复"
# What SQLite and our own queue of writers lay beside a database.
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")


class RestoreRefused(Refused):
    """The backup was not put in, and nothing is changed; the text says why and what to do."""


@dataclass(frozen=True)
class Held:
    """What a database holds."""

    issues: int
    last_at: datetime | None  # of its newest entry
    photo_keys: frozenset[str]

    def __str__(self) -> str:
        last = ""
        if self.last_at is not None:
            last = f"，最后一步在{self.last_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        return f"{self.issues}个问题{last}"


def add_restore(commands: "Commands") -> None:
    text = "用备份换下现在的数据库，照片从旁边的 .photos.tar 补回"
    command = commands.add_parser(
        "restore", help=text, description=f"{text}。先停下服务；现在的数据库另存一份，不会删掉。"
    )
    command.add_argument("file", metavar="文件", type=Path, help="backup 备份出来的文件")
    command.add_argument("--yes", action="store_true", help="不用再问，直接恢复")
    command.set_defaults(run=restore)


def restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """Puts the backup in; 0 when it is in, 1 when nothing was changed. Raises RestoreRefused."""
    if not settings.database_url.startswith("sqlite:///"):
        raise RestoreRefused("PostgreSQL 请用它自己的 pg_restore 或 psql 恢复。")
    target = Path(settings.database_url.removeprefix("sqlite:///"))
    source: Path = arguments.file
    with in_use(settings.private_dir, alone=True), _copied(source, target) as staged:
        fresh = _made_ready(settings, staged)
        missing = _missing(settings, fresh.photo_keys)
        archive = photos_beside(source)
        packed = _packed(archive) & missing if missing else frozenset[str]()
        print(f"备份里有{fresh}。")
        print(f"现在的数据库里有{_held_at(target)}。" if target.exists() else "现在还没有数据库。")
        if missing:
            print(f"照片要补回{len(packed)}张，还缺{len(missing - packed)}张。")
        if not arguments.yes and not _is_sure():
            print("没有恢复，什么也没有改。", file=sys.stderr)
            return 1
        _bring_photos(settings, archive, packed)
        aside = _put_in(staged, target)
    kept = f"原来的数据库另存在 {aside}，确定不用了再删。" if aside else ""
    print(
        f"已经恢复。{kept}备份以后登记和办理的要重新录入；备份时还没发出的通知不再发送。"
        "备份以后应反映人要求删除的称呼和电话会跟着回来，"
        "请用 scripts/circle erase-contacts --issue 再删一次。"
        "现在可以用 scripts/start 启动。"
    )
    return 0


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[Path]:
    """A copy of the backup beside the database, gone again if it is not put in."""
    staged = target.with_name(f"{target.name}.restoring")
    try:
        with source.open("rb") as file:
            if file.read(len(HEAD)) != HEAD:
                raise RestoreRefused(f"{source} 不是 backup 备份出来的数据库，请核对文件名。")
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.unlink(missing_ok=True)
        staged.touch(0o600)
        with source.open("rb") as file, staged.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield staged
    except OSError as error:
        where = error.filename or source
        raise RestoreRefused(
            f"没有恢复：{where}（{error.strerror}），请检查文件和磁盘空间。"
        ) from error
    finally:
        for end in BESIDE:
            staged.with_name(staged.name + end).unlink(missing_ok=True)


def _made_ready(settings: Settings, staged: Path) -> Held:
    """Checks the copy and brings it up to date; what it holds."""
    database = open_database(f"sqlite:///{staged}")
    try:
        if database.execute_sql("PRAGMA integrity_check").fetchall() != [("ok",)]:  # type: ignore[no-untyped-call]
            raise RestoreRefused("备份文件坏了，读不完整，请换一份备份。")
        if unknown_migrations(database):
            raise RestoreRefused("这份备份是新版本程序备份的，请先把程序更新到那个版本。")
        migrate(database)
        count_once()
        broken = queries.broken_histories()
        if broken:
            raise RestoreRefused(
                f"备份里这些问题的经过对不上：{'、'.join(broken[:20])}，请换一份备份。"
            )
        if not casework.is_code_key(settings.code_key):
            raise CodeKeyLost(settings.code_key_file)
        casework.let_notices_lapse()
        held = _held()
        _fold(database)
        return held
    except (peewee.DatabaseError, DatabaseRefused) as error:
        raise RestoreRefused(f"备份文件读不出来（{error}），请换一份备份。") from error
    finally:
        database.close()


def _held_at(path: Path) -> str:
    """What the present database holds, in words; it may be what is broken."""
    database = open_database(f"sqlite:///{path}")
    try:
        return str(_held())
    except peewee.DatabaseError:
        return "读不出来的内容"
    finally:
        database.close()


def _held() -> Held:
    return Held(queries.count_issues(), queries.last_entry_at(), frozenset(queries.photo_keys()))


def _fold(database: peewee.Database) -> None:
    """Brings all of the database into its one file. Raises peewee.DatabaseError."""
    database.execute_sql("PRAGMA journal_mode = delete")  # type: ignore[no-untyped-call]


def _fold_present(target: Path) -> None:
    """Brings all of the present database into its one file. Raises RestoreRefused."""
    database = open_database(f"sqlite:///{target}")
    try:
        _fold(database)
    except peewee.OperationalError as error:
        raise RestoreRefused("数据库正被别的命令占用，等它做完再恢复。") from error
    except peewee.DatabaseError:
        pass  # broken: that may be why a backup is wanted
    finally:
        database.close()


def _is_sure() -> bool:
    if not sys.stdin.isatty():
        print("没有人能回答，确定要恢复请加 --yes。", file=sys.stderr)
        return False
    return (
        input(f"现在的数据库会被换下（另存一份）。确定的话，输入“{YES}”再按回车：").strip() == YES
    )


def _missing(settings: Settings, keys: Set[str]) -> frozenset[str]:
    folder = settings.photos_dir
    return frozenset(key for key in keys if not (folder / f"{key}.jpg").exists())


def _packed(archive: Path) -> frozenset[str]:
    """The keys of the photos that the archive holds; none where there is no archive."""
    if not archive.exists():
        return frozenset()
    try:
        with tarfile.open(archive) as packed:
            return frozenset(one.name.removesuffix(".jpg") for one in packed if one.isreg())
    except tarfile.TarError as error:
        raise RestoreRefused(f"{archive} 坏了，读不完整，请换一份备份。") from error


def _bring_photos(settings: Settings, archive: Path, keys: Set[str]) -> None:
    """Unpacks these photos and their small ones, each whole or not at all."""
    if not keys:
        return
    folder = settings.photos_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {f"{key}{end}" for key in keys for end in (".jpg", ".small.jpg")}
    try:
        with tarfile.open(archive) as packed:
            for one in packed:
                # By the names that the database knows: no path in an archive leads anywhere else.
                if one.name not in names or not one.isreg() or one.size > LARGEST_PHOTO:
                    continue
                content = packed.extractfile(one)
                if content is None:
                    continue
                fresh = folder / f".{one.name}.restoring"
                with content, fresh.open("wb") as file:
                    shutil.copyfileobj(content, file)
                fresh.chmod(0o600)  # before it has its name, as any photo
                sync(fresh)
                fresh.replace(folder / one.name)
    except tarfile.TarError as error:
        raise RestoreRefused(f"{archive} 坏了，读不完整，请换一份备份。") from error
    sync(folder)


def _put_in(staged: Path, target: Path) -> Path | None:
    """Changes the databases; where the present one lies now, None if there was none."""
    sync(staged)
    aside = None
    if target.exists():
        _fold_present(target)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        name = f"{target.name}.before-restore-{stamp}"
        ends = chain([""], (f"-{n}" for n in count(2)))
        aside = next(p for p in (target.with_name(name + e) for e in ends) if not p.exists())
        os.link(target, aside)
        # Of a database that was broken; a good one has just folded them in.
        for end in BESIDE[1:4]:
            beside = target.with_name(target.name + end)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + end))
    staged.replace(target)
    sync(target.parent)
    return aside
