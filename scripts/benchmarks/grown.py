"""A register as an office has it after years: made-up histories, told once and copied through SQL.

Every story is told through casework in each of the first two communities, so that its entries lead
to where it stands. A copy moves a story in time and gives it words of its own; nothing is random:
the same count makes the same register.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeAlias

import peewee

from forms_app import casework
from forms_app.casework import PlannedMeasure, Report
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import Actor, actor_of, resident
from forms_app.issues.search_terms import terms
from forms_app.notices.texts import STAFF_WORDS
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.counts import Counter
from forms_app.store.database import proxy, writing
from forms_app.store.models import (
    Assignment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Party,
    Rating,
    Seal,
    Summons,
)
from forms_app.store.notices import Notice
from forms_app.store.row import InstantField, MaybeInstantField, Row
from forms_app.store.sealing import seal_all

PASSWORD = "bench"  # noqa: S105 (of accounts that live as long as a benchmark)
A_DAY = 274  # issues: a million in ten years
OPEN_SHARE = 50  # one in so many is open, most of them among the newest
RATED = 10  # one rating for so many issues
KEPT_NOTICES = 90  # days, as erase-notices keeps them
BATCH = 2000
PHONES = 97  # as many different ones

# How many of a hundred that are over; a story that follows another stands after a closed one.
ENDED: tuple[str, ...] = (
    *("closed",) * 10, "summoned", "transferred", "closed", "merged", "summoned", "twice",
    "closed", "summoned", "closed", "withdrawn",
)  # fmt: skip
OPEN = (
    "collected", "opined", "classified", "asked", "handling", "asked", "handling", "evaluating",
    "planned", "shelved", "collected", "handling", "following",
)  # fmt: skip

TROUBLES = (
    "路灯不亮，晚上看不清路", "垃圾没人清，味道很大", "下水道堵了，污水返上来", "电梯又坏了",
    "楼上漏水，物业一直没修", "广场舞音响太大", "电动车堵住消防通道", "门口摆摊占道",
    "工地夜里施工", "井盖松动，车一压就响", "外墙掉砖", "健身器材的螺丝松了",
)  # fmt: skip

Keys: TypeAlias = dict[type[Row], int]
# A story's name → where its rows begin and when it was received, once a community.
Stories: TypeAlias = dict[str, list[tuple[Keys, datetime]]]

# Every table whose rows belong to an issue, and how many of them a story may have.
_COPIED: tuple[tuple[type[Row], int], ...] = (
    (Issue, 1),
    (Entry, 16),
    (Summons, 2),
    (Party, 4),
    (Measure, 4),
    (Assignment, 4),
    (ContactAttempt, 4),
)
_MOST = dict(_COPIED)


def grow(circle: Circle, count: int, now: datetime, *, waiting: int | None = None) -> None:
    """Fills the register with made-up issues until it has `count`; at least a hundred and fifty.

    `waiting` of them are open beside those of the stories; one of fifty where it is not said.
    It needs the sample's accounts (demo/laying) and gives them colleagues next door.
    """
    told = _Teller(circle, now).tell_all()
    with writing():
        proxy.execute_sql("DROP TABLE IF EXISTS story")
        columns = ", ".join(f"first_{table._meta.table_name} INTEGER" for table, _ in _COPIED)
        proxy.execute_sql(f"CREATE TABLE story (nth INTEGER, moved INTEGER, {columns})")
        first = _next_ids()
        copies = count - Issue.select().count()
        _lay_out(told, copies, copies // OPEN_SHARE if waiting is None else waiting, now)
        for table, _most in _COPIED:
            _copy(circle, table, first, now)
        _write_notices(first[Issue], now)
        _rate(circle, now)
        proxy.execute_sql("DROP TABLE story")
        _go_on_numbering(now, copies)
    _index(first[Issue])
    sums.recount()
    with writing():
        Seal.delete().execute()
        seal_all(proxy.obj, now)


class _Teller:
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
                first = _next_ids()
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
        days = [(self.at + timedelta(days=n)).astimezone(CHINA).date() for n in (1, 2, 3)]
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


def _next_ids() -> Keys:
    """The key that the next row of each table will have, or any that is higher."""
    highest = {table: table.select(peewee.fn.MAX(table.id)).scalar() for table, _ in _COPIED}
    return {table: (last or 0) + 1 for table, last in highest.items()}


def _lay_out(told: Stories, copies: int, waiting: int, now: datetime) -> None:
    """One row a copy: where its story's rows begin, and by how many seconds it is moved."""
    rows: list[tuple[int, ...]] = []
    for place, name in enumerate(_names(copies, waiting)):
        # Twenty after another in one community, so that those that follow have whom to follow.
        first, received_at = told[name][place // len(ENDED) % 2]
        age = timedelta(days=(copies - place) / A_DAY)
        # What has come further than its first hour was received some days earlier.
        took = timedelta() if name in ("collected", "opined") else timedelta(days=6)
        moved = now - age - took - received_at
        rows.append((place, int(moved.total_seconds()), *(first[table] for table, _ in _COPIED)))
        if len(rows) == BATCH:
            _insert("story", rows)
            rows = []
    _insert("story", rows)


def _names(copies: int, waiting: int) -> Iterator[str]:
    """The story of each copy, oldest first: the newest of them are open."""
    recent = copies - 3 * waiting
    for place in range(copies):
        if place >= recent and (copies - place) % 3 == 0:
            yield OPEN[(copies - place) // 3 % len(OPEN)]
        else:
            yield ENDED[place % len(ENDED)]


def _copy(circle: Circle, table: type[Row], first: Keys, now: datetime) -> None:
    """Every row of each story, as often as it is told; keys and moments moved along."""
    name = table._meta.table_name
    columns = {
        field.column_name: _copied(circle, field, first, now) for field in table._meta.sorted_fields
    }
    owner = "id" if table is Issue else "issue_id"
    _run(
        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
        f"FROM story JOIN {name} ON {name}.{owner} = story.first_issue ORDER BY story.nth"
    )


def _copied(circle: Circle, field: Any, first: Keys, now: datetime) -> str:
    """The expression of one column of a copy."""
    table = field.model._meta.table_name
    own = f"{table}.{field.column_name}"
    words = _words(circle, first[Issue], now) if field.model is Issue else {}
    if field.name in words:
        return words[field.name]
    if field.primary_key:
        return _key(own, field.model, first)
    if isinstance(field, peewee.ForeignKeyField) and field.rel_model in _MOST:
        return _key(own, field.rel_model, first)
    if isinstance(field, InstantField | MaybeInstantField):
        return _moved(own)
    return own


def _words(circle: Circle, first_issue: int, now: datetime) -> dict[str, str]:
    """What tells an issue from the others of its story, by field."""
    received_at = _moved("issue.received_at")
    collector = Account.get(Account.username == Role.COLLECTOR.value).id
    phones = [str(Issue.reporter_phone.db_value(f"0797{7_000_000 + n}")) for n in range(PHONES)]
    contacts_until = now - timedelta(days=365 * circle.retention_years)
    return {
        "number": f"substr({received_at}, 3, 2) || substr(CAST({10**7} + nth AS TEXT), 2)",
        "form_key_hash": "'grown ' || nth",
        "description": "'（示例）' || (nth % 40 + 1) || '栋' "
        f"|| {_one_of(TROUBLES)} || '，第' || nth || '件'",
        "category": _one_of([*circle.categories, ""]),
        "channel": "CASE nth % 8 WHEN 0 THEN 'grid_worker' ELSE 'web' END",
        "collector": f"CASE nth % 8 WHEN 0 THEN {collector} END",
        # Those of long ago are erased.
        "reporter_phone": f"CASE WHEN {received_at} > '{contacts_until:%Y-%m-%d}' "
        f"AND nth % 3 = 0 THEN ({_one_of(phones)}) ELSE '' END",
        # Whom to ring is of what is open: the stories' own.
        "ring_since": "NULL",
        # Whom a copy follows stands just before it.
        "merged_into": "CASE WHEN issue.merged_into_id IS NOT NULL "
        f"THEN {first_issue} + nth - 1 END",
    }


def _one_of(words: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE nth % {len(words)} {cases} END"


def _key(own: str, table: type[Row], first: Keys) -> str:
    most, name = _MOST[table], table._meta.table_name
    return f"{first[table]} + nth * {most} + {own} - first_{name}"


def _moved(column: str) -> str:
    if _is_sqlite():
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, moved || ' seconds')"
    moment = f"{column}::timestamptz + moved * interval '1 second'"
    return f"""to_char(({moment}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def _write_notices(first_issue: int, now: datetime) -> None:
    """One notice an entry of the last days that staff hear of, as its leader was told it; most of
    them are read."""
    leader = Account.get(Account.username == Role.COMMUNITY_LEADER.value).id
    columns = {
        "key": "'grown ' || entry.id",
        "issue_id": "issue_id",
        "event": "move",
        "step": "to_step",
        "clock": "''",
        "kind": "'account'",
        "recipient": f"'{leader}'",
        "is_urgent": "1 = 0",
        "state": "CASE entry.id % 5000 WHEN 0 THEN 'failed' ELSE 'no_channel' END",
        "created_at": "made_at",
        "not_before": "made_at",
        "attempts": "0",
        "message_key": "''",
        "error": "''",
        "read_at": "CASE WHEN entry.id % 100 > 0 THEN made_at END",
    }
    since = now - timedelta(days=KEPT_NOTICES)
    heard = ", ".join(f"'{event}'" for event in STAFF_WORDS)
    _run(
        f"INSERT INTO notice ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
        f"FROM entry WHERE issue_id >= {first_issue} AND made_at > '{since:%Y-%m-%d}' "
        f"AND move IN ({heard})"
    )


def _rate(circle: Circle, now: datetime) -> None:
    abouts = [f"service:{key}" for key in circle.services]
    made_at = f"{now:%Y-%m-%d}T00:00:00Z"
    _run(
        "INSERT INTO rating (form_key_hash, about, satisfaction, comment, made_at) "  # noqa: S608
        f"SELECT 'grown ' || nth, {_one_of(abouts)}, 1 + nth / 10 % 5, '', '{made_at}' "
        f"FROM story WHERE nth % {RATED} = 0"
    )


def _go_on_numbering(now: datetime, copies: int) -> None:
    year = now.astimezone(CHINA).strftime("%y")
    Counter.update(value=Counter.value + copies).where(Counter.name == f"issues-{year}").execute()
    if _is_sqlite():
        return
    tables: tuple[type[Row], ...] = (*_MOST, Notice, Rating)
    for table in tables:
        name = table._meta.table_name
        proxy.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT MAX(id) FROM {name}))"  # noqa: S608
        )


def _index(first_issue: int) -> None:
    """The terms of the copies, as issues/search keeps them."""
    rows = (
        Issue.select(
            Issue.id, Issue.number, Issue.description, Issue.location, Issue.initial_opinion,
            Issue.estate_id,
        ).where(Issue.id >= first_issue).order_by(Issue.id).tuples().iterator()
    )  # fmt: skip
    insert = (
        "INSERT INTO issue_search (rowid, terms) VALUES (?, ?)"
        if _is_sqlite()
        else "INSERT INTO issue_search VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))"
    )
    found = (
        (key, " ".join(terms(number, number[2:], *texts, estate_id=estate_id)))
        for key, number, *texts, estate_id in rows
    )
    while batch := list(islice(found, BATCH)):
        with writing():
            proxy.obj.cursor().executemany(insert, batch)


def _run(sql: str) -> None:
    """A statement without values; PostgreSQL's driver takes a percent sign for the place of one."""
    proxy.execute_sql(sql if _is_sqlite() else sql.replace("%", "%%"))


def _insert(table: str, rows: Sequence[tuple[int, ...]]) -> None:
    if rows:
        marks = ", ".join(["?" if _is_sqlite() else "%s"] * len(rows[0]))
        proxy.obj.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _is_sqlite() -> bool:
    return isinstance(proxy.obj, peewee.SqliteDatabase)
