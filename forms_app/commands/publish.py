"""Counts, builds and publishes the site: `publish`."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from forms_app import queries
from forms_app.casework.servers import PUBLISH
from forms_app.commands.arguments import Parser
from forms_app.commands.claims import alone
from forms_app.commands.with_data import opened
from forms_app.community import Circle
from forms_app.publishing.publish import publish
from forms_app.radius.coverage import DAYS, Coverage, count_from
from forms_app.radius.ledger import rows_of
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


WAITS_SECONDS = 300.0  # for another server


def add_publish(commands: "Commands") -> None:
    text = "统计公开数字，重新生成并发布网站"
    command = commands.add_parser("publish", help=text, description=f"{text}；没有变化就不重做。")
    command.add_argument("--force", action="store_true", help="没有变化也重新生成")
    command.set_defaults(run=publish_site)


def publish_site(settings: Settings, arguments: argparse.Namespace) -> int:
    """Builds the site with the figures of this moment."""
    now = datetime.now(UTC)
    with opened(settings, as_they_are=True) as circle:
        roots = queries.month_roots()
        notes = queries.published_notes()
        money = queries.published_money()
        counted = count_from(circle, local_day(now))
        rows = rows_of(circle, counted)
        count = partial(queries.tallies_json, circle, now)
        with alone(settings, PUBLISH, WAITS_SECONDS):
            done = publish(settings, count, arguments.force, rows, roots, notes, money, now=now)
    if done.changed:
        print(
            f"网站已更新：{done.pages} 页，沿用 {done.linked} 个没有变化的文件，"
            f"用时 {done.seconds:.0f} 秒。"
        )
    else:
        print(f"没有变化，网站仍是 {done.release} 那一版，共 {done.pages} 页。")
    print(_coverage_line(circle, counted))
    if done.warning:
        print(done.warning, file=sys.stderr)
    return 0


def _coverage_line(circle: Circle, counted: Coverage) -> str:
    everybody = next(found.everybody for found in counted.lines if found.group == "all")
    minutes = circle.promise_minutes
    return f"今后{DAYS}天走{minutes}分钟以内能到活动的住户：{everybody.words}。"
