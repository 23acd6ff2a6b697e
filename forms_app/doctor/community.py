"""What is wrong with the office's data, and what is missing in them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from forms_app import queries
from forms_app.community import Circle, DataHint
from forms_app.community.file_hints import file_hints
from forms_app.community.in_use import closed_hints
from forms_app.community.people_hints import people_hints
from forms_app.community.rules import TO_FILL
from forms_app.community.subdistrict_hints import subdistrict_hints
from forms_app.community.workday_hints import missing_workdays
from forms_app.content.first_steps import SAMPLE_NUMBER
from forms_app.doctor.finding import Facts, Finding, Light, green, red, yellow
from forms_app.radius.calendar_hints import calendar_hints
from forms_app.radius.occurrences import goes_on
from forms_app.rules.said import said
from forms_app.rules.worktime import local_day

SHOWN = 5
FIRST_STEPS, ACTIVITIES = "first-steps", "activities"
SOON = timedelta(days=30)
CHECK = "改好以后运行scripts/circle check-data，再运行scripts/circle publish。"


def look(facts: Facts) -> Sequence[Finding]:
    if facts.circle is None:
        return _refused(facts.mistakes)
    found = [*_refused(facts.mistakes), *_lost(facts.circle)]
    found += _told(file_hints(facts.settings.community_dir))
    found += _gaps(facts.circle, local_day(facts.now))
    if not found:
        return green("社区数据齐全。")
    rest = len(found) - SHOWN
    found.sort(key=lambda one: list(Light).index(one.light))
    if rest > 0:
        more = said("社区数据还有%(count)s处可以补。", count=rest)
        return [*found[:SHOWN], *yellow(more, "运行scripts/circle check-data列出全部。")]
    return found


def _refused(mistakes: Sequence[str]) -> list[Finding]:
    """What has to be mended before anything of the data is taken up."""
    if not mistakes:
        return []
    first, *others = mistakes
    count = len(mistakes)
    found = red(
        said("社区数据有%(count)s处要改，在改好以前网站不更新。", count=count),
        said("先改第一处：%(first)s", first=first),
    )
    for mistake in others[: SHOWN - 1]:
        found += red(said("还要改：%(mistake)s。", mistake=mistake), CHECK)
    return found


def _lost(circle: Circle) -> Iterator[Finding]:
    try:
        lost = queries.lost_references(circle)
    except queries.DATABASE_ERRORS:
        yield from yellow("数据库读不出来，不知道数据里少没少还在用的代号。", "先处理数据库。")
        return
    for one in lost:
        yield from red(one.what, one.remedy)


def _gaps(circle: Circle, today: date) -> Iterator[Finding]:
    names = (circle.name, circle.subdistrict, *(one.name for one in circle.communities.values()))
    if any(TO_FILL in name for name in names):
        yield from yellow(
            "名称、街道或社区还写着“待填”。", "在首页的“第一次设置”里填。", FIRST_STEPS
        )
    elif circle.sample:
        yield from yellow(
            "网站上还写着“示例”。",
            "数据都换成自己的以后，在“第一次设置”的最后一步按“开门”。",
            FIRST_STEPS,
        )
    else:
        yield from _of_the_sample(circle)
    yield from _of_workdays(circle, today)
    yield from _of_activities(circle, today)
    for kind, missing in (("estates", circle.estates), ("venues", circle.venues)):
        if not missing:
            words = said("%(file)s里一行也没有。", file=f"{kind}.csv")
            yield from yellow(words, CHECK, f"records/{kind}")
    walked = {walk.estate_id for walk in circle.walks}
    unwalked = [one.name for one in circle.estates.values() if one.id not in walked]
    if unwalked and circle.venues:
        yield from yellow(
            said("还没有步行时间的小区：%(names)s。", names="、".join(unwalked[:SHOWN])),
            "请志愿者照网站上的待走清单走一走，用scripts/circle walk-times录入。",
        )
    yield from _told(people_hints(circle))
    yield from _told(subdistrict_hints(circle))
    yield from _told(closed_hints(circle))
    yield from _told(calendar_hints(circle, today))


def _told(hints: Iterable[DataHint]) -> Iterator[Finding]:
    for hint in hints:
        yield from yellow(f"{hint.file}：{hint.problem}。", f"{hint.remedy}。")


def _of_the_sample(circle: Circle) -> Iterator[Finding]:
    """Telephones that ring nowhere, to which residents of an office that is open are sent."""
    given = [(one.name, one.phone) for one in circle.departments.values()]
    given += [(one.name, one.phone) for one in circle.elsewhere.values()]
    left = [name for name, phone in given if SAMPLE_NUMBER in phone]
    if left:
        names = "、".join(left[:SHOWN])
        words = said(
            "居民看到的电话还有%(count)s个是示例的：%(names)s。", count=len(left), names=names
        )
        yield from yellow(
            said(words, count=len(left), names=names),
            "在“内容”的“单位和职责”“不在这里办的事”里换成真的，不知道的空着。",
            "records",
        )


def _of_workdays(circle: Circle, today: date) -> Iterator[Finding]:
    missing = missing_workdays(circle.clocks, today)
    if missing is None:
        return
    remedy = "国务院办公厅的放假通知公布后，在“内容”的“放假和补班”里贴进来。"
    year, since = missing
    if since <= today:
        words = "%(year)s年的放假和补班还没有录入，现在就有期限算不出来。"
        yield from red(said(words, year=year), remedy, f"workdays/{year}")
    else:
        words = "%(year)s年的放假和补班还没有录入，从%(since)s起有的期限算不出来。"
        yield from yellow(said(words, year=year, since=since), remedy, f"workdays/{year}")


def _of_activities(circle: Circle, today: date) -> Iterator[Finding]:
    if not circle.activities:
        yield from yellow("活动日历是空的。", "在“活动”里写上这个月的。", ACTIVITIES)
    ending = [
        one.summary for one in circle.activities.values()
        if one.is_series and goes_on(one, circle.school_terms, today)
        and not goes_on(one, circle.school_terms, today + SOON)
    ]  # fmt: skip
    if ending:
        names = "、".join(ending[:SHOWN])
        yield from yellow(
            said("一个月里就要办完最后一场的活动：%(names)s。", names=names),
            "还接着办的，在“活动”里改最后一天的日期。",
            ACTIVITIES,
        )
