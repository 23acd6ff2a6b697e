"""`scripts/circle backup`: proved backups into folders, or one file to take along.

It needs no data of the community, and leaves the schema as it is: both may be what is broken.
"""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import peewee

from forms_app.backups import record
from forms_app.backups.databases import PHOTO_ENDS, copy_sqlite
from forms_app.backups.encryption import OPENED
from forms_app.backups.make import BackupBusy, BackupFailed, Made, back_up
from forms_app.backups.place import Place
from forms_app.backups.record import Outcome
from forms_app.backups.single_file import pack, photos_beside, seal_database
from forms_app.commands.arguments import Parser
from forms_app.rules.os_words import why
from forms_app.settings import Settings
from forms_app.store.faults import in_words

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

KEEP_SAFE = (
    "里面有居民的信息，请妥善保管。密钥文件 secret_key、code_key、contact_key 和 push_key "
    "请另外备份，不要和备份放在一起：没有 code_key，查询码就都不能用了；"
    "没有 contact_key，称呼、电话和邮箱就都打不开了；"
    "没有 push_key，居民要在浏览器里重新按一次“告诉我”。"
)

ENCRYPTED = "这份备份加了密，没有口令谁也打不开，请把口令另外记在安全的地方。"
IN_PLAIN = "备份成一个文件的不加密，要加密请写文件夹。"


def add_backup(commands: "Commands") -> None:
    text = "备份数据库、照片和社区数据，并当场核对"
    more = (
        "不用停机。不写地方就备份到数据文件夹和 CIRCLE_BACKUP_DIR；"
        "写文件夹就备份到那里；写带后缀的文件名（如 circle.db）"
        "就只把数据库备份成这一个文件，照片在旁边的 .photos.tar"
    )
    command = commands.add_parser("backup", help=text, description=f"{text}，{more}。")
    command.add_argument("place", metavar="文件夹或文件", type=Path, nargs="?")
    # A disk that can only be read any more is when a backup is wanted most.
    command.set_defaults(run=backup, only_reads=True)


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Backs up to the office's own places, or to the one that is named; 1 if any failed."""
    file = settings.database_file
    if file is not None and not file.exists():
        # SQLite would make an empty one, and the backup of nothing would look like a success.
        print(f"找不到数据库 {file}，请检查 CIRCLE_DATA。", file=sys.stderr)
        return 1
    target: Path | None = arguments.place
    if target is None:
        return _to_own_places(settings)
    if target.is_dir() or not target.suffix:
        print(_told(back_up(settings, Place(target), datetime.now(UTC))))
        return 0
    return _to_file(settings, target)


def _to_own_places(settings: Settings) -> int:
    """Every place is tried, whatever became of the one before."""
    failed = 0
    for folder in settings.backup_places:
        now = datetime.now(UTC)
        before = record.read(settings.private_dir).get(str(folder), record.NEVER)
        try:
            if folder == settings.backup_dir and not folder.is_dir():
                # Made by hand once: a disk that is not there must not be taken for a new folder.
                raise BackupFailed(
                    f"第二处备份的文件夹 {folder} 不在，请检查那块磁盘接好没有；"
                    "第一次用请先建好这个文件夹。"
                )
            made = back_up(settings, Place(folder), now)
        except BackupBusy as refused:
            failed += 1
            print(refused, file=sys.stderr)
            continue  # whoever makes it notes how it went
        except BackupFailed as refused:
            failed += 1
            print(refused, file=sys.stderr)
            outcome = Outcome(now, str(refused), before.verified_at, before.name)
        else:
            print(_told(made))
            outcome = Outcome(now, "", now, made.folder.name)
        try:
            record.note(settings.private_dir, str(folder), outcome)
        except OSError as error:  # the disk with the data may be what is broken
            failed += 1
            print(f"备份的结果没有记下来（{why(error)}）。", file=sys.stderr)
    if settings.backup_dir is None:
        print("现在只备份在同一台机器上，请用 CIRCLE_BACKUP_DIR 指定另一块磁盘上的第二处。")
    return 1 if failed else 0


def _told(made: Made) -> str:
    manifest = made.manifest
    lost = ""
    if manifest.missing_photos:
        lost = f"有{len(manifest.missing_photos)}张照片在备份以前就已经不在了。"
    pictures = sum(name.endswith(PHOTO_ENDS[1]) for name in manifest.photos)
    how = "已经试着恢复一遍，核对无误" if made.is_restored else "已经从头到尾读过一遍，没有试着恢复"
    return (
        f"已备份到 {made.folder}：{manifest.rows.get('issue', 0)}个问题，"
        f"{pictures}张照片（新增{made.new_photos // 2}张），{how}。{lost}"
        f"清掉了{made.removed}份不用再留的旧备份。"
        f"{ENCRYPTED if made.is_encrypted else ''}{KEEP_SAFE}"
    )


def _to_file(settings: Settings, target: Path) -> int:
    """Copies the running SQLite database into a new file that needs no other beside it."""
    if settings.database_file is None:
        print(
            "PostgreSQL 不能备份成一个文件，请写一个文件夹，用 pg_dump 备份到里面。",
            file=sys.stderr,
        )
        return 1
    beside = photos_beside(target)
    if beside.exists():
        print(f"{beside} 已经存在，请换一个文件名，免得盖掉旧备份。", file=sys.stderr)
        return 1
    try:
        # Nobody else may read it, from its first byte on; SQLite takes an empty file as a new one.
        target.touch(0o600, exist_ok=False)
    except FileExistsError:
        print(f"{target} 已经存在，请换一个文件名，免得盖掉旧备份。", file=sys.stderr)
        return 1
    except OSError as error:
        return _not_written(target, why(error))
    try:
        copy_sqlite(settings.database_url, target)
        seal_database(target)
    except (peewee.PeeweeException, OSError) as error:
        target.unlink()  # half a backup must never look like a whole one
        return _not_written(target, in_words(error))
    photos = ""
    if settings.bucket is not None or settings.photos_dir.is_dir():
        try:
            with tempfile.TemporaryDirectory(prefix=OPENED, dir=settings.private_dir) as scratch:
                count = pack(settings.objects(settings.photos_dir), beside, Path(scratch))
        except OSError as error:
            target.unlink()
            beside.unlink(missing_ok=True)
            return _not_written(beside, why(error))
        photos = f"，照片{count // 2}张在 {beside}，恢复时放在一起"
    plain = "" if settings.backup_passphrase is None else IN_PLAIN
    print(f"已备份到 {target}{photos}。{plain}{KEEP_SAFE}")
    return 0


def _not_written(target: Path, reason: str) -> int:
    print(f"没有备份成：写不进 {target}（{reason}），请检查文件夹和磁盘空间。", file=sys.stderr)
    return 1
