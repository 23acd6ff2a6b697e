"""Whether what a server does by night was done: what was not, and why."""

from collections.abc import Sequence
from itertools import groupby

from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.files.nights import last_night
from forms_app.rules.said import said

REMEDY = "照这句改好；服务每小时自己再做一次，不用等到夜里。"


def look(facts: Facts) -> Sequence[Finding]:
    night = last_night(facts.settings.private_dir)
    if night is None or not night.undone:
        return green("夜里该做的都做了。")
    found: list[Finding] = []
    by_reason = sorted(night.undone.items(), key=lambda one: one[1])
    for reason, undone in groupby(by_reason, key=lambda one: one[1]):
        names = "、".join(command for command, _ in undone)
        found += red(said("夜里的%(names)s没有做成：%(why)s", names=names, why=reason), REMEDY)
    return found
