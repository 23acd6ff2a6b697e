"""The people of the tests, the small circle they live in, and how they make the moves.

A move is made with its usual arguments; a test names only those that it is about.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import ModelSelect, SqliteDatabase

from forms_app import casework, queries
from forms_app.casework.urging import urgeable
from forms_app.community import (
    Activity,
    Category,
    Circle,
    Community,
    Department,
    Estate,
    Service,
    Venue,
)
from forms_app.issues.access import Actor, Led, resident
from forms_app.issues.board_filters import BoardFilters
from forms_app.queries import QueueRow
from forms_app.rules.contact_keys import ContactKeys
from forms_app.rules.keys import CodeKey, ticket_secret
from forms_app.rules.steps import Part, Role, Step
from forms_app.rules.worktime import Clocks, local_day
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue, Seal
from forms_app.store.prepared import prepared
from forms_app.store.sealing import seal_all
from forms_app.store.tables import TABLES

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock in China
PASSWORD = "long enough"
SERVER_KEY = "the server's own key"
CODE_KEY = CodeKey("the key of the server's codes")
CONTACT_KEYS = ContactKeys.read("k" * 43)


def _department(unit: str, name: str, kind: str = "department") -> Department:
    return Department(unit, name, kind, (), "0797-0000-110", "", True)


CIRCLE = Circle(
    name="示例服务圈",
    subdistrict="示例街道",
    sample=True,
    communities={
        "jingui": Community("jingui", "金桂社区", "0797-0000-101", "示例路18号"),
        "yinxing": Community("yinxing", "银杏社区", "0797-0000-102", "示例路66号"),
    },
    categories={
        "noise": Category("noise", "噪音", "police"),
        "rubbish": Category("rubbish", "垃圾", "city"),
    },
    channels={"web": "网上", "phone": "电话", "grid_worker": "网格员"},
    departments={
        "city": _department("city", "城管局"),
        "police": _department("police", "公安分局"),
        "fire": _department("fire", "消防大队"),
        "station": _department("station", "司法所", "station"),
        "partner": _department("partner", "结对单位", "partner"),
    },
    zones=(),
    organizations={},
    estates={
        "guiyuan": Estate("guiyuan", "jingui", "桂园", 500, 80),
        "xingyuan": Estate("xingyuan", "yinxing", "杏园", 300, 60),
    },
    entrances=(),
    venues={
        "library": Venue("library", "jingui", "示例书屋", 25.9, 114.9, "示例路1号", ""),
    },
    walks=(),
    services={
        "meals": Service(
            "meals", "老人助餐", "culture_education", "city", "", ("library",), "", "", (), "", ""
        ),
    },
    activities={
        "choir": Activity(
            "choir", "合唱", "arts", "library", NOW, timedelta(hours=1), "", "", (), (), "", None,
            "CONFIRMED", "",
        ),
    },
    school_terms=(),
    coord_system="wgs84",
    promise_minutes=10,
    speed_kmh={"elder": 3.0, "adult": 5.1},
    clocks=Clocks(),
)  # fmt: skip

_PEOPLE = (
    ("dan", Role.COMMUNITY_LEADER, "jingui", ""),
    ("dora", Role.COMMUNITY_LEADER, "jingui", ""),
    ("wendy", Role.WORKER, "jingui", ""),
    ("will", Role.WORKER, "jingui", ""),
    ("bob", Role.RESPONDER, "", "city"),
    ("carol", Role.RESPONDER, "", "police"),
    ("stan", Role.RESPONDER, "", "station"),
    ("stella", Role.SUBDISTRICT_LEADER, "", ""),
    ("steve", Role.SUBDISTRICT_LEADER, "", ""),
    ("sunny", Role.SUPERVISOR, "", ""),
    ("ada", Role.ADMIN, "", ""),
    ("colin", Role.COLLECTOR, "jingui", ""),
    ("erin", Role.COMMUNITY_LEADER, "yinxing", ""),
    ("frank", Role.WORKER, "yinxing", ""),
    ("eddy", Role.EDITOR, "", ""),
)
STAFF = {
    name: Actor(role, name, place, community_id, organization_id)
    for place, (name, role, community_id, organization_id) in enumerate(_PEOPLE, 1)
}
DAN, DORA, WENDY, WILL = (STAFF[name] for name in ("dan", "dora", "wendy", "will"))
BOB, CAROL, STAN = (STAFF[name] for name in ("bob", "carol", "stan"))
STELLA, STEVE = STAFF["stella"], STAFF["steve"]
SUNNY, ADA, COLIN = STAFF["sunny"], STAFF["ada"], STAFF["colin"]
ERIN, FRANK = STAFF["erin"], STAFF["frank"]

# The level above, which a circle need not have: open_district() makes its account.
RUTH = Actor(
    Role.DISTRICT_OFFICE, "ruth", len(_PEOPLE) + 1,
    peer_subdistrict_ids=frozenset(), subdistricts=(Led(frozenset({""}), None),),
)  # fmt: skip

# Alice's own, two of her neighbours', one that Colin handed in, and one of the other community.
FIRST, SECOND, THIRD, HANDED_IN, ELSEWHERE = "260001", "260002", "260003", "260004", "260005"
IN_JINGUI = (FIRST, SECOND, THIRD, HANDED_IN)
ALICE = resident(FIRST)


def submit(
    form_key: str,
    actor: Actor = ALICE,
    now: datetime = NOW,
    intake: casework.Intake | None = None,
    **report: str,
) -> Issue:
    """A report that came in by a form with this key."""
    told = {"description": "（示例）楼道灯不亮", "community_id": "jingui"} | report
    received = casework.submit(
        CIRCLE,
        actor,
        casework.Report(**told),
        form_key=form_key,
        ticket_hash=CODE_KEY.hashed(ticket_secret(SERVER_KEY, form_key)),
        now=now,
        intake=intake or casework.Intake(),
    )
    return issue(received.number)


# Asked for thousands of times: the text of each is made once.
@prepared
def _issue(number: str) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.number == number)


@prepared
def _entries(number: str) -> "ModelSelect[Entry]":
    return Entry.select().join(Issue).where(Issue.number == number).order_by(Entry.id)


def issue(number: str = FIRST) -> Issue:
    found = _issue.first(number)
    assert found is not None, number
    return found


def entries(number: str = FIRST) -> list[Entry]:
    return _entries.rows(number)


def next_moment(number: str) -> datetime:
    """A minute after the last thing that happened."""
    return max(entry.made_at for entry in entries(number)) + timedelta(minutes=1)


# The usual arguments of each move for an issue at a moment.
_USUAL: dict[str, Callable[[Issue, datetime], dict[str, Any]]] = {
    "opine": lambda _issue, _now: {"text": "马上派人去看。"},
    "classify": lambda _issue, _now: {
        "severity_class": "C", "urgency": 2, "initial_opinion": "马上派人去看。",
    },
    "assign": lambda found, _now: {
        "worker_id": (WENDY if found.community_id == "jingui" else FRANK).account_id,
    },
    "summon": lambda _issue, now: {
        "parties": ["city", "fire"], "asked": "请到现场会商。",
        "reply_by": now + timedelta(hours=4),
    },
    "answer": lambda _issue, now: {
        "answer": "arrived", "opinion": "情况属实。",
        "for_unit": "fire", "recorded": casework.Recorded("老赵", "电话", now),  # has no account
    },
    "decline": lambda _issue, now: {
        "reason": "不归我们管。", "whose": "unknown",
        "for_unit": "fire", "recorded": casework.Recorded("老赵", "电话", now),  # has no account
    },
    "rule": lambda _issue, _now: {"lead": "police", "reason": "法规写明了。"},
    "plan": lambda _issue, _now: {"text": "一周内修好", "lead": "city", "assist": ["fire"]},
    "replan": lambda _issue, _now: {
        "text": "换一家来修", "lead": "jingui", "assist": ["city"], "reason": "太慢。",
    },
    "progress": lambda _issue, _now: {"note": "已经约谈。"},
    "extend": lambda found, now: {
        "reason": "等配件。", "new_due_on": local_day(max(found.due_at or now, now)) + timedelta(3),
    },
    "refer_up": lambda _issue, now: {
        "reason": "要几个部门一起定。", "request": "请牵头开一次会。",
        "answer_by": now + timedelta(days=2),
    },
    "take_up": lambda _issue, _now: {"reason": "过了时限，还没有办完。"},
    "settle": lambda _issue, _now: {"outcome": "下周一开门，带身份证就行。", "nature": "help"},
    "take_back": lambda _issue, _now: {"reason": "没有说清楚。"},
    "claim": lambda _issue, _now: {},
    "unmerge": lambda _issue, _now: {},
    "set_aside": lambda _issue, _now: {"reason": "一下子涌来的，看着不是真事。"},
    "restore": lambda _issue, _now: {},
    "insist": lambda _issue, _now: {},
    "undo": lambda _issue, _now: {},
    "dispute": lambda _issue, _now: {},
    "better": lambda _issue, now: {"asked_at": now, "asked_how": "电话"},
    "still": lambda _issue, now: {"asked_at": now, "asked_how": "电话"},
    "ask": lambda _issue, _now: {"question": "是哪一盏灯？"},
    "reply": lambda _issue, _now: {"addition": "三楼的那一盏。"},
    "note": lambda _issue, _now: {"note": "物业已经知道。"},
    "contact": lambda _issue, _now: {"reached": "no_answer", "how": "phone"},
    "ring": lambda _issue, _now: {},
    "reissue": lambda _issue, _now: {"identity": "报得出那天说的话。", "ticket_hash": "another"},
    "resolve": lambda _issue, now: {
        "outcome": "已经修好", "words": "我们去看过了。",
        "recorded": casework.Recorded("老赵", "电话", now),  # where whoever leads has no account
    },
    "relay": lambda _issue, _now: {"words": "我们去看过了，已经修好。"},
    "send_back": lambda _issue, _now: {"missing": "还有一盏不亮。"},
    "escalate": lambda _issue, _now: {"reason": "没能解决。"},
    "explain": lambda _issue, now: {
        "explanation": "要等规划", "review_on": local_day(now) + timedelta(30),
    },
    "review": lambda _issue, now: {
        "findings": "规划已批", "review_on": local_day(now) + timedelta(30),
    },
    "evaluate": lambda _issue, now: {
        "satisfaction": 5, "asked_at": now, "asked_how": "电话",
    },
    "shelve": lambda _issue, now: {
        "attempts": [(local_day(now) - timedelta(days), "电话") for days in (2, 1, 0)],
    },
    "transfer": lambda _issue, _now: {"authority": "社保部门", "reason": "请到窗口办理。"},
    "join": lambda found, _now: {"into": THIRD if found.number != THIRD else SECOND},
    "separate": lambda found, _now: {"other": THIRD if found.number != THIRD else SECOND},
    "merge": lambda found, _now: {"into": THIRD if found.number != THIRD else SECOND},
    "reopen": lambda _issue, _now: {"reason": "又出现了。"},
    "withdraw": lambda _issue, _now: {"reason": "已经好了。"},
    "urge": lambda found, now: {
        "to": next(one.key for one in urgeable(found) if one.who is not Part.CALLER),
        "text": "请快一点。",
        "answer_by": now + timedelta(hours=4),
    },
    "correct": lambda found, _now: {
        "field": "location", "new_value": f"{found.location}旁", "reason": "写错了。",
    },
}  # fmt: skip


# All but the resident's own ways, which take the issue as it is.
VERSIONED = frozenset(_USUAL) - {"withdraw", "undo", "dispute", "insist"}


def make(
    name: str,
    actor: Actor,
    number: str = FIRST,
    *,
    now: datetime | None = None,
    version: int | None = None,
    **what: Any,
) -> Entry:
    """Makes a move on the issue as it stands, a minute after the last one unless told otherwise."""
    found = issue(number)
    if now is None:
        now = next_moment(number)
        if name == "shelve":
            now = max(now, found.evaluating_since + timedelta(days=2))
    return call(name, actor, found, now, version, **what)


def call(
    name: str, actor: Actor, found: Issue, now: datetime, version: int | None = None, **what: Any
) -> Entry:
    """Makes a move on the issue as it was found, with its usual arguments but for those given."""
    arguments = _USUAL[name](found, now) | what
    if name in VERSIONED:
        arguments["version"] = found.version if version is None else version
    move: Callable[..., Entry] = getattr(casework, name)
    return move(CIRCLE, actor, found.number, now=now, **arguments)


def open_district() -> Actor:
    """The district's office gets an account."""
    Account.create(
        id=RUTH.account_id, username=RUTH.name, display_name=RUTH.name, role=RUTH.role.value,
        password_hash="", created_at=NOW,
    )  # fmt: skip
    return RUTH


