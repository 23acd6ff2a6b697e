"""`scripts/circle tick`: what is due is told, what is told is sent. Again and again, or twice at
once, it does each thing once."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework
from forms_app.casework import Ending, Reminded
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.community import Circle
from forms_app.notices.delivery import Post, webhook_secret
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

# What is left then is the next tick's.
LONGEST_SECONDS = 300.0


@dataclass
class Done:
    """What one tick did: reminders written, results passed on; messages sent, refused for good, to
    be tried again."""

    reminded: Reminded = field(default_factory=Reminded)
    passed: int = 0
    sent: int = 0
    notices: int = 0
    refused: int = 0
    postponed: int = 0

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
    command.set_defaults(run=tick)


def tick(settings: Settings, _arguments: argparse.Namespace) -> int:
    """One tick, told in one line. What could not be delivered is not the tick's failure."""
    with opened(settings) as circle:
        print(run(circle, Post.of(settings, circle), lambda: datetime.now(UTC)))
    return 0


def run(circle: Circle, post: Post, clock: Callable[[], datetime]) -> Done:
    """Writes what is due and delivers what is waiting."""
    ends = time.monotonic() + LONGEST_SECONDS
    passed = casework.pass_results(circle, now=clock())
    done = Done(casework.remind(circle, now=clock()), passed)
    casework.share_out(
        post.robots.of, post.mail_server is not None, list(post.robots.by_name), clock()
    )
    for kind, recipient in casework.recipients_due(circle, clock()):
        if time.monotonic() > ends:
            break
        message = casework.claim_message(circle, kind, recipient, now=clock())
        if message is None:
            continue
        attempt = post.deliver(message, clock())
        casework.settle_message(message, attempt, now=clock())
        if attempt.ending is Ending.SENT:
            done.sent += 1
            done.notices += len(message.notices)
        elif attempt.ending is Ending.REFUSED:
            done.refused += 1
        else:
            done.postponed += 1
    return done


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
