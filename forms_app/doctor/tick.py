"""Whether anybody looks what falls due: a server, or a timer that calls `scripts/circle tick`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA

OK, NONE, LATE = "ok", "none", "late"
# Before the ten minutes of a report are over; a tick of a timer's may take five of them.
LATE_AFTER = timedelta(minutes=8)
REMEDY = (
    "看看服务是不是在运行；没有就用scripts/start启动，或者启动系统服务；"
    "在运行的，先改好别的“要处理”。"
)


def state(looked_at: datetime | None, now: datetime) -> str:
    """`ok`, `none` where nobody ever looked, or `late`."""
    if looked_at is None:
        return NONE
    return LATE if now - looked_at > LATE_AFTER else OK


def look(facts: Facts) -> Sequence[Finding]:
    if facts.looked_at is None:
        return red("没有程序在看时限和发通知。", REMEDY)
    moment = f"{facts.looked_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    last = said("最近一次看时限和发通知：%(moment)s。", moment=moment)
    return green(last) if state(facts.looked_at, facts.now) == OK else red(last, REMEDY)
