"""`scripts/circle tick`: what is due is told, what is told is sent. Again and again, or twice at
once, it does each thing once."""

import argparse
import faulthandler
import os
import select
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from forms_app import casework, queries
from forms_app.backups.erasures import carry_out
from forms_app.casework import Attempt, Ending, Reminded
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.community import Circle, DataRefused
from forms_app.community.current_circle import CurrentCircle
from forms_app.files.looked import note_look
from forms_app.notices.carriers import Carriers
from forms_app.notices.delivery import Post, webhook_secret
from forms_app.office.last_good import keep
from forms_app.settings import Settings
from forms_app.store.database import rest

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

# What is left then is the next tick's.
LONGEST_SECONDS = 300.0
# A process that waits costs memory, one that starts costs time.
STAY_SECONDS = 60.0


class Done(Struct):
    """What one tick did: reminders written, results passed on; messages sent, refused for good, to
    be tried again."""

    reminded: Reminded = field(default_factory=Reminded)
    passed: int = 0
    sent: int = 0
    notices: int = 0
    refused: int = 0
    postponed: int = 0

    def add(self, attempt: Attempt, notices: int) -> None:
        if attempt.ending is Ending.SENT:
            self.sent += 1
            self.notices += notices
        elif attempt.ending is Ending.REFUSED:
            self.refused += 1
        else:
            self.postponed += 1

    def __str__(self) -> str:
        r = self.reminded
        return (
            f"快到时限 {r.near} 件，超时 {r.overdue} 件，催评价 {r.verdicts} 件；"
            f"到时限自动转出结果 {self.passed} 件；"
            f"发出 {self.sent} 封（{self.notices} 条），发不出 {self.refused} 封，"
            f"稍后再试 {self.postponed} 封。"
        )


def add_tick(commands: "Commands") -> None:
    text = "提醒快到和超过的时限，发出该发的通知"
    command = commands.add_parser("tick", help=text, description=f"{text}；重复运行没有害处。")
    command.add_argument(
        "--stay",
        action="store_true",
        help=f"留着：标准输入来一行办一次，{STAY_SECONDS:.0f} 秒没有就结束（服务自己用）",
    )
    command.set_defaults(run=tick)


def tick(settings: Settings, arguments: argparse.Namespace) -> int:
    """One tick, told in one line, or one for each line that comes. What could not be delivered is
    not the tick's failure.
    """
    with opened(settings) as circle:
        if arguments.stay:
            stay(settings, circle, sys.stdin.fileno())
        else:
            _erase_owed(settings)
            print(run(circle, _post(settings, circle), _now))
            note_look(settings.private_dir)
    return 0


def stay(settings: Settings, circle: Circle, asked: int) -> None:
    """A tick whenever something comes at this descriptor; whoever hangs keeps nobody waiting."""
    current = CurrentCircle(
        settings.community_dir, circle, taken_up=partial(keep, settings),
        with_names=lambda circle: queries.with_names(circle, _now()),
    )  # fmt: skip
    with Carriers(_now, rest) as carriers:
        while select.select([asked], [], [], STAY_SECONDS)[0] and os.read(asked, 4096):
            # Nothing here takes so long: it would be stuck, and another one is started.
            faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)
            _erase_owed(settings)
            circle = current.get()
            post = _post(settings, circle)
            write_due(circle, post, _now())
            carriers.send(circle, post)
            carriers.arrived()
            rest()
            faulthandler.cancel_dump_traceback_later()


def run(circle: Circle, post: Post, clock: Callable[[], datetime]) -> Done:
    """Writes what is due and delivers what is waiting."""
    ends = time.monotonic() + LONGEST_SECONDS
    done = write_due(circle, post, clock())
    with Carriers(clock, rest) as carriers:
        while carriers.send(circle, post) and time.monotonic() < ends:
            for attempt, notices in carriers.arrived(all_of_them=True):
                done.add(attempt, notices)
    return done


def write_due(circle: Circle, post: Post, now: datetime) -> Done:
    """Writes what is due now, each for those by whom it is to be told."""
    done = _write_ends(circle, now)
    casework.share_out(
        post.robots.of, post.mail_server is not None, list(post.robots.by_name), now,
        can_text=post.gateway is not None, can_wake=post.push_key is not None,
    )  # fmt: skip
    return done


def _write_ends(circle: Circle, now: datetime) -> Done:
    casework.note_unit_names(circle, now=now)
    passed = casework.pass_results(circle, now=now)
    return Done(casework.remind(circle, now=now), passed)


def _post(settings: Settings, circle: Circle) -> Post:
    """The office's. Raises DataRefused where it is written down wrongly: nothing goes out then,
    but no reminder and no end is late for it.
    """
    try:
        return Post.of(settings, circle)
    except DataRefused:
        _write_ends(circle, _now())
        raise


def _erase_owed(settings: Settings) -> None:
    """What residents had erased and was still held by somebody then."""
    if casework.is_owed():
        carry_out(settings)


def _now() -> datetime:
    return datetime.now(UTC)


def add_webhook_secret(commands: "Commands") -> None:
    text = "显示 CIRCLE_WEBHOOK_URL 的签名密钥"
    command = commands.add_parser(
        "webhook-secret", help=text, description=f"{text}，给接收方核对。"
    )
    command.set_defaults(run=show_webhook_secret)


def show_webhook_secret(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Prints the secret with which the receiver checks the signatures."""
    print(webhook_secret(settings))
    return 0
