"""What the sample circle has lived through: issues in every step, ratings, assessments, funds."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import NotPossible, Report, Spending
from forms_app.community import Circle
from forms_app.issues.access import Actor, resident
from forms_app.rules.funds import street_book
from forms_app.rules.keys import CodeKey, format_ticket, ticket_secret
from forms_app.rules.steps import Role
from forms_app.rules.two_way import quarter_of
from forms_app.rules.worktime import CHINA
from forms_app.store.funds import FundEntry
from forms_app.store.meetings import MeetingItem
from forms_app.store.models import Issue


def district_units(circle: Circle) -> list[str]:
    """The departments that are responsible for some kind of problem, in the file's order."""
    leading = dict.fromkeys(category.department for category in circle.categories.values())
    return [unit for unit in leading if circle.departments[unit].kind == "department"]


class Story:
    """Issues told one after another, each at its own time in the last weeks."""

    def __init__(
        self, circle: Circle, staff: dict[Role, Actor], code_key: CodeKey, now: datetime
    ) -> None:
        self.circle = circle
        self.code_key = code_key
        self.staff = staff
        self.present = now
        self.leader = staff[Role.COMMUNITY_LEADER]
        self.subdistrict_leader = staff[Role.SUBDISTRICT_LEADER]
        self.responder = staff[Role.RESPONDER]
        self.units = district_units(circle)
        self.estates = list(circle.estates.values())
        self.told = 0
        self.secrets: dict[str, str] = {}  # number → the ticket's secret
        self.tickets: tuple[str, ...] = ()

    def tell(self) -> None:
        """Every step, a failed C, a failed B, a second round, and enough closed ones to count."""
        hours, days = _hours, _days
        new = self.report("楼道灯不亮，晚上看不清台阶。", "street_light", timedelta(minutes=4))
        self.report("小区门口积水，下雨就过不去。", "drainage", timedelta(minutes=14))
        self.opined("电动车堵住消防通道。", "fire_lane", hours(3))
        self.classified("广场舞音响太大，孩子写不了作业。", "noise", hours(6), "C", 2)
        self.classified("老楼外墙掉砖，下面是人行道。", "property_service", hours(5), "A", 1)
        self.summoned("烧烤摊油烟飘进窗户，多次说过没有用。", "cooking_fumes", days(1), "B")
        leaning = self.handled("路灯杆歪了，怕倒。", "street_light", days(1), "C")
        self.handled("工地夜里施工，震得睡不着。", "dust", days(3), "B", progress=True)
        self.escalated("下水道总堵，社区通过两次，没几天又堵。", "drainage", days(12), "C")
        number = self.escalated("安置房产权证迟迟办不下来。", "relocation", days(26), "B")
        self.refer_up(number)
        to_judge = self.resolved("楼上漏水，物业一直没修。", "property_service", days(4), "C")
        self.tickets = tuple(format_ticket(n, self.secrets[n]) for n in (new, to_judge))
        self.second_round("垃圾桶没人清，味道很大。", "rubbish", days(9))
        number = self.resolved("僵尸车占着车位三个月。", "parking", days(20), "C")
        self.shelve(number, days(20))
        number = self.report("社保卡丢了，怎么补办。", "other", days(6))
        self.transfer(number, days(6))
        first = self.handled("健身器材的螺丝松了。", "other", days(2), "C")
        second = self.report("健身器材晃得厉害，孩子在上面玩。", "other", days(2) - hours(3))
        casework.merge(
            self.circle, self.leader, second, 1, into=first, now=self.at(days(2) - hours(4))
        )
        number = self.report("隔壁装修吵，已经停了。", "noise", days(8))
        casework.withdraw(
            self.circle, resident(number), number, None, "已经不吵了。",
            now=self.at(days(8) - hours(5)),
        )  # fmt: skip
        self.opined("水表箱的盖子丢了。", "other", days(1), after=timedelta(minutes=25))
        self.next_door()
        for place in range(CLOSED_ISSUES):
            text, category = _CLOSED[place % len(_CLOSED)]
            ago = days(75 - 2 * place)
            number = self.resolved(text, category, ago, "C")
            if place % 6 == 0:
                ago = self.done_again(number, ago - days(2))
            satisfaction = (5, 5, 4, 4, 3)[place % 5]
            self.verdict(number, ago - days(2), satisfaction, "", may_tell=place % 4 == 1)
            if place % 4 == 1:
                self.tell_publicly(number, ago - days(2), publishes=place + 4 < CLOSED_ISSUES)
        for text in ("路灯杆倾斜，刮风时晃得怕人。", "门口那根路灯杆要倒了。"):
            self.also_met(leaning, text, hours(5))
        self.come_again()
        self.declined("沿街雨棚的铁皮松了，刮风哗哗响。", "dust", days(2))
        self.reported("人行道塌了一块，怕人踩空。", "drainage", days(2))
        self.rate()
        self.assess()
        self.keep_books(leaning)
        casework.find_topics(self.circle, now=self.present)

    def come_again(self) -> None:
        """One matter that many bring over a season, the last before this month began."""
        if not any(estate.id == _RECURRING_AT for estate in self.estates):
            return
        for place, (ago, text, category) in enumerate(_RECURRING):
            told = _days(ago)
            number = self.resolved(text, category, told, "C", estate_id=_RECURRING_AT)
            if place % 4 == 0:
                told = self.done_again(number, told - _days(2))
            self.verdict(number, told - _days(2), (4, 3, 5)[place % 3], "")

    def also_met(self, number: str, text: str, ago: timedelta) -> None:
        """A neighbour of the same estate reports the same, sees the offer and joins."""
        known = Issue.get(Issue.number == number)
        same = self.report(text, known.category, ago, estate_id=known.estate_id)
        casework.join(
            self.circle, resident(same), same, None, into=number,
            now=self.at(ago - timedelta(minutes=1)),
        )  # fmt: skip

    def next_door(self) -> None:
        """The other communities' issues: enough to be counted, each with its first answer."""
        if all(estate.community_id == self.leader.community_id for estate in self.estates):
            return
        for place, text in enumerate(_NEXT_DOOR):
            ago = _days(place) + timedelta(minutes=9)
            number = self.report(text, "other", ago, at_home=False)
            there = Issue.get(Issue.number == number).community_id
            leader = Actor(Role.COMMUNITY_LEADER, self.leader.name, community_id=there)
            self.move(
                casework.opine, leader, number, ago - timedelta(minutes=5),
                text="收到，下午去看，看过以后给您回话。",
            )  # fmt: skip

    def at(self, ago: timedelta) -> datetime:
        return self.present - ago

    def report(
        self,
        text: str,
        category: str,
        ago: timedelta,
        *,
        at_home: bool = True,
        estate_id: str = "",
    ) -> str:
        self.told += 1
        home = [e for e in self.estates if (e.community_id == self.leader.community_id) is at_home]
        estate = self.circle.estates[estate_id] if estate_id else home[self.told % len(home)]
        report = Report(
            description=f"（示例）{text}",
            community_id=estate.community_id,
            estate_id=estate.id,
            location=f"{self.told}栋附近",
            category=category if category in self.circle.categories else "",
        )
        by_collector = at_home and self.told % 4 == 0
        if by_collector:
            report = replace(report, channel="grid_worker")
        key = secrets.token_urlsafe(16)
        secret = ticket_secret(key, key)
        issue = casework.submit(
            self.circle,
            self.staff[Role.COLLECTOR] if by_collector else resident(),
            report,
            form_key=key,
            ticket_hash=self.code_key.hashed(secret),
            now=self.at(ago),
        )
        self.secrets[issue.number] = secret
        return issue.number

    def opined(
        self,
        text: str,
        category: str,
        ago: timedelta,
        after: timedelta = timedelta(minutes=6),
        *,
        estate_id: str = "",
    ) -> str:
        number = self.report(text, category, ago, estate_id=estate_id)
        self.move(
            casework.opine, self.staff[Role.WORKER], number, ago - after,
            text="已经看到，马上派人去现场看，今天之内给您回话。",
        )  # fmt: skip
        return number

    def classified(
        self,
        text: str,
        category: str,
        ago: timedelta,
        severity_class: str,
        urgency: int = 2,
        *,
        estate_id: str = "",
    ) -> str:
        number = self.opined(text, category, ago, estate_id=estate_id)
        self.move(
            casework.classify, self.leader, number, ago - timedelta(minutes=25),
            severity_class=severity_class, urgency=urgency,
        )  # fmt: skip
        return number

    def summoned(self, text: str, category: str, ago: timedelta, severity_class: str) -> str:
        number = self.classified(text, category, ago, severity_class)
        self.summon(number, ago - timedelta(minutes=40), severity_class)
        return number

    def summon(self, number: str, ago: timedelta, severity_class: str) -> None:
        self.move(
            casework.summon,
            self.subdistrict_leader if severity_class == "A" else self.leader,
            number,
            ago,
            parties=self.units[:3],
            subject="（示例）居民反映多次，社区办不了，请一起看",
            asked="请派人到现场会商，带上权属资料。",
            reply_by=self.at(ago) + timedelta(hours=4),
            meet_at=self.at(ago) + timedelta(hours=5),
            place="社区党群服务中心",
            duties={unit: self.circle.departments[unit].duties[0].text for unit in self.units[:3]},
        )

    def handled(
        self,
        text: str,
        category: str,
        ago: timedelta,
        severity_class: str,
        *,
        progress: bool = False,
        estate_id: str = "",
    ) -> str:
        if severity_class == "C":
            number = self.classified(text, category, ago, "C", estate_id=estate_id)
            self.assign(number, ago - timedelta(hours=1))
        else:
            number = self.summoned(text, category, ago, severity_class)
            self.answer_and_plan(number, ago - timedelta(hours=2), self.leader)
        if progress:
            casework.progress(
                self.circle,
                self.responder,
                number,
                None,
                "已经约谈施工单位，夜间停工。",
                now=self.at(ago - timedelta(hours=20)),
            )
        return number

    def assign(self, number: str, ago: timedelta) -> None:
        worker = self.staff[Role.WORKER].account_id
        is_own = self.circle.is_own_task(Issue.get(Issue.number == number).category)
        reason = "" if is_own else "先由社区催物业和维保单位到场。"
        self.move(casework.assign, self.leader, number, ago, worker_id=worker, reason=reason)

    def answer_and_plan(self, number: str, ago: timedelta, caller: Actor) -> None:
        casework.answer(
            self.circle, self.responder, number, None,
            answer="arrived", opinion="已到现场，情况属实，可以处理。", now=self.at(ago),
        )  # fmt: skip
        self.move(
            casework.plan, caller, number, ago - timedelta(hours=1),
            text="先消除危险，一周内修好，修好后回访。", lead=self.units[0], assist=self.units[1:2],
            measures=[
                casework.PlannedMeasure("围挡警示", self.units[0]),
                casework.PlannedMeasure("修复", self.units[0], self.units[1]),
            ],
        )  # fmt: skip

    def escalated(self, text: str, category: str, ago: timedelta, severity_class: str) -> str:
        number = self.handled(text, category, ago, severity_class)
        self.move(
            casework.escalate, self.leader, number, ago - timedelta(days=5),
            reason="按方案办过，问题又出现，社区没有能力彻底解决。",
        )  # fmt: skip
        if severity_class == "B":
            self.summon(number, ago - timedelta(days=6), "A")
            self.answer_and_plan(number, ago - timedelta(days=6, hours=5), self.subdistrict_leader)
        return number

    def refer_up(self, number: str) -> None:
        self.move(
            casework.refer_up, self.subdistrict_leader, number, timedelta(hours=20),
            reason="要自然资源、住建几家一起定，街道协调不动。",
            request="请牵头开一次协调会，定下办证的先后。",
            answer_by=self.at(-timedelta(days=2)),
        )  # fmt: skip

    def resolved(
        self,
        text: str,
        category: str,
        ago: timedelta,
        severity_class: str,
        *,
        estate_id: str = "",
    ) -> str:
        number = self.handled(text, category, ago, severity_class, estate_id=estate_id)
        self.move(
            casework.resolve, self.staff[Role.WORKER], number, ago - timedelta(days=1),
            outcome="已经处理好，现场拍照留存。",
        )  # fmt: skip
        return number

    def reported(self, text: str, category: str, ago: timedelta) -> None:
        number = self.handled(text, category, ago, "B")
        self.move(
            casework.resolve, self.responder, number, timedelta(hours=5),
            outcome="已经回填夯实，重新铺了地砖。",
        )  # fmt: skip

    def declined(self, text: str, category: str, ago: timedelta) -> None:
        number = self.handled(text, category, ago, "B")
        casework.decline(
            self.circle, self.responder, number, None,
            reason="雨棚是商户自己搭的，占道的部分不归本单位管。", whose=self.units[1],
            now=self.at(timedelta(hours=3)),
        )  # fmt: skip

    def second_round(self, text: str, category: str, ago: timedelta) -> str:
        number = self.resolved(text, category, ago, "C")
        self.verdict(number, ago - timedelta(days=2), 2, "第二天又满了，没有真正解决。")
        self.move(
            casework.opine, self.leader, number, ago - timedelta(days=2, minutes=-8),
            text="对不起，没有办好。这一次和环卫单位一起定清运时间。",
        )  # fmt: skip
        return number

    def done_again(self, number: str, ago: timedelta) -> timedelta:
        """A dissatisfied verdict and the whole second round; when its verdict's turn has come."""
        self.verdict(number, ago, 2, "没有真正解决。")
        self.move(
            casework.classify, self.leader, number, ago - timedelta(minutes=7),
            severity_class="C", urgency=1, initial_opinion="对不起，没有办好，今天重新去办。",
        )  # fmt: skip
        self.assign(number, ago - timedelta(minutes=20))
        self.move(
            casework.resolve, self.staff[Role.WORKER], number, ago - timedelta(hours=8),
            outcome="这次换了新的，当面试过。",
        )  # fmt: skip
        return ago + timedelta(days=1)

    def assess(self) -> None:
        """What the sub-district and a department have on record of each other."""
        unit, home = self.units[0], next(iter(self.circle.communities))
        subdistrict_id = self.circle.subdistrict_ids.get(home, "")
        today = self.present.astimezone(CHINA).date()
        said = casework.Said(
            "unit", subdistrict_id, unit, "（示例）来得快，方案定得实，有一件退回过一次。",
            quarter=quarter_of(today), level="fair",
        )  # fmt: skip
        asked = casework.Said(
            "inspection", subdistrict_id, unit, "（示例）上级专项检查，要看现场和台账。",
            subject="垃圾分类台账", planned_on=today + timedelta(days=7),
        )  # fmt: skip
        for actor, one in ((self.subdistrict_leader, said), (self.responder, asked)):
            casework.say_of_office(
                self.circle, actor, one, form_key=f"sample {one.kind}", now=self.at(_hours(5))
            )

    def keep_books(self, number: str) -> None:
        """A residents' meeting about an issue, and the money that it agreed to."""
        home, today = self.leader.community_id, self.present.astimezone(CHINA).date()
        street = street_book(self.circle.subdistrict_ids.get(home, ""))
        day = max(today - timedelta(days=20), date(today.year, 1, 1))
        items = {
            1: casework.AgendaItem(
                "（示例）扶正路灯杆，换老旧灯头", f"issue:{number}", "agreed",
                "（示例）请有资质的队伍做，先做路口两根。", 3_600_00, "（示例）两根已经扶正。",
            ),
            2: casework.AgendaItem("（示例）花坛边加两张长椅", "", "later", "", 0, ""),
        }  # fmt: skip
        minutes = casework.Minutes(
            day, "（示例）党群服务中心一楼", items,
            {"residents": 23, "delegates": 4, "property": 1, "community": 2},
            {"5": 12, "4": 8, "3": 3, "2": 1},
        )  # fmt: skip
        now = self.at(_hours(4))
        key = casework.record_meeting(
            self.circle, self.staff[Role.WORKER], home, minutes, form_key="sample", now=now
        )
        words = {1: "（示例）扶正路灯杆，先做路口两根", 2: "（示例）花坛边加长椅，下次再议"}
        casework.tell_of_meeting(self.circle, self.leader, key, 1, words, now=now)
        item_id = MeetingItem.get(MeetingItem.meeting == key, MeetingItem.place == 1).id
        first, about = date(today.year, 1, 1), f"issue:{number}"
        spent = Spending(
            "spent", day, "（示例）扶正两根路灯杆", 1_850_00, about, "", "示例0001", item_id
        )
        planned = Spending("planned", day, "（示例）换路灯灯头", 1_200_00, about)
        granted = Spending("granted", first, "（示例）区里拨付", 80_000_00)
        self._line(self.subdistrict_leader, street, granted, now)
        passed_on = Spending("granted", first, "（示例）街道拨付", 20_000_00)
        for one in (passed_on, spent, planned):
            self._line(self.leader, home, one, now)
        for actor, book_id in ((self.subdistrict_leader, street), (self.leader, home)):
            rows = list(FundEntry.select().where(FundEntry.book_id == book_id))
            told = {row.id: row.words for row in rows}
            casework.tell_of_funds(actor, book_id, today.year, len(rows), told, now=now)
        # The newest waits for its review.
        line = Spending("planned", today, "（示例）活动室换门锁", 300_00)
        self._line(self.leader, home, line, now)

    def _line(self, actor: Actor, book_id: str, line: Spending, now: datetime) -> None:
        seen = FundEntry.select().where(FundEntry.book_id == book_id).count()
        casework.add_fund_entry(
            self.circle, actor, book_id, seen, line, form_key=f"sample {book_id} {seen}", now=now
        )

    def verdict(
        self,
        number: str,
        ago: timedelta,
        satisfaction: int,
        comment: str,
        *,
        may_tell: bool = False,
    ) -> None:
        casework.evaluate(
            self.circle, resident(number), number, None,
            satisfaction=satisfaction, comment=comment, may_tell=may_tell, now=self.at(ago),
        )  # fmt: skip

    def tell_publicly(self, number: str, ago: timedelta, *, publishes: bool) -> None:
        """What the community makes of a resident's consent; the newest waits for its review."""
        drafted = casework.Drafted("（示例）当天去看过，已经处理好，一周后又回去查了一遍。", True)
        self.move(
            casework.draft_note, self.staff[Role.WORKER], number, ago - timedelta(hours=2),
            drafted=drafted,
        )  # fmt: skip
        if publishes:
            self.move(
                casework.draft_note, self.leader, number, ago - timedelta(hours=3),
                drafted=drafted, publish=True,
            )  # fmt: skip

    def shelve(self, number: str, ago: timedelta) -> None:
        tried = [
            (self.at(ago - timedelta(days=day)).astimezone(CHINA).date(), "电话，没有人接")
            for day in (2, 3, 5)
        ]
        self.move(casework.shelve, self.leader, number, ago - timedelta(days=6), attempts=tried)

    def transfer(self, number: str, ago: timedelta) -> None:
        self.move(
            casework.transfer, self.leader, number, ago - timedelta(hours=1),
            authority="人力资源和社会保障部门",
            reason="补办社保卡可以到政务服务大厅的社保窗口，也可以打12333咨询。",
        )  # fmt: skip

    def rate(self) -> None:
        things = [
            *(f"service:{key}" for key in list(self.circle.services)[:4]),
            *(f"activity:{key}" for key in list(self.circle.activities)[:3]),
            *(f"venue:{key}" for key in list(self.circle.venues)[:2]),
        ]
        for ago in range(6, -1, -1):
            if ago == 0:
                self.rate_badly()
            for about in (one for place, one in enumerate(things) if ago < 4 + place % 4):
                casework.rate(
                    self.circle, about, 5 - ago % 4, "",
                    form_key=secrets.token_urlsafe(16), now=self.at(_days(ago)),
                )  # fmt: skip

    def rate_badly(self) -> None:
        """One who says why: somebody has to see to it, and has answered."""
        home = self.leader.community_id
        here = [venue for venue in self.circle.venues.values() if venue.community_id == home]
        if not here:
            return
        about = f"venue:{here[0].id}"
        complaint = casework.Complaint(next(iter(self.circle.reasons_for(about))))
        opened = casework.rate(
            self.circle, about, 2, "（示例）下午三点去，门关着，电话也没有人接。",
            form_key=secrets.token_urlsafe(16), complaint=complaint, now=self.at(_hours(20)),
        )  # fmt: skip
        if opened is not None:
            self.secrets[opened.number] = ""  # nobody holds its ticket
            self.move(
                casework.opine, self.leader, opened.number, _hours(20) - timedelta(minutes=8),
                text="那天值班的人去开会了。今天起下午都有人，电话没人接就转到社区。",
            )  # fmt: skip

    def move(
        self, make: Callable[..., object], actor: Actor, number: str, ago: timedelta, **what: object
    ) -> None:
        version = Issue.get(Issue.number == number).version
        try:
            make(self.circle, actor, number, version, now=self.at(ago), **what)
        except NotPossible as error:  # the sample itself is wrong: say which story
            raise AssertionError(f"{number}: {error}") from error


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


