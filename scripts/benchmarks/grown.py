"""A register as an office has it after years: stories (stories.py) copied through SQL.

A copy moves a story in time and gives it words of its own; nothing is random: the same count makes
the same register.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import peewee

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.search_terms import terms
from forms_app.notices.texts import STAFF_WORDS
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.counts import Counter
from forms_app.store.database import proxy, writing
from forms_app.store.models import Issue, Rating, Seal
from forms_app.store.notices import Notice
from forms_app.store.row import InstantField, MaybeInstantField, Row
from forms_app.store.sealing import seal_all
from scripts.benchmarks.stories import COPIED, ENDED, OPEN, Keys, Stories, Teller, next_ids

A_DAY = 274  # issues: a million in ten years
OPEN_SHARE = 50  # one in so many is open, most of them among the newest
RATED = 10  # one rating for so many issues
KEPT_NOTICES = 90  # days, as erase-notices keeps them
BATCH = 2000
PHONES = 97  # as many different ones

TROUBLES = (
    "路灯不亮，晚上看不清路", "垃圾没人清，味道很大", "下水道堵了，污水返上来", "电梯又坏了",
    "楼上漏水，物业一直没修", "广场舞音响太大", "电动车堵住消防通道", "门口摆摊占道",
    "工地夜里施工", "井盖松动，车一压就响", "外墙掉砖", "健身器材的螺丝松了",
)  # fmt: skip

_MOST = dict(COPIED)


def grow(circle: Circle, count: int, now: datetime, *, waiting: int | None = None) -> None:
    """Fills the register with made-up issues until it has `count`; at least a hundred and fifty.

    `waiting` of them are open beside those of the stories; one of fifty where it is not said.
    It needs the sample's accounts (demo/laying) and gives them colleagues next door.
    """
    told = Teller(circle, now).tell_all()
    with writing():
        proxy.execute_sql("DROP TABLE IF EXISTS story")
        columns = ", ".join(f"first_{table._meta.table_name} INTEGER" for table, _ in COPIED)
        proxy.execute_sql(f"CREATE TABLE story (nth INTEGER, moved INTEGER, {columns})")
        first = next_ids()
        copies = count - Issue.select().count()
        _lay_out(told, copies, copies // OPEN_SHARE if waiting is None else waiting, now)
        for table, _most in COPIED:
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
        rows.append((place, int(moved.total_seconds()), *(first[table] for table, _ in COPIED)))
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
