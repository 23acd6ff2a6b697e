"""Whether the clock may be right: it is behind what was already written down, or apart from the
database's, which other servers share, or it is not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA

TOLERATED = timedelta(minutes=5)
REMEDY = (
    "校准这台机器的时间（timedatectl set-ntp true），时限都按它算。"
    "核对过没有错的，就是以前快过：记下的经过不改，到了那一天这一条自己会好。"
)

APART = (
    "把两台机器的时间都校准（timedatectl set-ntp true）：谁的活、干到几点，是按时钟记的，"
    "几台服务器差得远了，会同时做同一件事。"
)


def this_clock() -> datetime:
    """What this machine's says at this very moment: it is the one that is looked at."""
    return datetime.now(UTC)


def look(facts: Facts) -> Sequence[Finding]:
    moment = f"{facts.now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    shown = said("现在是北京时间 %(moment)s。", moment=moment)
    try:
        last, theirs = queries.last_entry_at(), queries.database_clock()
    except queries.DATABASE_ERRORS:
        last, theirs = None, None
    apart = abs(theirs - this_clock()) if theirs is not None else timedelta()
    if apart > TOLERATED:
        minutes = apart // timedelta(minutes=1)
        return red(
            said(
                "%(shown)s和数据库那台机器的时钟差%(minutes)s分钟。", shown=shown, minutes=minutes
            ),
            APART,
        )
    if last is not None and last - facts.now > TOLERATED:
        return red(
            said("%(shown)s已经记下的经过比这还晚，时钟慢了。", shown=shown), REMEDY
        )  # fmt: skip
    return green(shown)