_NEXT_DOOR = (
    "公园的长椅断了一条腿。",
    "路口的指示牌被树挡住了。",
    "活动室的门锁坏了。",
    "楼道里堆着旧家具。",
    "篮球架的网破了。",
    "雨水口堵了，积着水。",
)
CLOSED_ISSUES = 30
_CLOSED = (
    ("单元门口的灯坏了。", "street_light"),
    ("垃圾桶满了没人清。", "rubbish"),
    ("电动车堵在楼道口。", "fire_lane"),
    ("路灯一闪一闪。", "street_light"),
    ("花坛边堆着装修垃圾。", "rubbish"),
    ("井盖松动，车一压就响。", "drainage"),
)
# Days ago: longer than a month, for a month's topics are of what came before it began. The tenth
# only has the place in common with the rest; the last is of the same matter and says none of its
# words, so that somebody has to find it.
_RECURRING_AT = "lingxiu"
_RECURRING = (
    (113, "3栋的电梯又停了，我妈八十多岁，从六楼走下来歇了三回。", "elevator"),
    (106, "坐电梯到四楼猛地一抖，往下掉了一截，吓得我腿软。", "elevator"),
    (98, "电梯门夹人，昨天夹住孩子的书包，按开门键没有反应。", "elevator"),
    (91, "我家在5栋，这个月电梯坏了四次，修一次管两天。", "elevator"),
    (84, "电梯按钮按了不亮，要使劲捅好几下才肯走。", "property_service"),
    (77, "昨晚下班被关在电梯里二十分钟，紧急电话没有人接。", "elevator"),
    (70, "电梯停用的纸贴了一个星期，推轮椅的人怎么出门？", "elevator"),
    (63, "电梯一开动就咔咔响，轿厢也晃，是不是该检修了。", "elevator"),
    (56, "轿厢里的年检标志过期两个月了，电梯还在用，谁来管。", "elevator"),
    (49, "电梯口的墙上贴满小广告，刚铲掉又有人来贴。", "elevator"),
    (42, "物业说配件要等，电梯又停了三天，买菜提上九楼要命。", "elevator"),
    (38, "天天爬十一楼，膝盖受不了，到底哪天能修好。", "other"),
)
