"""`scripts/circle new-office`: the office's own files where there are none yet.

scripts/start does it by itself; this is for who makes a service or a container.
"""

import argparse
from typing import TYPE_CHECKING, TypeAlias

from forms_app.commands.arguments import Parser
from forms_app.office.shipped import make_office
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_new_office(commands: "Commands") -> None:
    text = "建办公室自己的资料，一份待填的；已经有的不动"
    command = commands.add_parser("new-office", help=text, description=f"{text}。")
    command.add_argument("--sample", action="store_true", help="放示例资料，看样子用")
    command.set_defaults(run=new_office, only_reads=True)


def new_office(settings: Settings, arguments: argparse.Namespace) -> int:
    """Makes them, or says that there are some. Raises FolderRefused."""
    if settings.community_dir.is_dir():
        print(f"{settings.community_dir} 已经有了，没有动。")
        return 0
    make_office(settings.root, settings.data, is_sample=arguments.sample)
    what = "示例" if arguments.sample else "待填的，请先改 circle.yml"
    print(f"已建好 {settings.community_dir}（{what}）。")
    return 0
