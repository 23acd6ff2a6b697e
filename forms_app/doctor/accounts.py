"""Whether somebody can sign in at each level."""

from collections.abc import Sequence

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, Light, green, yellow
from forms_app.rules.said import said


def look(facts: Facts) -> Sequence[Finding]:
    if facts.circle is None:
        return green("社区数据有错，先不看账号。")
    try:
        vacant, count = queries.vacancies(facts.circle), len(queries.accounts())
    except queries.DATABASE_ERRORS:
        return yellow("数据库读不出来，不知道有哪些账号。", "先处理数据库。")
    if not vacant:
        return green(said("有%(count)s个账号，每一级都有人。", count=count))
    remedy = "在“账号”里给他们开账号。"
    return [Finding(Light.YELLOW, words, remedy, "accounts/new") for words in vacant]
