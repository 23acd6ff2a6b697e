"""The made-up stories that a grown register (grown.py) is copied from.

Each is told through casework in each of the first two communities, so that its entries lead to
where it stands.
"""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

import peewee

from forms_app import casework
from forms_app.casework import PlannedMeasure, Report
from forms_app.community import Circle
from forms_app.issues.access import Actor, actor_of, resident
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import local_day
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, ContactAttempt, Entry, Issue, Measure, Party, Summons
from forms_app.store.row import Row

PASSWORD = "bench"  # noqa: S105 (of accounts that live as long as a benchmark)

# How many of a hundred that are over; a story that follows another stands after a closed one.
ENDED: tuple[str, ...] = (
    *("closed",) * 10, "summoned", "transferred", "closed", "merged", "summoned", "twice",
    "closed", "summoned", "closed", "withdrawn",
)  # fmt: skip
OPEN = (
    "collected", "opined", "classified", "asked", "handling", "asked", "handling", "evaluating",
    "planned", "shelved", "collected", "handling", "following",
)  # fmt: skip

Keys: TypeAlias = dict[type[Row], int]
# A story's name → where its rows begin and when it was received, once a community.
Stories: TypeAlias = dict[str, list[tuple[Keys, datetime]]]

# Every table whose rows belong to an issue, and how many of them a story may have.
COPIED: tuple[tuple[type[Row], int], ...] = (
    (Issue, 1),
    (Entry, 16),
    (Summons, 2),
    (Party, 4),
    (Measure, 4),
    (Assignment, 4),
    (ContactAttempt, 4),
)


