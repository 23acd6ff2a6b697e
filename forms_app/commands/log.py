"""Whether the log is whole (`verify-log`), and what an auditor is handed of it (`export-log`)."""

import argparse
import re
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app import queries
from forms_app.backups.manifest import BackupDamaged, Manifest
from forms_app.backups.place import Place
from forms_app.commands.arguments import Parser, tell_waiting
from forms_app.commands.with_data import one_state, opened
from forms_app.rules.merkle import Root, read_roots
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

LISTED = 20

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class LogRefused(Refused):
    """Something about the log that was given out cannot be read; the text says what."""


def add_verify_log(commands: "Commands") -> None:
    text = "核对每个问题的经过是否完整，有没有被人改过"
    command = commands.add_parser("verify-log", help=text, description=f"{text}。")
    command.set_defaults(run=verify_log)


def verify_log(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Retraces every issue from its entries; 1 if any has another standing than they lead to.

    Then compares each seal with what it sealed, the months' roots with those given out, and counts
    the published figures anew; 1 if anything is another than it was.
    """
    roots = given_out(settings)
    tell_waiting("正在逐件核对，几十万件要几分钟……")
    # A colleague who goes on meanwhile is no breach.
    with opened(settings) as circle, one_state():
        broken = queries.broken_histories()
        others = [number for number in queries.other_deadlines(circle) if number not in broken]
        torn = list(islice(queries.broken_chains(roots), LISTED + 1))
        sums_hold = queries.sums_hold()
    if others:
        shown = "、".join(others[:LISTED]) + (f"等{len(others)}件" if len(others) > LISTED else "")
        print(
            f"按现在的设置，这些问题的时限会算得不一样，多半是后来改过设置，或者升级时才有的：{shown}。"
        )
    if broken:
        print(f"这些问题的经过与现状对不上：{'、'.join(broken)}，请从备份核对。", file=sys.stderr)
    for one in torn[:LISTED]:
        print(queries.broken_words(one), file=sys.stderr)
    if len(torn) > LISTED:
        print(f"对不上的不止{LISTED}处，只列了前面的，请从备份核对。", file=sys.stderr)
    if not sums_hold and not broken:
        print("公布的统计数与逐件重数的对不上，请从备份核对。", file=sys.stderr)
    if broken or torn or not sums_hold:
        return 1
    print("每个问题的经过都完整。")
    return 0


def given_out(settings: Settings) -> tuple[Root, ...]:
    """The roots that were published, and those in the list of the newest backup.

    Raises LogRefused.
    """
    try:
        published = read_roots(settings.roots_file.read_bytes())
    except FileNotFoundError:
        published = ()
    except ValueError as error:
        raise LogRefused(
            f"公布过的总校验值 {settings.roots_file} 读不懂，请从备份换回原来的那一份。"
        ) from error
    newest = Place(settings.backups_dir).backups()[-1:]
    try:
        kept = Manifest.read(newest[0]).log if newest else None
    except BackupDamaged:
        kept = None  # the backup itself is told of elsewhere
    return (*published, *(kept or ()))


def add_export_log(commands: "Commands") -> None:
    text = "导出一个月的封签，交给审计的人核对"
    more = "里面没有问题的内容；核对的办法见网站的“数据怎么保住”"
    command = commands.add_parser("export-log", help=text, description=f"{text}；{more}。")
    command.add_argument("month", metavar="年月", help="例如 2026-11")
    command.add_argument("file", metavar="文件", type=Path)
    command.set_defaults(run=export_log)


def export_log(settings: Settings, arguments: argparse.Namespace) -> int:
    """Writes one line a seal: its place in the log and its digest, under a head of three lines."""
    month: str = arguments.month
    target: Path = arguments.file
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise LogRefused(f"“{month}”不是年月，请写成 2026-11 这样。")
    with opened(settings):
        root = next((one for one in queries.month_roots() if one.month == month), None)
        if root is None:
            raise LogRefused(f"{month} 没有封签，没有导出。")
        try:
            with target.open("x", encoding="ascii", newline="\n") as file:
                target.chmod(0o600)
                file.write(f"ten-minute-circle log 1\nmonth {month}\nroot {root.root}\n")
                for serial, digest in islice(queries.seals_of_month(month), root.count):
                    file.write(f"{serial} {digest}\n")
        except FileExistsError as error:
            raise LogRefused(f"{target} 已经存在，没有动它，请换一个文件名。") from error
        except OSError as error:
            raise LogRefused(f"没有导出成：写不进 {target}（{why(error)}）。") from error
    print(f"{month} 的{root.count}条封签已导出到 {target}，总校验值是 {root.root}。")
    return 0
