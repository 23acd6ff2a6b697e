"""Whether the clock may be right: it is behind what was already written down, or it is not."""

from collections.abc import Sequence
from datetime import timedelta

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA

TOLERATED = timedelta(minutes=5)
REMEDY = (
    "校准这台机器的时间（timedatectl set-ntp true），时限都按它算。"
    "核对过没有错的，就是以前快过：记下的经过不改，到了那一天这一条自己会好。"
)


def look(facts: Facts) -> Sequence[Finding]:
    moment = f"{facts.now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    shown = said("现在是北京时间 %(moment)s。", moment=moment)
    try:
        last = queries.last_entry_at()
    except queries.DATABASE_ERRORS:
        last = None
    if last is not None and last - facts.now > TOLERATED:
        return red(
            said("%(shown)s已经记下的经过比这还晚，时钟慢了。", shown=shown), REMEDY
        )  # fmt: skip
    return green(shown)
