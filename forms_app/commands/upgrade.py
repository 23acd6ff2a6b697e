"""`scripts/circle upgrade`: a new version in the place of this one; and its two steps on the data.

What is done with the program's files stands in scripts/upgrading; it has the new version itself
prove here that it can read this office's data, before anything moves.
"""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app.backups.make import BackupFailed, back_up
from forms_app.backups.place import Place
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import need_alone_for_change
from forms_app.community import load
from forms_app.office import upgrading
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class UpgradeRefused(Refused):
    """Nothing was changed; the text says why."""


def add_upgrade(commands: "Commands") -> None:
    text = "换成新版本：先备份、先核对，不停机；新的起不来就自己换回来"
    more = "不写新版本在哪里，就用git取；没有外网，写新版本的文件夹或压缩包"
    command = commands.add_parser("upgrade", help=text, description=f"{text}。{more}。")
    command.add_argument("source", metavar="文件夹或压缩包", nargs="?", default="")
    command.add_argument("--wheels", metavar="文件夹", default="", help="没有外网：Python 软件包")
    command.set_defaults(run=upgrade, only_reads=True)


def upgrade(settings: Settings, arguments: argparse.Namespace) -> int:
    """Has scripts/upgrade do it; its exit code."""
    words = [arguments.source] if arguments.source else []
    words += ["--wheels", arguments.wheels] if arguments.wheels else []
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-P", str(settings.root / "scripts" / "upgrade"), *words],
        env={**os.environ, "PYTHONPATH": str(settings.root)}, check=False,
    ).returncode  # fmt: skip


def add_upgrade_step(commands: "Commands") -> None:
    command = commands.add_parser("upgrade-step", description="升级的一步，由升级程序自己用。")
    command.add_argument("step", choices=sorted(STEPS))
    command.set_defaults(run=lambda settings, arguments: STEPS[arguments.step](settings))


def prepare(settings: Settings) -> int:
    """The program that is coming proves itself on a backup of these data, and notes that it comes.

    Raises DataRefused, UpgradeRefused, and OtherThere.
    """
    load(settings.community_dir)
    if settings.server:
        need_alone_for_change(settings)
    imported = subprocess.run(
        [sys.executable, "-P", "-m", "forms_app.web.body_sizes"],
        env={**os.environ, "PYTHONPATH": str(settings.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if imported.returncode:
        raise UpgradeRefused(f"新版本的程序不完整：{imported.stderr.strip()[-500:]}")
    try:
        # It is restored into a scratch place there, and brought up to date by this program.
        made = back_up(settings, Place(settings.backups_dir), datetime.now(UTC))
        upgrading.begin(settings, settings.root)
    except BackupFailed as refused:
        raise UpgradeRefused(str(refused)) from refused
    except OSError as error:
        raise UpgradeRefused(f"{error.filename}（{why(error)}），请清出磁盘空间。") from error
    how = "，新版本已经在备份上试过一遍" if made.is_restored else ""
    print(f"已备份到 {made.folder}{how}。")
    return 0


def confirm(settings: Settings) -> int:
    """All is well, or as it was: what could be put back is not kept any more."""
    upgrading.end(settings)
    return 0


def where(settings: Settings) -> int:
    """Says where the data of these settings lie."""
    print(settings.data)
    return 0


STEPS = {"prepare": prepare, "confirm": confirm, "where": where}
