"""Handing over what a colleague had in hand: all of it in one transaction, or nothing.

To the procedure each is a correction of who holds the issue; the unit and the deadlines stay.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from forms_app.casework.errors import NotAllowed, NotPossible, StaleCase
from forms_app.casework.grading import CORRECTABLE
from forms_app.casework.turn import Turn, turn_among
from forms_app.community import Circle
from forms_app.issues.access import CALLER_ROLE, Actor, colleagues, may_hold, personal_parts
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, HANDED, OPEN_STEPS, Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Assignment, Issue

FIELD_LABELS: dict[str, str] = {name: label for name, (label, _) in CORRECTABLE.items()} | HANDED
# What the resident reads after “登记信息有更正：”. Whose name it is, is the office's own affair.
HANDED_WORDS = "承办人有变动"
HANDLED_ON = "由同事接着办理，答应您的时限不变。"
ASKED_ON = "由同事接着请您评价。"


def hand_over(
    circle: Circle,
    actor: Actor,
    *,
    giver: str,
    taker: str,
    issues: Mapping[str, int],
    reason: str,
    now: datetime,
) -> int:
    """Puts `taker` in the place of `giver` in each of the issues; how many there were.

    `giver` and `taker` are usernames, `issues` gives each number the version that was seen.
    Raises NotPossible, StaleCase, AlreadyMade, IssueUnknown or NotAllowed, and then nothing at
    all is handed over.
    """
    if not issues:
        raise NotPossible("numbers", "请至少选一件要移交的。")
    if not reason.strip():
        raise NotPossible("reason", "请写明移交的理由。")
    if giver == taker:
        raise NotPossible("taker", "接手的人就是他自己，请另选一位。")
    with writing():
        leaving = Account.get_or_none((Account.username == giver) & colleagues(actor))
        if leaving is None:
            raise NotAllowed
        taking = Account.get_or_none(Account.username == taker)
        if taking is None or taking.disabled_at is not None:
            raise NotPossible("taker", "接手的账号刚刚停用了，请另选一位。")
        for number, version in issues.items():
            try:
                with turn_among(circle, actor, number, version, "correct", now) as t:
                    _hand_over_one(circle, t, leaving, taking, reason)
            except StaleCase as error:
                raise StaleCase(
                    said(
                        "问题 %(number)s 刚刚有同事办了一步，情况已经变了，所以一件都没有移交。"
                        "请看过最新情况再移交。",
                        number=number,
                    )
                ) from error
    return len(issues)


def _hand_over_one(circle: Circle, t: Turn, leaving: Account, taking: Account, reason: str) -> None:
    issue = t.issue
    parts = personal_parts(leaving, issue)
    if not parts or Step(issue.step) not in OPEN_STEPS:
        name = leaving.display_name
        raise NotPossible(
            "numbers",
            said(
                "问题 %(number)s 已经不在%(name)s手上，请重新选。", number=issue.number, name=name
            ),
        )
    refusal = _taker_refusal(circle, taking, issue, parts)
    if refusal is not None:
        raise NotPossible("taker", refusal)
    is_handled = Step(issue.step) in BEFORE_VERDICT
    entry = t.record(
        changes={"caller": taking.id} if Part.CALLER in parts else {},
        line={"field_label": HANDED_WORDS},
        also=HANDLED_ON if is_handled else ASKED_ON,
        field="_".join(part.value for part in parts),
        old_value=leaving.username,
        new_value=taking.username,
        note=reason,
    )
    if Part.LEAD in parts:
        Assignment.update(is_current=False).where(
            Assignment.issue == issue,
            Assignment.is_current,
            Assignment.part == Part.LEAD.value,
            Assignment.account == leaving,
        ).execute()
        Assignment.create(issue=issue, entry=entry, part=Part.LEAD, account=taking)


def taker_refusals(circle: Circle, taker: str, held: Mapping[str, Iterable[Part]]) -> list[str]:
    """Why an account cannot take these parts, by their issue's number, over; a sentence each."""
    taking = Account.get(Account.username == taker)
    issues = Issue.select().where(Issue.number.in_(list(held))).order_by(Issue.id)
    refusals = (_taker_refusal(circle, taking, issue, held[issue.number]) for issue in issues)
    return [refusal for refusal in refusals if refusal is not None]


def _taker_refusal(
    circle: Circle, taking: Account, issue: Issue, parts: Iterable[Part]
) -> str | None:
    """Why this account cannot take these parts of the issue over, as a sentence; None if it can."""
    part = next((part for part in parts if not may_hold(circle, taking, part, issue)), None)
    if part is None:
        return None
    home = circle.unit_name(issue.community_id)
    if part is Part.LEAD:
        wanted = said("主办要是%(home)s的社区干部或社区书记", home=home)
    elif CALLER_ROLE.get(issue.severity_class or "") is Role.SUBDISTRICT_LEADER:
        wanted = said("号召人要是街道书记、主任")
    else:
        wanted = said("号召人要是%(home)s的书记", home=home)
    return said(
        "问题 %(number)s 的%(wanted)s，%(taker)s不能接。请不选这一件，或者换一个人接。",
        number=issue.number,
        wanted=wanted,
        taker=taking.display_name,
    )
