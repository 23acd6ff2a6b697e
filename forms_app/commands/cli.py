"""The administrator's commands: each one a parser and a function, and a sentence when refused.

Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app.casework import CaseError
from forms_app.commands.arguments import Parser, tell_interrupted
from forms_app.commands.backup import add_backup
from forms_app.commands.check_data import add_check_data
from forms_app.commands.contact_key import add_forget_contacts, add_renew_contact_key
from forms_app.commands.doctor import add_doctor
from forms_app.commands.door import add_door
from forms_app.commands.export import add_export
from forms_app.commands.imports import add_erase_uploads, add_import
from forms_app.commands.log import add_export_log, add_verify_log
from forms_app.commands.move import add_move_in, add_move_out
from forms_app.commands.new_office import add_new_office
from forms_app.commands.photos import add_sweep_photos
from forms_app.commands.publish import add_publish
from forms_app.commands.restore import add_restore
from forms_app.commands.staff import add_staff
from forms_app.commands.tick import add_tick, add_webhook_secret
from forms_app.commands.topics import add_find_topics
from forms_app.commands.upgrade import add_upgrade, add_upgrade_step
from forms_app.commands.upkeep import (
    add_erase_contacts,
    add_erase_notices,
    add_erase_sign_ins,
    add_forget_codes,
)
from forms_app.commands.walk_times import add_walk_times
from forms_app.community import DataRefused
from forms_app.logs import keep_values_out
from forms_app.rules.os_words import MEND_DAMAGED, why
from forms_app.rules.refused import Refused
from forms_app.settings import Settings
from forms_app.settings.owners import Ground
from forms_app.store.contacts import use_keys
from forms_app.store.faults import MAY_BE_FAULTS, Fault, fault_of, in_words, told

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

ROOT = Path(__file__).resolve().parents[2]
# In the order of `--help`; a new command is one more line.
COMMANDS: "tuple[Callable[[Commands], None], ...]" = (
    add_doctor,
    add_check_data,
    add_publish,
    add_staff,
    add_export,
    add_import,
    add_erase_uploads,
    add_backup,
    add_restore,
    add_move_out,
    add_move_in,
    add_upgrade,
    add_verify_log,
    add_export_log,
    add_erase_contacts,
    add_sweep_photos,
    add_erase_notices,
    add_erase_sign_ins,
    add_find_topics,
    add_forget_codes,
    add_renew_contact_key,
    add_forget_contacts,
    add_walk_times,
    add_door,
    add_tick,
    add_webhook_secret,
    add_new_office,
    add_upgrade_step,
)


def main(argv: list[str]) -> int:
    """Carries one command out; its exit code. What it made as root is the office's user's."""
    arguments = parser().parse_args(argv)
    ground = Ground.before(os.environ, ROOT)
    try:
        code = _done(arguments)
    finally:
        if ground is not None:
            _hand_over(ground)
    kept_out = ground.kept_out() if code and ground is not None else None
    if kept_out is not None:
        print(kept_out, file=sys.stderr)
    return code


def _hand_over(ground: Ground) -> None:
    try:
        ground.hand_over()
    except OSError as error:
        print(f"{error.filename} 还是 root 的（{why(error)}）。", file=sys.stderr)


def _done(arguments: argparse.Namespace) -> int:
    try:
        only_reads = getattr(arguments, "only_reads", False)
        settings = Settings.from_environment(os.environ, ROOT, only_reads=only_reads)
        use_keys(settings.contact_keys)
        code: int = arguments.run(settings, arguments)
        sys.stdout.flush()
    except DataRefused as refused:
        print(f"社区数据有 {len(refused.errors)} 处要改：\n{refused}", file=sys.stderr)
        return 1
    except (Refused, CaseError) as refused:
        print(refused, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read what it says has enough, as `head` has: nobody is told of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MAY_BE_FAULTS as error:
        sentence = _said(error)
        if sentence is None:
            raise  # a mistake of ours: its traceback is wanted
        print(sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return tell_interrupted()
    return code


def _said(error: Exception) -> str | None:
    """What keeps a command from its work: the database, or a file that it was told of."""
    fault = fault_of(error)
    if fault is Fault.DAMAGED:
        return f"没有办成：数据库的{in_words(error)}（{told(error)}）。{MEND_DAMAGED}"
    if fault is not None:
        return (
            f"没有办成：数据库或放数据的磁盘现在不行：{in_words(error)}（{told(error)}）。"
            "请检查磁盘空间、文件权限和数据库，再运行一次。"
        )
    if isinstance(error, OSError) and error.filename is not None:
        return f"没有办成：{error.filename}（{why(error)}），请检查这个文件或文件夹和它的权限。"
    return None


def parser() -> Parser:
    """All commands."""
    circle = Parser(prog="scripts/circle", description="十分钟圈的管理命令。")
    commands = circle.add_subparsers(
        title="命令", metavar="命令", dest="command", required=True, parser_class=Parser
    )
    for add in COMMANDS:
        add(commands)
    return circle


if __name__ == "__main__":
    keep_values_out()  # the server writes what a command says into its log
    raise SystemExit(main(sys.argv[1:]))