def lead_of(found: Issue) -> Actor:
    """Who leads an issue that was brought to handling here."""
    return WENDY if found.severity_class == "C" else BOB


def bring(step: Step, severity_class: str | None = "C", number: str = FIRST) -> Issue:
    """Takes a collected issue to a step as staff would, by class C, B or A, or ungraded."""
    severity_class = None if step in (Step.COLLECTED, Step.SET_ASIDE) else severity_class
    if step is Step.SET_ASIDE:
        Issue.update(in_burst=True).where(Issue.number == number).execute()
    waiting = [
        *(Step.COLLECTED, Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING),
        *(Step.REPORTED, Step.EVALUATING),
    ]
    ends = {Step.SHELVED: 5, Step.CLOSED: 5, Step.TRANSFERRED: 1, Step.MERGED: 1, Step.WITHDRAWN: 1}
    ends[Step.SET_ASIDE] = 0
    reach = waiting.index(step) if step in waiting else ends[step]
    if severity_class is None:
        reach = 0
    caller = STELLA if severity_class == "A" else DAN
    if reach >= 1:
        make("classify", DAN, number, severity_class=severity_class)
    if reach >= 2 and severity_class != "C":
        make("summon", caller, number)
    if reach >= 3:
        if severity_class == "C":
            make("assign", DAN, number)
        else:
            make("answer", BOB, number)
            make("plan", caller, number)
    if reach >= 4:
        make("resolve", lead_of(issue(number)), number)
    if reach >= 5 and severity_class != "C":
        make("relay", caller, number)
    last = {
        Step.SHELVED: ("shelve", DAN),
        Step.CLOSED: ("evaluate", resident(number)),
        Step.TRANSFERRED: ("transfer", DAN),
        Step.MERGED: ("merge", DAN),
        Step.WITHDRAWN: ("withdraw", resident(number)),
        Step.SET_ASIDE: ("set_aside", DAN),
    }
    if step in last:
        make(*last[step], number)
    found = issue(number)
    assert (found.step, found.severity_class) == (step.value, severity_class)
    return found


