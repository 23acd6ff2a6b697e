"""The administrator's commands that keep the data safe: backup, the check of the histories, and
the erasing of contacts, photos and notices whose time is over."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import peewee

from forms_app import casework, queries
from forms_app.commands.arguments import Parser
from forms_app.commands.photos import back_up_photos, erase_photos, photos_beside
from forms_app.commands.with_data import opened
from forms_app.files.durable import sync
from forms_app.settings import Settings
from forms_app.store.database import open_database

LISTED = 20

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_verify_log(commands: "Commands") -> None:
    text = "核对每个问题的经过是否完整"
    command = commands.add_parser("verify-log", help=text, description=f"{text}。")
    command.set_defaults(run=verify_log)


def verify_log(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Retraces every issue from its entries; 1 if any has another standing than they lead to.

    Then counts the published figures anew; 1 if the kept sums are others.
    """
    with opened(settings) as circle:
        broken = queries.broken_histories()
        others = [number for number in queries.other_deadlines(circle) if number not in broken]
        sums_hold = queries.sums_hold()
    if others:
        shown = "、".join(others[:LISTED]) + (f"等{len(others)}件" if len(others) > LISTED else "")
        print(f"按现在的设置，这些问题的时限会算得不一样，多半是后来改过设置：{shown}。")
    if broken:
        print(f"这些问题的经过与现状对不上：{'、'.join(broken)}，请从备份核对。", file=sys.stderr)
        return 1
    if not sums_hold:
        print("公布的统计数与逐件重数的对不上，请从备份核对。", file=sys.stderr)
        return 1
    print("每个问题的经过都完整。")
    return 0


def add_backup(commands: "Commands") -> None:
    text = "备份数据库到一个文件，照片到它旁边的 .photos.tar"
    command = commands.add_parser("backup", help=text, description=f"{text}，不用停机。")
    command.add_argument("file", metavar="文件", type=Path)
    command.set_defaults(run=backup)


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Copies the running SQLite database into a new file that needs no other beside it.

    It needs no data of the community, and leaves the schema as it is: both may be what is broken.
    """
    database = open_database(settings.database_url)
    if not isinstance(database, peewee.SqliteDatabase):
        print("PostgreSQL 请用它自己的 pg_dump 备份。", file=sys.stderr)
        return 1
    if not Path(database.database).exists():
        # SQLite would make an empty one, and the backup of nothing would look like a success.
        print(f"找不到数据库 {database.database}，请检查 CIRCLE_DATA。", file=sys.stderr)
        return 1
    target: Path = arguments.file
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
        return _not_written(target, str(error.strerror))
    try:
        # VACUUM INTO reads one consistent state while others go on writing.
        database.execute_sql(  # type: ignore[no-untyped-call]  # Peewee's stubs have no types here
            "VACUUM INTO ?", (str(target.absolute()),)
        )
        sync(target)  # VACUUM INTO leaves this to whoever wants to keep the file
    except (peewee.DatabaseError, OSError) as error:
        target.unlink()  # half a backup must never look like a whole one
        return _not_written(target, str(error))
    finally:
        database.close()
    photos = ""
    if settings.photos_dir.is_dir():
        try:
            count = back_up_photos(settings, beside)
        except OSError as error:
            target.unlink()
            beside.unlink(missing_ok=True)
            return _not_written(beside, str(error.strerror))
        photos = f"，照片{count // 2}张在 {beside}，恢复时解开到 {settings.photos_dir}"
    print(
        f"已备份到 {target}{photos}。里面有居民的信息，请妥善保管。"
        "密钥文件 secret_key 和 code_key 请另外备份：没有 code_key，查询码就都不能用了。"
    )
    return 0


def _not_written(target: Path, reason: str) -> int:
    print(f"没有备份成：写不进 {target}（{reason}），请检查文件夹和磁盘空间。", file=sys.stderr)
    return 1


def add_forget_codes(commands: "Commands") -> None:
    text = "密钥文件 code_key 找不回来时，让以前的查询码全部作废"
    command = commands.add_parser("forget-codes", help=text, description=f"{text}。")
    command.add_argument("--yes", action="store_true", required=True, help="确定作废")
    command.set_defaults(run=forget_codes)


def forget_codes(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Goes on with the key that there is now; tickets kept under the lost one open nothing."""
    with opened(settings):
        casework.forget_codes(settings.code_key)
    print("以前的查询码都作废了，从现在起发的照常能用。居民来问，请按大概的时间和地点帮他们查。")
    return 0


def add_erase_contacts(commands: "Commands") -> None:
    text = "删除保存期满的称呼、电话、邮箱和照片"
    command = commands.add_parser("erase-contacts", help=text, description=f"{text}。")
    command.add_argument("--issue", metavar="编号", help="只删这一个问题的（反映人要求时）")
    command.set_defaults(run=erase_contacts)


def erase_contacts(settings: Settings, arguments: argparse.Namespace) -> int:
    """Erases what the privacy notice promises to erase; 1 if the issue that was named has none."""
    number: str | None = arguments.issue
    now = datetime.now(UTC)
    with opened(settings) as circle:
        count = casework.erase_contacts(circle, number=number, now=now)
        photos = erase_photos(settings, circle, number=number, now=now)
    if number is not None and count == 0 and photos == 0:
        print(
            f"没有编号是 {number} 的问题，或者它没有称呼、电话、邮箱和照片可以删，请核对编号。",
            file=sys.stderr,
        )
        return 1
    print(f"删除了{count}个问题的称呼、电话和邮箱，{photos}张照片，问题本身的记录都保留。")
    return 0


def add_erase_notices(commands: "Commands") -> None:
    text = "删除90天以前发过或者作废的通知"
    more = "问题的经过都保留。"
    command = commands.add_parser("erase-notices", help=text, description=f"{text}，{more}")
    command.set_defaults(run=erase_notices)


def erase_notices(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Erases notices that are over and done with, so that their table does not grow for ever."""
    with opened(settings):
        count = casework.erase_notices(now=datetime.now(UTC))
    print(f"删除了{count}条旧通知，问题的经过都保留。")
    return 0
