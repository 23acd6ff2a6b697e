"""How one issue of the sample comes to where its story leaves it, each move at its own time."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import NotPossible, Report
from forms_app.community import Circle
from forms_app.issues.access import Actor, resident
from forms_app.rules.keys import CodeKey, ticket_secret
from forms_app.rules.steps import Role
from forms_app.rules.worktime import local_day
from forms_app.store.models import Issue


def district_units(circle: Circle) -> list[str]:
    """The departments that are responsible for some kind of problem, in the file's order."""
    leading = dict.fromkeys(category.department for category in circle.categories.values())
    return [unit for unit in leading if circle.departments[unit].kind == "department"]


class Teller:
    """Tells issues one after another, each at its own time in the last weeks."""

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
            (local_day(self.at(ago - timedelta(days=day))), "电话，没有人接") for day in (2, 3, 5)
        ]
        self.move(casework.shelve, self.leader, number, ago - timedelta(days=6), attempts=tried)

    def transfer(self, number: str, ago: timedelta) -> None:
        self.move(
            casework.transfer, self.leader, number, ago - timedelta(hours=1),
            authority="人力资源和社会保障部门",
            reason="补办社保卡可以到政务服务大厅的社保窗口，也可以打12333咨询。",
        )  # fmt: skip

    def move(
        self, make: Callable[..., object], actor: Actor, number: str, ago: timedelta, **what: object
    ) -> None:
        version = Issue.get(Issue.number == number).version
        try:
            make(self.circle, actor, number, version, now=self.at(ago), **what)
        except NotPossible as error:  # the sample itself is wrong: say which story
            raise AssertionError(f"{number}: {error}") from error


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def days(count: int) -> timedelta:
    return timedelta(days=count)
