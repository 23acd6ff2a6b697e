"""The pages whose cost must not grow with the register, as addresses of one that is grown.

Each is fetched as its reader would, and what it asks of the database is counted.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

import peewee
from flask import Flask
from flask.testing import FlaskClient

from forms_app import casework
from forms_app.community import Circle
from forms_app.issues.register_columns import COLUMNS, columns_address
from forms_app.issues.register_filters import SORTS
from forms_app.rules.sessions import new_key
from forms_app.rules.steps import Role
from forms_app.store.accounts import Account
from forms_app.store.database import proxy, writing
from forms_app.store.models import Issue

STEPS_AT_ONCE = 10  # of SQLite's machine, between two calls of the counter
READERS = (
    Role.COMMUNITY_LEADER, Role.WORKER, Role.RESPONDER, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR,
    Role.COLLECTOR,
)  # fmt: skip
WORDS = {
    "one letter": "路",
    "two": "路灯",
    "three": "灯不亮",
    "many": "下水道堵了",
    "rare": "第777件",
    "nothing": "没有这样的词",
    "a beginning": "3",
    "two words": "路灯 看不清",
}


@dataclass(frozen=True)
class Visit:
    name: str
    who: str  # an account's name; "" for a resident who holds every ticket
    path: str


@dataclass
class Cost:
    milliseconds: float = 0.0  # of the processor
    statements: list[tuple[str, Sequence[Any]]] = field(default_factory=list)
    steps: int = 0  # of SQLite's machine; 0 where it is another


def visits(circle: Circle) -> list[Visit]:
    """Every page, of the register that is open now."""
    leader = Role.COMMUNITY_LEADER.value
    found = [Visit("report form", "", "/issues/new")]
    for name, number in _issues().items():
        found.append(Visit(f"ticket of {name}", "", f"/issues/{number}"))
        found.append(Visit(f"case of {name}", leader, f"/staff/issues/{number}"))
        found.append(Visit(f"print of {name}", leader, f"/staff/issues/{number}/print"))
    for role in READERS:
        who = role.value
        found.append(Visit(f"board of {who}", who, "/staff/"))
        found.append(Visit(f"handover of {who}", who, f"/staff/handover/{who}"))
        every = columns_address(tuple(COLUMNS))
        found.append(Visit(f"columns of the register by {who}", who, f"/staff/register?{every}"))
        found += [
            Visit(f"register of {who}, {sort}, {end}", who, f"/staff/register?sort={sort}{cursor}")
            for sort in SORTS
            for end, cursor in (("first page", ""), ("last page", f"&before={ENDS[sort]}"))
        ]
        found += [
            Visit(f"register of {who}, {name}", who, f"/staff/register?{query}")
            for name, query in _filters(circle).items()
        ]
    for role in (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR):
        who = role.value
        found.append(Visit(f"wall of {who}", who, "/staff/wall"))
        found.append(Visit(f"month of {who}", who, "/staff/reports/2026-11"))
        ways = ("kinds", "channels", "estates")
        found += [
            Visit(f"month of {who} by {way}", who, f"/staff/reports/2026-11/{way}") for way in ways
        ]
    found += [
        Visit("board of a unit without issues", "carol", "/staff/"),
        Visit("board filtered", leader, "/staff/?waits=me&step=collected&overdue=1"),
        Visit("accounts", Role.ADMIN.value, "/staff/"),
        Visit("handover's people", leader, "/staff/handover"),
        Visit("ratings", leader, "/staff/ratings"),
        *(
            Visit(f"month of {who} by officers", who, "/staff/reports/2026-11/officers")
            for who in (leader, Role.WORKER.value)
        ),
        Visit("list on paper, long", leader, f"/staff/register/print?q={number}"),
        Visit("list on paper, signed", leader, f"/staff/register/print?paper=a4&q={number}"),
        Visit("exports", leader, "/staff/exports"),
        Visit("looks at contacts", leader, "/staff/looks"),
        Visit("public notes", leader, "/staff/notes/"),
        Visit("paper forms", leader, "/staff/paper"),
        Visit("funds", Role.SUBDISTRICT_LEADER.value, "/staff/funds"),
        Visit("book of the funds", leader, "/staff/funds/jingui/2026"),
        Visit("line of the funds", leader, "/staff/funds/jingui/2026/public"),
        Visit("meetings", leader, "/staff/meetings"),
        Visit("new meeting", leader, "/staff/meetings/new"),
        Visit("projects", leader, "/staff/projects"),
        Visit("two-way", Role.SUBDISTRICT_LEADER.value, "/staff/two-way/2026-Q4"),
    ]
    return found


def _issues() -> dict[str, str]:
    """One issue a kind, by number: the newest of the leader's own community."""
    leader = Account.get(Account.username == Role.COMMUNITY_LEADER.value)
    newest = (
        Issue.select().where(Issue.community_id == leader.community_id).order_by(Issue.id.desc())
    )
    steps = {"an open issue": "handling", "a closed one": "closed", "one that follows": "merged"}
    return {name: newest.where(Issue.step == step).first().number for name, step in steps.items()}