# Every standing that an issue can come to, but for later rounds; of those at which the class
# makes no difference, one class each.
STANDINGS: tuple[tuple[Step, str | None], ...] = (
    *((step, None) for step in (Step.COLLECTED, Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN)),
    *((Step.RESPONDING, severity_class) for severity_class in "BA"),
    *((step, cls) for step in (Step.CLASSIFIED, Step.HANDLING) for cls in "CBA"),
    *((Step.REPORTED, cls) for cls in "BA"),
    *((Step.EVALUATING, cls) for cls in "CA"),
    *((Step.SHELVED, "B"), (Step.CLOSED, "C"), (Step.TRANSFERRED, "B"), (Step.MERGED, "A")),
    (Step.WITHDRAWN, "C"), (Step.SET_ASIDE, None),
)  # fmt: skip


def open_rows(actor: Actor, now: datetime = NOW) -> list[QueueRow]:
    """The open issues that somebody sees, list after list of their board."""
    board = queries.board(CIRCLE, actor, now, BoardFilters())
    return [row for section in board.sections for row in section.rows]


def dump() -> dict[str, list[Any]]:
    """Every row of every table, as the database holds it."""
    names = (table._meta.table_name for table in TABLES)
    return {
        name: proxy.execute_sql(f'SELECT * FROM "{name}" ORDER BY id').fetchall()  # noqa: S608
        for name in names
    }


def everything() -> object:
    """The same, to be compared with what it was: PostgreSQL's in one answer, not in one a table."""
    if isinstance(proxy.obj, SqliteDatabase):
        return dump()
    names = [table._meta.table_name for table in TABLES]
    asked = [f'(SELECT array_agg(t::text ORDER BY id) FROM "{name}" t)' for name in names]  # noqa: S608
    return proxy.execute_sql(f"SELECT {', '.join(asked)}").fetchone()


def seal_anew() -> None:
    """Lets what a test wrote past casework stand as if the log began with it."""
    Seal.delete().execute()
    seal_all(proxy.obj, NOW)


def account(name: str) -> Account:
    return Account.get(Account.username == name)