class Teller:
    """Tells each story once a community, through casework; remembers the first row of each."""

    def __init__(self, circle: Circle, now: datetime) -> None:
        self.circle, self.began, self.now = circle, now - timedelta(days=40), now
        self.responder = _actor(circle, Role.RESPONDER.value)
        own = self.responder.organization_id
        others = (unit.id for unit in circle.departments.values() if unit.kind == "department")
        self.units = [own, next(unit for unit in others if unit != own)]

    def tell_all(self) -> Stories:
        """Every story there is, in each of two communities."""
        told: Stories = {}
        for place, community_id in enumerate(list(self.circle.communities)[:2]):
            self.community_id = community_id
            self.leader = self._colleague(Role.COMMUNITY_LEADER, place)
            self.worker = self._colleague(Role.WORKER, place)
            for name in dict.fromkeys((*ENDED, *OPEN)):
                target = self.handling() if name in ("merged", "following") else ""
                first = next_ids()
                number = getattr(self, name)(target) if target else getattr(self, name)()
                received_at = Issue.get(Issue.number == number).received_at
                told.setdefault(name, []).append((first, received_at))
        return told

    def _colleague(self, role: Role, place: int) -> Actor:
        username = role.value if place == 0 else f"{role.value}_{place}"
        if not Account.select().where(Account.username == username).exists():
            casework.add_account(
                self.circle, username=username, display_name=f"示例{place}", role=role,
                community_id=self.community_id, password=PASSWORD, now=self.now, at_least=1,
            )  # fmt: skip
        return _actor(self.circle, username)

    def _move(self, name: str, actor: Actor, number: str, hours: float, **what: Any) -> str:
        self.at += timedelta(hours=hours)
        version = None if name in ("evaluate", "answer", "progress") else self._version(number)
        getattr(casework, name)(self.circle, actor, number, version, now=self.at, **what)
        return number

    @staticmethod
    def _version(number: str) -> int:
        return int(Issue.get(Issue.number == number).version)

    def collected(self) -> str:
        self.at = self.began
        key = f"story {self.community_id} {Issue.select().count()}"
        estates = self.circle.estates_of(self.community_id)
        report = Report(
            description="（示例）路灯不亮", community_id=self.community_id,
            estate_id=estates[0].id if estates else "", location="3栋附近",
            category=next(iter(self.circle.categories)), reporter_phone="0797-0000-000",
        )  # fmt: skip
        received = casework.submit(
            self.circle, resident(), report, form_key=key, ticket_hash="", now=self.at,
        )  # fmt: skip
        return received.number

    def opined(self) -> str:
        return self._move("opine", self.worker, self.collected(), 0.1, text="马上派人去看。")

    def classified(self, severity_class: str = "C") -> str:
        return self._move(
            "classify", self.leader, self.opined(), 0.3, severity_class=severity_class, urgency=3
        )

    def handling(self) -> str:
        return self._assigned(self.classified())

    def _assigned(self, number: str) -> str:
        return self._move("assign", self.leader, number, 1, worker_id=self.worker.account_id)

    def asked(self) -> str:
        reply_by = self.began + timedelta(hours=6)
        return self._move(
            "summon", self.leader, self.classified("B"), 1, parties=self.units,
            asked="请派人到现场会商。", reply_by=reply_by,
        )  # fmt: skip

    def planned(self) -> str:
        number = self._move(
            "answer", self.responder, self.asked(), 1, answer="arrived", opinion="情况属实。"
        )
        return self._move(
            "plan", self.leader, number, 1, text="一周内修好。", lead=self.units[0],
            assist=self.units[1:2], measures=[PlannedMeasure("修复", self.units[0])],
        )  # fmt: skip

    def evaluating(self) -> str:
        return self._resolved(self._progressed(self.handling()))

    def _progressed(self, number: str) -> str:
        return self._move("progress", self.worker, number, 5, note="已经派人去修。")

    def _resolved(self, number: str) -> str:
        self._move("resolve", self._lead(number), number, 20, outcome="已经处理好。")
        if Issue.get(Issue.number == number).step == Step.REPORTED.value:
            self._move("relay", self.leader, number, 2, words="单位已经修好，请您看一看。")
        return number

    def _lead(self, number: str) -> Actor:
        is_own = Issue.get(Issue.number == number).severity_class == "C"
        return self.worker if is_own else self.responder

    def _judged(self, number: str, satisfaction: int) -> str:
        return self._move(
            "evaluate", resident(number), number, 5, satisfaction=satisfaction,
            comment="" if satisfaction > 2 else "没有真正解决。",
        )  # fmt: skip

    def closed(self) -> str:
        return self._judged(self.evaluating(), 5)

    def summoned(self) -> str:
        return self._judged(self._resolved(self.planned()), 4)

    def twice(self) -> str:
        number = self._judged(self._resolved(self.handling()), 2)
        self._move(
            "classify", self.leader, number, 0.1, severity_class="C", urgency=2,
            initial_opinion="对不起，没有办好，今天重新去办。",
        )  # fmt: skip
        return self._judged(self._resolved(self._assigned(number)), 4)

    def shelved(self) -> str:
        number = self.evaluating()
        days = [local_day(self.at + timedelta(days=n)) for n in (1, 2, 3)]
        tried = [(day, "电话，没有人接") for day in days]
        return self._move("shelve", self.leader, number, 96, attempts=tried)

    def transferred(self) -> str:
        return self._move(
            "transfer", self.leader, self.opined(), 2, authority="社保部门", reason="请到窗口办理。"
        )

    def withdrawn(self) -> str:
        number = self.collected()
        casework.withdraw(self.circle, resident(number), number, now=self.at + timedelta(hours=1))
        return number

    def following(self, target: str) -> str:
        return self._move("merge", self.leader, self.opined(), 1, into=target)

    def merged(self, target: str) -> str:
        number = self.following(target)
        self._resolved(target)
        return self._judged(number, 5)


def _actor(circle: Circle, username: str) -> Actor:
    return actor_of(Account.get(Account.username == username), circle)


def next_ids() -> Keys:
    """The key that the next row of each table will have, or any that is higher."""
    highest = {table: table.select(peewee.fn.MAX(table.id)).scalar() for table, _ in COPIED}
    return {table: (last or 0) + 1 for table, last in highest.items()}
