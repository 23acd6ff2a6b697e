"""`scripts/circle find-topics`: what recurs is looked for once a month, in a process of its own."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_find_topics(commands: "Commands") -> None:
    text = "找出一年里反复出现的问题，每月一次（服务自己会做）"
    more = "这个月找过的不再找"
    command = commands.add_parser("find-topics", help=text, description=f"{text}；{more}。")
    command.set_defaults(run=find_topics)


def find_topics(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Finds what was not yet looked for in this month."""
    with opened(settings) as circle:
        count = casework.find_topics(circle, now=datetime.now(UTC))
    print(f"新找出{count}个反复出现的问题，在“每月一题”里。")
    return 0
