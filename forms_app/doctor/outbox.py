"""Whether what is to be told leaves the house."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.rules.said import said

OK, STUCK, UNKNOWN = "ok", "stuck", "unknown"
UNSENT_AFTER = timedelta(minutes=30)


def state(now: datetime) -> str:
    """`ok`, `stuck` where something waits too long, or `unknown` without a database."""
    try:
        oldest = queries.oldest_unsent(now)
    except queries.DATABASE_ERRORS:
        return UNKNOWN
    return STUCK if oldest is not None and now - oldest > UNSENT_AFTER else OK


def look(facts: Facts) -> Sequence[Finding]:
    found = state(facts.now)
    if found == UNKNOWN:
        return yellow("数据库读不出来，不知道有没有没发出去的通知。", "先处理数据库。")
    if found == STUCK:
        minutes = said("有通知等了超过%(minutes)s分钟还没有发出去。", minutes=30)
        return red(minutes, "在系统检查页上发一条测试，看邮件、群机器人哪一处不通。", "doctor")
    return green("通知都发出去了。")