def _filters(circle: Circle) -> dict[str, str]:
    """Conditions of the register one by one, and some together, as queries."""
    community, other = list(circle.communities)[:2]
    category = next(iter(circle.categories))
    open_number, closed_number = (_issues()[name] for name in ("an open issue", "a closed one"))
    found = {f"step {step}": f"step={step}" for step in ("collected", "closed", "merged")}
    found |= {f"class {name}": f"class={name}" for name in "CA"}
    found |= {
        "urgency": "urgency=3",
        "community": f"community={other}",
        "category": f"category={category}",
        "nature": "nature=complaint",
        "channel": "channel=grid_worker",
        "channel without hits": "channel=merchant",
        "estate": f"estate={circle.estates_of(community)[0].id}",
        "estate without hits": f"estate={circle.estates_of(other)[-1].id}",
        "one day": "from=2026-11-10&to=2026-11-10",
        "overdue": "overdue=1",
        "dissatisfied": "dissatisfied=1",
        "led by community": f"lead={community}",
        "led by unit": f"lead={Account.get(Account.username == 'responder').organization_id}",
        "led by nobody": f"lead={list(circle.departments)[-1]}",
        "category and step": f"category={category}&step=handling&sort=due",
        "category and a common word": f"category={category}&q=路灯",
        "step without class": "step=collected&class=A",
        "number": f"q={closed_number}",
        "number without year": f"q={open_number[2:]}",
    }
    return found | {f"search {name}": f"q={word}" for name, word in WORDS.items()}


# Where the last page ends: beyond the last row of each order.
ENDS = {"newest": "0000.0", "due": "99999.2147483647", "waiting": "99999.2147483647"}


class Reader:
    """Somebody's browser, signed in without the time that checking a password takes."""

    def __init__(self, app: Flask, who: str, now: float) -> None:
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as session:
            if who:
                account = Account.get(Account.username == who)
                session["desk"] = casework.begin_session(
                    account.id, now=datetime.fromtimestamp(now, UTC)
                )
            else:
                session["tickets"] = key = new_key()
                with writing():
                    for number in _issues().values():
                        issue = Issue.get(Issue.number == number)
                        opened_at = datetime.fromtimestamp(now, UTC)
                        casework.let_in(casework.Browser("", key), issue.id, opened_at)

    def fetch(self, path: str) -> None:
        """Gets the page; RuntimeError unless it is one."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")


def cost(act: Callable[[], object], times: int = 5, *, is_warmed: bool = True) -> Cost:
    """What one call costs: its statements and steps, once it is warm where it `is_warmed`, and the
    median of its time.
    """
    if is_warmed:
        act()
    with statements() as sent, counted_steps() as steps:
        act()
    spent = []
    for _ in range(times):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return Cost(round(median(spent), 2) if spent else 0.0, sent, steps[0])


@contextmanager
def statements() -> Iterator[list[tuple[str, Sequence[Any]]]]:
    """The statements that are sent inside, with their values."""
    sent: list[tuple[str, Sequence[Any]]] = []
    execute = proxy.obj.execute_sql

    def kept(sql: str, params: Sequence[Any] | None = None, *rest: Any, **more: Any) -> Any:
        sent.append((sql, tuple(params or ())))
        return execute(sql, params, *rest, **more)

    proxy.obj.execute_sql = kept
    try:
        yield sent
    finally:
        del proxy.obj.execute_sql


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """How many steps SQLite's machine makes inside, to the nearest few of each statement."""
    steps = [0]
    if not isinstance(proxy.obj, peewee.SqliteDatabase):
        yield steps
        return

    def more() -> int:
        steps[0] += STEPS_AT_ONCE
        return 0

    connection: Any = proxy.obj.connection()  # type: ignore[no-untyped-call]  # as are its stubs
    connection.set_progress_handler(more, STEPS_AT_ONCE)
    try:
        yield steps
    finally:
        connection.set_progress_handler(None, 0)


def plan(sql: str, params: Sequence[Any]) -> list[str]:
    """The lines of SQLite's query plan."""
    return [row[3] for row in proxy.obj.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
