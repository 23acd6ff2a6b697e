"""Says how much data there is, what is wrong with it and what to look at: `check-data`."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app import queries
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import loaded, opened
from forms_app.community import Circle, DataHint, check_streets
from forms_app.community.file_hints import file_hints
from forms_app.community.in_use import closed_hints
from forms_app.community.people_hints import people_hints
from forms_app.community.subdistrict_hints import subdistrict_hints
from forms_app.community.workday_hints import workday_hints
from forms_app.formats.office_text import render
from forms_app.notices.robots import office_robots
from forms_app.notices.sms import read_gateway
from forms_app.radius.calendar_hints import calendar_hints
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_check_data(commands: "Commands") -> None:
    text = "检查社区数据，列出每一处错误"
    command = commands.add_parser("check-data", help=text, description=f"{text}。")
    command.set_defaults(run=check_data)


def check_data(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Prints how much of everything there is and what to look at; `main` prints what is wrong."""
    circle = loaded(settings)
    robots = office_robots(settings.private_dir, circle)
    gateway = read_gateway(settings.private_dir)
    counts = {
        "街道": circle.subdistricts,
        "社区": circle.communities,
        "部门和单位": circle.departments,
        "包片分工": circle.zones,
        "兼职委员": circle.committee,
        "特岗人员": circle.dedicated,
        "党组织": circle.organizations,
        "小区": circle.estates,
        "小区出入口": circle.entrances,
        "场所": circle.venues,
        "步行时间": circle.walks,
        "服务": circle.services,
        "活动": circle.activities,
        "学期": circle.school_terms,
        "别处办的事": circle.elsewhere,
        "同义词": circle.same_words,
        "手册和自己的页面": circle.pages,
        "群机器人": robots.by_name,
        "短信平台": () if gateway is None else (gateway,),
    }
    sketches = check_streets(settings.community_dir, circle.estates)
    lost = _lost_references(settings)
    if lost:
        raise Refused(
            "数据本身没有错误，但问题和账号还在用的代号不见了：\n" + "\n".join(map(str, lost))
        )
    print(f"{circle.name}的数据没有错误。")
    for label, things in counts.items():
        print(f"{label}：{len(things)}")
    print(f"小区的街道图：{sketches}")
    today = datetime.now(CHINA).date()
    found = (
        *file_hints(settings.community_dir), *subdistrict_hints(circle), *people_hints(circle),
        *workday_hints(circle, today), *calendar_hints(circle, today), *closed_hints(circle),
        *_page_hints(circle),
    )  # fmt: skip
    if found:
        print(f"另有 {len(found)} 处提醒，不改也能发布：")
    for hint in found:
        print(f"提醒：{hint}")
    return 0


def _page_hints(circle: Circle) -> Iterator[DataHint]:
    """What would not stand on a page as it is written; links are looked at as the site is built."""
    for page in circle.pages.values():
        for one in render(page.text).told:
            place = f"正文第 {one.line} 行" if one.line else ""
            yield DataHint(page.file, place, "", one.problem, one.remedy)


def _lost_references(settings: Settings) -> list[queries.LostReference]:
    # Before the first start there is no database, and checking must not make one.
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).exists():
        return []
    with opened(settings) as circle:
        return queries.lost_references(circle)
