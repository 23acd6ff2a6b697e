"""The administrator's commands that keep the data safe: backup, the check of the histories, and
the erasing of contacts whose time is over."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import peewee

from forms_app import casework, reports
from forms_app.arguments import Parser
from forms_app.database import migrate, open_database
from forms_app.records import load
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_verify_log(commands: "Commands") -> None:
    text = "核对每个问题的经过是否完整"
    command = commands.add_parser("verify-log", help=text, description=f"{text}。")
    command.set_defaults(run=verify_log)


def verify_log(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Retraces every issue from its entries; 1 if any has another standing than they lead to."""
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    migrate(database)
    broken = reports.broken_histories(circle)
    database.close()
    if broken:
        print(f"这些问题的经过与现状对不上：{'、'.join(broken)}，请从备份核对。", file=sys.stderr)
        return 1
    print("每个问题的经过都完整。")
    return 0


def add_backup(commands: "Commands") -> None:
    text = "备份数据库到一个文件"
    command = commands.add_parser("backup", help=text, description=f"{text}，不用停机。")
    command.add_argument("file", metavar="文件", type=Path)
    command.set_defaults(run=backup)


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Copies the running SQLite database into a new file that needs no other beside it."""
    database = open_database(settings.database_url)
    if not isinstance(database, peewee.SqliteDatabase):
        print("PostgreSQL 请用它自己的 pg_dump 备份。", file=sys.stderr)
        return 1
    target: Path = arguments.file
    if target.exists():
        print(f"{target} 已经存在，请换一个文件名，免得盖掉旧备份。", file=sys.stderr)
        return 1
    try:
        # VACUUM INTO reads one consistent state while others go on writing.
        database.connection().execute(  # type: ignore[no-untyped-call]  # Peewee has none here
            "VACUUM INTO ?", (str(target),)
        )
        target.chmod(0o600)
    except (peewee.OperationalError, OSError) as error:
        print(f"写不进 {target}（{error}），请换一个文件夹。", file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"已备份到 {target}，里面有居民的信息，请妥善保管。密钥文件 secret_key 请另外备份。")
    return 0


def add_erase_contacts(commands: "Commands") -> None:
    text = "删除保存期满的称呼和电话"
    command = commands.add_parser("erase-contacts", help=text, description=f"{text}。")
    command.add_argument("--issue", metavar="编号", help="只删这一个问题的（反映人要求时）")
    command.set_defaults(run=erase_contacts)


def erase_contacts(settings: Settings, arguments: argparse.Namespace) -> int:
    """Erases what the privacy notice promises to erase."""
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    migrate(database)
    count = casework.erase_contacts(circle, number=arguments.issue, now=datetime.now(UTC))
    database.close()
    print(f"删除了{count}个问题的称呼和电话，问题本身的记录都保留。")
    return 0
