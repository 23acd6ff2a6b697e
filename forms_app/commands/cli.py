"""The administrator's commands: each one a parser and a function, and a sentence when refused.

Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app import queries
from forms_app.casework import CaseError
from forms_app.commands.arguments import Parser
from forms_app.commands.export import add_export
from forms_app.commands.imports import ImportRefused, add_erase_uploads, add_import
from forms_app.commands.photos import add_sweep_photos
from forms_app.commands.restore import RestoreRefused, add_restore
from forms_app.commands.staff import add_staff
from forms_app.commands.tick import add_tick, add_webhook_secret
from forms_app.commands.upkeep import (
    add_backup,
    add_erase_contacts,
    add_erase_notices,
    add_verify_log,
)
from forms_app.commands.walk_times import add_walk_times
from forms_app.commands.with_data import opened
from forms_app.community import Circle, DataRefused, check_streets, load
from forms_app.community.subdistrict_hints import street_notices
from forms_app.files.running_lock import InUse
from forms_app.notices.hooks import read_hooks
from forms_app.publishing.publish import BuildFailed, PublishBusy, publish
from forms_app.radius.calendar_hints import notices
from forms_app.radius.coverage import DAYS, Coverage, count_from
from forms_app.radius.ledger import rows_of
from forms_app.rules.worktime import CHINA
from forms_app.settings import SettingRefused, Settings
from forms_app.spreadsheets.sheets import FileRefused
from forms_app.store.database import DatabaseRefused
from forms_app.walking.refusal import WalksRefused

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

ROOT = Path(__file__).resolve().parents[2]


class Refused(Exception):
    """A command that cannot be carried out; the text is the sentence that says why."""


def main(argv: list[str]) -> int:
    """Carries one command out; its exit code."""
    arguments = parser().parse_args(argv)
    try:
        settings = Settings.from_environment(os.environ, ROOT)
        code: int = arguments.run(settings, arguments)
    except DataRefused as refused:
        print(f"社区数据有 {len(refused.errors)} 处要改：\n{refused}", file=sys.stderr)
        return 1
    except (
        Refused,
        CaseError,
        SettingRefused,
        DatabaseRefused,
        FileRefused,
        ImportRefused,
        BuildFailed,
        PublishBusy,
        WalksRefused,
        RestoreRefused,
        InUse,
    ) as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return 130
    return code


def parser() -> Parser:
    """All commands; a new one is one more `add_…` function here."""
    circle = Parser(prog="scripts/circle", description="十分钟圈的管理命令。")
    commands = circle.add_subparsers(
        title="命令", metavar="命令", dest="command", required=True, parser_class=Parser
    )
    for add in (
        add_check_data,
        add_publish,
        add_staff,
        add_export,
        add_import,
        add_erase_uploads,
        add_backup,
        add_restore,
        add_verify_log,
        add_erase_contacts,
        add_sweep_photos,
        add_erase_notices,
        add_walk_times,
        add_tick,
        add_webhook_secret,
    ):
        add(commands)
    return circle


def add_check_data(commands: "Commands") -> None:
    text = "检查社区数据，列出每一处错误"
    command = commands.add_parser("check-data", help=text, description=f"{text}。")
    command.set_defaults(run=check_data)


def check_data(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Prints how much of everything there is and what to look at; `main` prints what is wrong."""
    circle = load(settings.community_dir)
    hooks = read_hooks(settings.private_dir, circle.communities, circle.street_ids)
    counts = {
        "街道": circle.streets,
        "社区": circle.communities,
        "部门和单位": circle.departments,
        "包片分工": circle.zones,
        "党组织": circle.organizations,
        "小区": circle.estates,
        "小区出入口": circle.entrances,
        "场所": circle.venues,
        "步行时间": circle.walks,
        "服务": circle.services,
        "活动": circle.activities,
        "学期": circle.school_terms,
        "群机器人": hooks.by_name,
    }
    sketches = check_streets(settings.community_dir, circle.estates)
    lost = _lost_references(settings)
    if lost:
        raise Refused("数据本身没有错误，但问题和账号还在用的代号不见了：\n" + "\n".join(lost))
    print(f"{circle.name}的数据没有错误。")
    for label, things in counts.items():
        print(f"{label}：{len(things)}")
    print(f"小区的街道图：{sketches}")
    found = street_notices(circle) + notices(circle, datetime.now(CHINA).date())
    if found:
        print(f"另有 {len(found)} 处提醒，不改也能发布：")
    for notice in found:
        print(f"提醒：{notice}")
    return 0


def _lost_references(settings: Settings) -> list[str]:
    # Before the first start there is no database, and checking must not make one.
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).exists():
        return []
    with opened(settings) as circle:
        return queries.lost_references(circle)


def add_publish(commands: "Commands") -> None:
    text = "统计公开数字，重新生成并发布网站"
    command = commands.add_parser("publish", help=text, description=f"{text}；没有变化就不重做。")
    command.add_argument("--force", action="store_true", help="没有变化也重新生成")
    command.set_defaults(run=publish_site)


def publish_site(settings: Settings, arguments: argparse.Namespace) -> int:
    """Builds the site with the figures of this moment."""
    now = datetime.now(UTC)
    with opened(settings) as circle:
        figures = json.dumps(queries.tallies(circle, now), ensure_ascii=False)
        counted = count_from(circle, now.astimezone(CHINA).date())
        rows = rows_of(circle, counted)
    done = publish(settings, figures, arguments.force, rows, now=now)
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


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
