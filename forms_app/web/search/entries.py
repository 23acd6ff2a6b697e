"""What can be found: kinds of matter, services, activities, offices, venues, and the site's pages.

An activity is one entry with its next date, however often it takes place. Pages for those who
build and print are none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from forms_app.community import Circle
from forms_app.community.in_use import in_use
from forms_app.issues.kind_words import OTHER
from forms_app.rules.said import Named
from forms_app.web.search.question import SameWords
from forms_app.web.search.release import Page

MATTER, SERVICE, ACTIVITY, ELSEWHERE = "matter", "service", "activity", "elsewhere"
OFFICE, VENUE, QUESTION, PAGE = "office", "venue", "question", "page"
# How far each is what a resident comes for.
WEIGHTS = {
    MATTER: 1.0, SERVICE: 1.0, ELSEWHERE: 1.0, QUESTION: 0.95, ACTIVITY: 0.95, VENUE: 0.9,
    OFFICE: 0.9,
}  # fmt: skip
# The other pages by the beginning of their address, the first that fits; 0: not to be found.
PAGES = (
    ("about/design-system", 0.0), ("about/asvs/", 0.0), ("about/open311/", 0.0),
    ("about/performance/", 0.0), ("about/promises/", 0.0), ("about/install/", 0.0),
    ("print/", 0.0), ("coverage/walks/", 0.0), ("handbook/questions/", 0.0),
    ("near/", 0.5), ("rate/", 0.8), ("figures/", 0.8), ("en/", 0.6), ("about/", 0.6),
    ("flowchart/", 0.6), ("handbook/", 0.5),
)  # fmt: skip
RESIDENTS = "residents"  # the part of the questions that residents ask
FOR_STAFF = 0.3
# What some pages, and some questions on them, are called beside their titles.
CALLED = {
    "calendar/": (
        "活动",
        "有什么活动",
        "今天",
        "明天",
        "今晚",
        "周末",
        "本周",
        "这周",
        "这个月",
        "好玩",
        "热闹",
    ),
    "near/": ("附近", "身边", "走得到", "能走到", "走路", "走几分钟", "步行", "多远"),
    # What the words of ours mean that residents read.
    "handbook/five-steps/": ("五步", "哪五步", "五步法"),
    "handbook/goal/": ("十分钟圈", "三个十分钟", "十分钟是什么", "什么是十分钟"),
    "handbook/grading/": ("分类", "定级", "a类", "b类", "c类", "一级", "二级", "三级"),
    "handbook/summons/": ("号召", "响应"),
    "handbook/evaluation/": ("销号", "满意度"),
    "handbook/assessment/": ("双向考核", "考核"),
    "figures/": ("办得怎么样", "统计", "满意率", "多少件"),
    "services/": ("服务", "能办什么", "办事"),
    "venues/": ("场所", "轮椅", "婴儿车", "推车", "无障碍", "坡道", "进得去", "没有台阶"),
    "funds/": ("经费", "花到哪", "花在哪", "花了多少", "怎么花", "钱花", "惠民资金"),
    "rate/": ("评价", "打分"),
    "about/privacy/": ("隐私", "个人信息"),
    "en/": ("english", "ticket", "follow", "rate", "satisfied"),
    "en/calendar/": ("calendar", "activity", "activities", "event", "today", "tomorrow", "weekend"),
    "en/near/": ("near", "nearby", "walk", "minutes on foot"),
    "en/services/": ("service", "services", "documents", "fee"),
    "handbook/questions/#offline": ("不会上网", "不会用手机", "不会打字", "不会写字", "没有手机"),
    "handbook/questions/#anonymous": ("匿名", "留姓名", "实名", "注册"),
    "handbook/questions/#progress": (
        "查进度",
        "查进展",
        "进度",
        "进展",
        "办到哪",
        "到哪了",
        "到哪一步",
        "处理结果",
        "办理结果",
        "没下文",
        "没消息",
        "没动静",
        "没人理",
        "反映了没人管",
        "不理我",
        "没回音",
        "查问题",
        "查我",
        "我的事",
        "办了没",
        "还没修",
        "没人理我",
        "我的问题",
        "办得怎么样",
        "还没办",
        "没办好",
        "还没解决",
        "没解决",
        "拖着不办",
        "几个月了",
        "有结果",
        "结果什么时候",
    ),
    "handbook/questions/#ten": ("多久", "几天能", "多长时间", "给我答复", "什么时候答复"),
    "handbook/questions/#who-sees": ("别人会知道", "别人看", "谁看得到", "知道是我", "保密"),
    "handbook/questions/#afraid": ("报复", "得罪", "穿小鞋", "打击"),
    "handbook/questions/#again": ("又坏了", "复发", "没修好", "不满意", "重新办", "又不亮"),
    "handbook/questions/#complaint": ("投诉工作人员", "工作人员态度"),
    "handbook/questions/#withdraw": ("撤回", "撤销", "不想办了", "说错了"),
}
_DATED = re.compile(r"calendar/\d{4}-\d\d-\d\d-(.+?)(-\d{4})?/")
_OF_TIME = re.compile(r"calendar/\d{4}-")


class Entry(Struct, frozen=True):
    """`words` are what it is known by, `asked` what it may be asked for by, too; all but title and
    text is for comparing only.
    """

    key: str
    kind: str
    title: str
    text: str
    url: str  # below the site's root; empty where no page tells more
    weight: float
    words: tuple[str, ...]
    one_title: str
    one_text: str
    asked: tuple[str, ...] = ()
    dates: tuple[tuple[datetime, str], ...] = ()  # when it takes place, and that day's page

    def after(self, now: datetime) -> tuple[datetime, str] | None:
        """When it takes place next, and the address of that page."""
        return next((one for one in self.dates if one[0] >= now), None)


class _Maker:
    def __init__(self, same: SameWords, pages: Sequence[Page]) -> None:
        self._same = same
        self.pages = {page.url: page for page in pages}

    def make(
        self, key: str, kind: str, title: str, text: str, words: Sequence[str], url: str,
        weight: float | None = None, dates: tuple[tuple[datetime, str], ...] = (),
        asked: Sequence[str] = (),
    ) -> Entry:  # fmt: skip
        page = self.pages.get(url.partition("#")[0])
        told = page.text if page and not text else text
        english = title.english.split(", ") if isinstance(title, Named) else ()
        return Entry(
            key, kind, title, told, url if page else "",
            WEIGHTS[kind] if weight is None else weight,
            tuple(dict.fromkeys(map(self._same.one, (*words, *english)))),
            self._same.one(title), self._same.one(told),
            tuple(dict.fromkeys(map(self._same.one, asked))), dates,
        )  # fmt: skip


def entries(circle: Circle, pages: Sequence[Page], same: SameWords) -> tuple[Entry, ...]:
    """Everything that can be found, once."""
    return tuple(_entries(in_use(circle), _Maker(same, pages)))


def _entries(circle: Circle, maker: _Maker) -> Iterator[Entry]:
    make = maker.make
    for kind in circle.categories.values():
        if kind.code != OTHER:
            words = (*kind.words, *re.split("[、，和]", kind.name))
            text = "，".join(kind.words)
            key = f"{MATTER}:{kind.code}"
            yield make(key, MATTER, kind.name, text, words, "", asked=kind.asked)
    for service in circle.services.values():
        url = f"services/{service.id}/"
        words = (*service.words, service.name)
        yield make(f"{SERVICE}:{service.id}", SERVICE, service.name, "", words, url)
    for one in circle.elsewhere.values():
        text = f"{one.who}。{one.advice}"
        yield make(f"{ELSEWHERE}:{one.id}", ELSEWHERE, one.name, text, one.words, "")
    dates = _dates(maker.pages)
    for activity in circle.activities.values():
        own = dates.get(activity.uid, ())
        text = f"{circle.venues[activity.location_id].name}。{activity.description}"
        words = (*activity.words, activity.summary)
        url = own[0][1] if own else ""
        yield make(
            f"{ACTIVITY}:{activity.uid}", ACTIVITY, activity.summary, text, words, url, dates=own
        )
    for unit in circle.departments.values():
        text = "。".join(duty.text for duty in unit.duties)
        words = (*unit.words, re.sub("（.*）", "", unit.name))
        yield make(f"{OFFICE}:{unit.id}", OFFICE, unit.name, text, words, f"duties/{unit.id}/")
    for venue in circle.venues.values():
        url = f"venues/{venue.id}/"
        yield make(f"{VENUE}:{venue.id}", VENUE, venue.name, venue.address, (venue.name,), url)
    known = ("services/", "duties/", "venues/")
    for page in maker.pages.values():
        for section in page.sections:
            is_residents = section.part == RESIDENTS
            url = f"{page.url}#{section.id}"
            weight = None if is_residents else FOR_STAFF
            called = CALLED.get(url, ())
            yield make(url, QUESTION, section.title, section.text, called, url, weight)
        weight = next((w for begin, w in PAGES if page.url.startswith(begin)), 0.7)
        is_own_entry = page.url.startswith(known) and page.url.count("/") > 1
        if page.url and weight and not is_own_entry and not _OF_TIME.match(page.url):
            yield make(page.url, PAGE, page.title, "", CALLED.get(page.url, ()), page.url, weight)


def _dates(pages: Mapping[str, Page]) -> dict[str, tuple[tuple[datetime, str], ...]]:
    """When each activity takes place and is not cancelled, by its uid."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for page in pages.values():
        dated = _DATED.fullmatch(page.url)
        if dated and page.moment and "已取消" not in page.title:
            found.setdefault(dated[1], []).append((page.moment, page.url))
    return {uid: tuple(sorted(own)) for uid, own in found.items()}
