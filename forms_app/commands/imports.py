"""The administrator's commands about spreadsheets: import one, and erase what lies uploaded."""

import argparse
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework, queries
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.rules.refused import Refused
from forms_app.settings import Settings
from forms_app.spreadsheets.choices import Choices, grouped
from forms_app.spreadsheets.column_use import beside_rows, lacks_channel, used_columns
from forms_app.spreadsheets.columns import COLUMNS, headers_hash
from forms_app.spreadsheets.judging import guess, is_numbering, likeliest
from forms_app.spreadsheets.known_rows import Prepared, prepare
from forms_app.spreadsheets.row_choices import named_rows
from forms_app.spreadsheets.sheets import Sheet, read_sheets
from forms_app.spreadsheets.states import MEANT, OPEN, OVER
from forms_app.spreadsheets.uploads import Uploads

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class ImportRefused(Refused):
    """A file that cannot be imported as asked; the text says what to do."""


def add_import(commands: "Commands") -> None:
    text = "导入表格（.xlsx、.xls、.et、.ods 或 .csv）里的问题"
    command = commands.add_parser("import", help=text, description=f"{text}，同一行不会导入两次。")
    command.add_argument("file", metavar="文件", type=Path)
    command.add_argument(
        "--by", metavar="用户名", required=True, help="以谁的名义登记（社区书记或街道书记）"
    )
    command.add_argument("--channel", metavar="渠道", default="", help="没有写渠道的行算哪个渠道")
    command.add_argument("--community", metavar="社区", default="", help="没有写社区的行算哪个社区")
    command.add_argument(
        "--received", metavar="日期", type=date.fromisoformat, help="没有写时间的行算哪一天收到"
    )
    command.add_argument("--sheet", metavar="表名", help="用哪一张表，默认像问题的第一张")
    command.add_argument(
        "--mapping", metavar="项=列名", nargs="*", default=[],
        help=f"哪一项是哪一列，不写就按列名和值猜。项：{'、'.join(COLUMNS)}",
    )  # fmt: skip
    command.add_argument(
        "--leave-out", metavar="列名", nargs="*", default=[],
        help="连内部备注也不写进去的列；不写就只去掉序号",
    )  # fmt: skip
    command.add_argument("--contacts", action="store_true", help="称呼和电话也导入（反映人同意过）")
    command.add_argument("--finished", action="store_true", help="写着已经办结的也导入，重新办理")
    command.add_argument(
        "--rows-out", metavar="行号", type=_rows_named, default=(), help="不导入的行，例如 3、5-8"
    )
    command.add_argument(
        "--rows-in", metavar="行号", type=_rows_named, default=(),
        help="当作已经办结、不是问题，其实要导入的行",
    )  # fmt: skip
    command.add_argument(
        "--over", metavar="说法", nargs="*", default=[],
        help="“办理状态”里的哪些说法是办完了，或者作废了",
    )  # fmt: skip
    command.add_argument(
        "--open", metavar="说法", nargs="*", default=[], help="哪些说法是还没有办完"
    )
    command.add_argument("--take-good", action="store_true", help="有错误的行留下，先导入好的行")
    command.add_argument("--dry-run", action="store_true", help="只看会导入什么")
    command.set_defaults(run=import_file)


def import_file(settings: Settings, arguments: argparse.Namespace) -> int:
    """Imports all good rows, or says why not; 1 if nothing was taken for the faults' sake."""
    now = datetime.now(UTC).replace(microsecond=0)
    file: Path = arguments.file
    if not file.is_file():
        raise ImportRefused(f"找不到文件 {file}。")
    sheets = read_sheets(file)
    sheet = _sheet_named(sheets, arguments.sheet)
    usual_day = arguments.received.isoformat() if arguments.received else ""
    try:
        columns = _columns(sheet, arguments.mapping, usual_day)
    except ImportRefused as refused:
        raise ImportRefused(f"{refused}{_others(sheets, sheet)}") from None
    with opened(settings) as circle:
        actor = queries.account_named(circle, arguments.by)
        if actor is None or actor.role not in casework.IMPORTERS:
            raise ImportRefused(f"{arguments.by} 不是在用的社区书记或街道书记账号。")
        choices = Choices(
            columns,
            _known(arguments.community, circle.communities, "--community") or actor.community_id,
            _known(arguments.channel, circle.channels, "--channel"),
            usual_day,
            arguments.contacts,
            arguments.finished,
            _left_out(sheet, arguments.leave_out),
            {"state": dict.fromkeys(arguments.over, OVER) | dict.fromkeys(arguments.open, OPEN)},
            rows_out=arguments.rows_out,
            rows_in=arguments.rows_in,
        )
        if not choices.usual_channel and lacks_channel(circle, sheet, columns, usual_day):
            raise ImportRefused(
                f"有的行没有写渠道，请加 --channel。可选：{'、'.join(circle.channels)}。"
            )
        ready = prepare(circle, sheet, choices, actor, now)
        _tell(sheet, choices, ready)
        _tell_others(sheets, sheet)
        if arguments.dry_run:
            return 0
        if ready.faults and not arguments.take_good:
            print("有错误的行，什么也没有导入；改好再来，或者加 --take-good。", file=sys.stderr)
            return 1
        done = casework.import_reports(
            circle, actor, ready.takeable, batch=secrets.token_hex(16),
            source=file.name, now=now,
        )  # fmt: skip
        casework.remember_columns(headers_hash(sheet.headers), columns, now=now)
        print(f"导入了{done.count}个问题，以前导入过的{done.known}行没有重复导入。")
    return 0


