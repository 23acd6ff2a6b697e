"""The administrator's command that writes the register into a spreadsheet."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework, queries
from forms_app.commands.arguments import Parser, tell_waiting
from forms_app.commands.with_data import opened
from forms_app.issues.access import Actor
from forms_app.issues.register_filters import FLAGS, LABELS, NAMES, Filters, described, read
from forms_app.rules.steps import Role
from forms_app.settings import Settings
from forms_app.spreadsheets import register_export
from forms_app.spreadsheets.register_paper import LONG, PAPERS

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

# The account of an administrator sees no issue; whoever may read the database itself sees all.
_READER = Actor(Role.SUBDISTRICT_LEADER, "管理员（命令行）")
_LOGGED = Actor(Role.ADMIN, "管理员（命令行）")


def add_export(commands: "Commands") -> None:
    text = "把问题项目库导出为 Excel 表"
    command = commands.add_parser(
        "export", help=text, description=f"{text}，条件和网页上的一样；每次导出都有记录。"
    )
    command.add_argument("file", metavar="文件", type=Path, help="新文件，名字以 .xlsx 结尾")
    for name in NAMES.values():
        if name in FLAGS:
            command.add_argument(f"--{name}", action="store_const", const="1", help=LABELS[name])
        else:
            command.add_argument(f"--{name}", metavar="值", help=f"{LABELS[name]}，和网址里的一样")
    command.add_argument("--contacts", action="store_true", help="包含称呼和电话")
    command.add_argument(
        "--paper", choices=sorted(PAPERS), default=LONG.name,
        help="a3：28栏，A3 横放；a4：11栏签字表，A4 横放",
    )  # fmt: skip
    command.set_defaults(run=export)


def export(settings: Settings, arguments: argparse.Namespace) -> int:
    """Writes one spreadsheet; 1 if a filter is unknown, nothing is found or the file is there."""
    target: Path = arguments.file.absolute()
    given = {name: getattr(arguments, name) or "" for name in NAMES.values()}
    if target.suffix != ".xlsx" or target.exists():
        return _refused(f"{target} 已经存在，或者名字不是以 .xlsx 结尾，请换一个文件名。")
    if not target.parent.is_dir():
        return _refused(f"没有文件夹 {target.parent}，请先建好。")
    now = datetime.now(UTC).replace(microsecond=0)
    with opened(settings) as circle:
        filters, refused = read(circle, given)
        if refused:
            return _refused("\n".join(refused))
        count = queries.count_up_to(circle, _READER, now, filters, register_export.MOST_ROWS)
        if not 0 < count <= register_export.MOST_ROWS:
            return _refused(_unfit(count, filters))
        said = described(circle, filters, count)
        paper = PAPERS[arguments.paper]
        with_contacts = arguments.contacts and paper.has_contacts
        try:
            turn = register_export.take_turn(settings)
            key = casework.log_export(
                _LOGGED, f"{paper.kind}　{said}", count, with_contacts=with_contacts, now=now
            )
            number = queries.export_number(key, now)
            options = register_export.Options(
                _READER, given, said, now, with_contacts, paper.name, number
            )
            tell_waiting(f"正在导出 {count} 件，十万件要一两分钟……")
            process = register_export.begin(settings, circle, turn, options, target)
            register_export.finish(process, target)
        except (register_export.ExportBusy, register_export.ExportFailed) as error:
            return _refused(error.sentence)
    print(f"已导出 {count} 件到 {target}，里面是居民反映的内容，请妥善保管。")
    return 0


def _unfit(count: int, filters: Filters) -> str:
    if count:
        return f"超过 {register_export.MOST_ROWS} 件，请加上条件，分几次导出。"
    return "没有符合条件的问题。" if filters.conditions else "还没有问题可以导出。"


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
