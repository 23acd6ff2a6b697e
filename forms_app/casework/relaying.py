"""A unit's result on its way back: handed on by whoever called it, or by itself in the end."""

from dataclasses import replace
from datetime import datetime

from peewee import ModelSelect

from forms_app.casework.errors import CaseError, NotPossible, StaleCase
from forms_app.casework.sentences import ended
from forms_app.casework.turn import Turn, load, turn_among
from forms_app.community import Circle
from forms_app.issues import clocks
from forms_app.issues.access import CALLER_ROLE, SYSTEM, Actor
from forms_app.issues.taken_over import of_work
from forms_app.rules.clocks import RELAY
from forms_app.rules.procedure import ENDING_HANDLING
from forms_app.rules.steps import DISTRICT_NAME, Part, Role, Step
from forms_app.rules.worktime import deadline_words
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue

# Instead of an office's name, where none handed the result on.
BY_ITSELF = "说好的时间到了，系统自动"


class ResultPassed(StaleCase):
    """The result went to the resident by itself before anybody pressed."""

    sentence = (
        "反馈时限刚刚到了，办理结果已经自动转给反映人。您写的内容还在，号召人可以用它补充反馈一次。"
    )


def relay(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    words: str,
    *,
    now: datetime,
) -> Entry:
    """The unit's result in the office's own words; from now on it is the resident's turn.

    After a result that passed by itself the same once more, for the resident to read first.
    Raises ResultPassed for whoever did not see it pass.
    """
    with writing():
        check_passed(actor, number, version)
        return hand_on(circle, actor, number, version, words, now=now)


def hand_on(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    words: str,
    *,
    now: datetime,
) -> Entry:
    """The same, in a transaction that is open already."""
    with turn_among(circle, actor, number, version, "relay", now) as t:
        t.need(words=words)
        begins = {"evaluating_since": now} if t.move.to_step is Step.EVALUATING else {}
        return t.record(
            changes={**begins, "passed_at": None},
            line={"relayed_by": _speaking(circle, t), "note": ended(words)},
            note=words,
        )


def send_back(
    circle: Circle, actor: Actor, number: str, version: int, missing: str, *, now: datetime
) -> Entry:
    """What was told is no result yet; the deadline runs on as if it had never stopped."""
    with writing():
        check_passed(actor, number, version)
        with turn_among(circle, actor, number, version, "send_back", now) as t:
            t.need(missing=missing)
            return t.record(
                changes={"result": "", "relay_due_at": None},
                line={"office": _speaking(circle, t)},
                note=missing,
            )


def check_passed(actor: Actor, number: str, version: int) -> None:
    """Raises ResultPassed where the result passed by itself after this version was seen."""
    issue = load(actor, number)
    if issue.version != version and issue.passed_at is not None:
        raise ResultPassed


def pass_results(circle: Circle, *, now: datetime) -> int:
    """Hands every result on whose caller let the time go by; how many there were.

    Never one that could not be done. Each is a transaction of its own: whoever was faster has
    been heard, and what a tick missed for hours passes in the next one, at its own time.
    """
    passed = 0
    for number, version in list(_due(now).tuples().iterator()):
        try:
            with writing(), turn_among(circle, SYSTEM, number, version, "relay", now) as t:
                _pass(t)
                passed += 1
        except CaseError:
            continue
    return passed


def has_results_due(now: datetime) -> bool:
    """Whether a result is to be handed on now."""
    return bool(_due(now).exists())


def _due(now: datetime) -> "ModelSelect[Issue]":
    is_due = clocks.has_passed(RELAY, now) & (Issue.result == "done")
    found: ModelSelect[Issue] = (
        Issue.select(Issue.number, Issue.version).where(is_due).order_by(Issue.id)
    )
    return found


def _pass(t: Turn) -> None:
    told = newest_result(t.issue)
    due_at = t.issue.relay_due_at
    if told is None or due_at is None or t.issue.result != "done":
        raise NotPossible("", "这个结果不能自动转出。")
    t.record(
        changes={"evaluating_since": t.now, "passed_at": t.now},
        line={"relayed_by": BY_ITSELF, "note": ended(told.note)},
        note=f"到{deadline_words(due_at, t.now)}没有人反馈，办理结果自动转给反映人。",
    )


def newest_result(issue: Issue) -> Entry | None:
    """The entry that tells the present round's result as whoever led last told it."""
    in_round = of_work(issue.id, issue.round_no)
    told = Entry.select().where(in_round, Entry.move.in_(ENDING_HANDLING))
    newest: Entry | None = told.order_by(Entry.id.desc()).first()
    return newest


def office(circle: Circle, issue: Issue) -> str:
    """Who hands the results of this class on: an office's name, nobody's in it."""
    if CALLER_ROLE.get(issue.severity_class or "") is Role.SUBDISTRICT_LEADER:
        return circle.subdistrict_name(issue.community_id)
    return circle.unit_name(issue.community_id)


def _speaking(circle: Circle, t: Turn) -> str:
    """The office whose words they are: the district's, beside the sub-district's own."""
    return DISTRICT_NAME if Part.DISTRICT in t.parts else office(circle, t.issue)


def without_press(actor: Actor) -> Actor:
    """The actor in a second move of one press: the key counts once, with the first."""
    return replace(actor, press="")