def _sheet_named(sheets: Sequence[Sheet], name: str | None) -> Sheet:
    if name is None:
        return sheets[likeliest(sheets)]
    found = [sheet for sheet in sheets if sheet.name == name]
    if not found:
        names = "、".join(sheet.name for sheet in sheets)
        raise ImportRefused(f"没有叫“{name}”的表。可选：{names}。")
    return found[0]


def _columns(sheet: Sheet, mapping: Sequence[str], usual_day: str) -> dict[str, int]:
    columns = guess(sheet.headers, sheet.rows)
    for pair in mapping:
        name, _, head = pair.partition("=")
        if name not in COLUMNS:
            raise ImportRefused(f"--mapping 里没有“{name}”这一项。可选：{'、'.join(COLUMNS)}。")
        if head and head not in sheet.headers:
            raise ImportRefused(f"表里没有叫“{head}”的列。可选：{'、'.join(sheet.headers)}。")
        columns.pop(name, None)
        if head:
            columns[name] = sheet.headers.index(head)
    missing = [
        c.label
        for name, c in COLUMNS.items()
        if c.required and name not in columns and not (c.once_for_all and usual_day)
    ]
    if missing:
        raise ImportRefused(
            f"猜不出哪一列是{'、'.join(missing)}，请用 --mapping 写明；"
            "没有收到时间的，用 --received 写算哪一天。"
            f"表里有这些列：{'、'.join(filter(None, sheet.headers))}。"
        )
    return columns


def _rows_named(text: str) -> tuple[int, ...]:
    rows = named_rows(text)
    if rows is None:
        raise argparse.ArgumentTypeError(f"看不懂“{text}”，请写行号，例如 3、5-8")
    return rows


def _known(given: str, known: Mapping[str, object], option: str) -> str:
    if given and given not in known:
        raise ImportRefused(f"{option} 没有“{given}”。可选：{'、'.join(known)}。")
    return given


def _left_out(sheet: Sheet, names: Sequence[str]) -> tuple[int, ...]:
    for name in names:
        if name not in sheet.headers:
            raise ImportRefused(f"表里没有叫“{name}”的列。可选：{'、'.join(sheet.headers)}。")
    if names:
        return tuple(sheet.headers.index(name) for name in names)
    return tuple(is_numbering(sheet.headers, sheet.rows))


def _tell(sheet: Sheet, choices: Choices, ready: Prepared) -> None:
    for use in used_columns(sheet, choices):
        print(f"{use.letters} {use.heading} → {use.read_as}（{use.reason}）")
    print(
        f"“{sheet.name}”{len(sheet.rows)}行：可以导入{len(ready.fresh)}行，"
        f"以前导入过{len(ready.known)}行，就是这里的问题{len(ready.own)}行，"
        f"已经办结{ready.finished}行，有错误{ready.faulty_rows}行，"
        f"不是问题{len(ready.reading.aside)}行。"
    )
    for sentence, _ in beside_rows(sheet, choices.columns):
        print(sentence)
    for title, lines in (
        ("已经办结，不导入", grouped(ready.reading.finished_rows)),
        ("导入，请看一眼", grouped(ready.reading.remarks)),
    ):
        for column, sentence, rows in lines:
            print(f"{title}：{_rows(rows)}，{column}：{sentence}")
    for one in ready.reading.aside:
        print(f"跳过：第{one.row}行，{one.why}：{one.words}")
    for kind, words in ready.reading.words.items():
        for word, (meaning, count) in words.items():
            meant = (
                MEANT[meaning.code] if kind == "state"
                else f"当作{meaning.code}" if meaning.code else "没有对应的，写进内部备注"
            )  # fmt: skip
            print(f"{ready.reading.label(kind)}“{word}”（{count}行）：{meant}")
    for fault in ready.faults:
        print(f"第{fault.row}行，{fault.column}：{fault.sentence}", file=sys.stderr)


def _tell_others(sheets: Sequence[Sheet], chosen: Sheet) -> None:
    if others := _others(sheets, chosen):
        print(others)


def _others(sheets: Sequence[Sheet], chosen: Sheet) -> str:
    others = [f"{one.name}（{len(one.rows)}行）" for one in sheets if one is not chosen]
    if not others:
        return ""
    return f"这个文件里还有别的表，要一张一张用 --sheet 导入：{'、'.join(others)}。"


def _rows(rows: Sequence[int]) -> str:
    shown = "、".join(map(str, rows[:8]))
    return f"第{shown}…行，共{len(rows)}行" if len(rows) > 8 else f"第{shown}行"


def add_erase_uploads(commands: "Commands") -> None:
    text = "删除上传了还没有导入的表格"
    command = commands.add_parser("erase-uploads", help=text, description=f"{text}。")
    command.set_defaults(run=erase_uploads)


def erase_uploads(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Erases all of them: run by night, none lies there longer than a day."""
    uploads = Uploads(settings.uploads_dir, settings.objects(settings.uploads_dir))
    count = uploads.erase_old(datetime.now(UTC), timedelta())
    print(f"删除了{count}个上传的表格。")
    return 0
