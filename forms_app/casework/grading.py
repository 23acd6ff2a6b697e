"""The first answer, the grade, and putting right what was entered wrongly."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from forms_app.casework.cooperation import give
from forms_app.casework.errors import NotPossible
from forms_app.casework.intake import check_nature
from forms_app.casework.reach import check_place
from forms_app.casework.relaying import without_press
from forms_app.casework.telling import Cause, write_letter
from forms_app.casework.turn import Turn, turn, turn_among
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.day_parts import part_of_date
from forms_app.rules.move import Who
from forms_app.rules.said import said
from forms_app.rules.steps import (
    BEFORE_RESULT,
    HOW_SOON,
    SEVERITY_CLASSES,
    URGENCIES,
    WHO_HANDLES,
    Role,
    Step,
)
from forms_app.rules.worktime import urgency_due
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue

# What a leader may correct, and the steps at which it still may change (None: any).
CORRECTABLE: dict[str, tuple[str, tuple[Step, ...] | None]] = {
    "community_id": ("所属社区", (Step.COLLECTED,)),
    "estate_id": ("所属小区", None),
    "location": ("具体位置", None),
    "category": ("问题类别", None),
    "nature": ("性质", None),
    "severity_class": ("轻重", (Step.CLASSIFIED,)),
    "urgency": ("缓急", BEFORE_RESULT),
    "reporter_name": ("称呼", None),
    "reporter_phone": ("联系电话", None),
    "reporter_email": ("邮箱", None),
}
# Of these the history keeps that they changed, not what they were: a resident may have them erased.
NOT_KEPT = ("reporter_name", "reporter_phone", "reporter_email")


class Given(Struct, frozen=True):
    """To whom an ordinary issue goes with its grade; `worker_id` None is the community itself."""

    worker_id: int | None
    reason: str = ""


def opine(
    circle: Circle, actor: Actor, number: str, version: int, text: str, *, now: datetime
) -> Entry:
    """Gives the resident the initial opinion; a round's first one stops the 10-minute clock."""
    with turn(circle, actor, number, version, "opine", now) as t:
        t.need(initial_opinion=text)
        return t.record(changes=_opinion(t, text), line={"note": text}, note=text)


def classify(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    severity_class: str,
    urgency: int,
    initial_opinion: str = "",
    nature: str = "",
    given: Given | None = None,
    now: datetime,
) -> Entry:
    """Grades the issue and starts the clock of its urgency.

    `nature` is of procedure.NATURES, or empty to leave what is known. The initial opinion is
    needed unless one was given in this round. With `given` an ordinary issue (C) is assigned in the
    same transaction: graded and given, or neither. Raises CalendarUnknown when
    the deadline needs working days of a year whose notice is not out.
    """
    with writing():
        with turn_among(circle, actor, number, version, "classify", now) as t:
            entry = _classify(circle, t, severity_class, urgency, initial_opinion.strip(), nature)
        if given is not None:
            with turn_among(circle, without_press(actor), number, None, "assign", now) as t:
                give(circle, t, given.worker_id, given.reason)
        return entry


def _classify(
    circle: Circle, t: Turn, severity_class: str, urgency: int, opinion: str, nature: str
) -> Entry:
    _check_grade(severity_class, urgency)
    changes: dict[str, object] = {}
    if opinion:
        changes |= _opinion(t, opinion)
    elif t.issue.opined_at is None:
        raise NotPossible("initial_opinion", "还没有给过初步处理意见，请写一句给反映人看的话。")
    due_at = urgency_due(circle.clocks, t.now, urgency)
    changes |= {
        "severity_class": severity_class,
        "urgency": urgency,
        "classified_at": t.now,
        "due_at": due_at,
    }
    line = {
        "how_soon": HOW_SOON[urgency],
        "who_handles": WHO_HANDLES[severity_class],
        "due_at": part_of_date(due_at, t.now),
    }
    also = "社区答复您：" + opinion if opinion else ""
    corrected: dict[str, object] = {}
    if nature and nature != t.issue.nature:
        check_nature("nature", nature)
        changes["nature"] = nature
        corrected = {"field": "nature", "old_value": t.issue.nature, "new_value": nature}
    return t.record(changes=changes, line=line, also=also, note=opinion, **corrected)


def correct(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    field: str,
    new_value: str,
    reason: str,
    now: datetime,
) -> Entry:
    """Puts one field right, keeping old value, new value and reason in the history.

    A new urgency moves the deadline, counted from when the issue was classified.
    """
    with turn(circle, actor, number, version, "correct", now) as t:
        t.need(reason=reason)
        if field not in CORRECTABLE:
            raise NotPossible("field", "这一项不能更正。")
        label, steps = CORRECTABLE[field]
        issue = t.issue
        if steps is not None and Step(issue.step) not in steps:
            raise NotPossible("field", said("现在的步骤不能再更正%(label)s。", label=label))
        old_value = getattr(issue, field)
        if new_value == ("" if old_value is None else str(old_value)):
            raise NotPossible("new_value", "新内容和原来一样，没有需要更正的。")
        changes: dict[str, object] = {field: new_value}
        if field == "reporter_email":
            changes["confirmed_email"] = ""  # the former one is kept nowhere
        if field == "community_id":
            check_place(circle, new_value, "")
            if new_value not in homes_for(circle, issue.community_id, {actor.role}):
                raise NotPossible("community_id", "转给别的街道，要由街道书记、主任更正。")
            changes["estate_id"] = ""
        elif field == "estate_id":
            check_place(circle, issue.community_id, new_value)
        elif field == "category" and new_value and new_value not in circle.categories:
            raise NotPossible("new_value", "没有这个类别。")
        elif field == "nature" and new_value:
            check_nature("new_value", new_value)
        elif field == "severity_class":
            _check_grade(new_value, issue.urgency)
        elif field == "urgency":
            changes = _new_urgency(circle, issue, new_value)
        entry = t.record(
            changes=changes,
            line={"field_label": label},
            field=field,
            old_value="" if old_value is None or field in NOT_KEPT else str(old_value),
            new_value="" if field in NOT_KEPT else new_value,
            note=reason,
        )
        if field == "reporter_email":
            issue.reporter_email = new_value
            write_letter(issue, Cause(f"entry:{entry.id}:confirm", "confirm"), now)
        return entry


def homes_for(circle: Circle, community_id: str, who: Collection[Who]) -> dict[str, str]:
    """To which communities an issue of this one may be moved, id → name.

    A community's leader moves it within the sub-district; to another one, its own leader hands it.
    """
    here = circle.subdistrict_of(community_id)
    goes_anywhere = here is None or Role.SUBDISTRICT_LEADER in who
    return {
        one.id: one.name
        for one in circle.communities.values()
        if goes_anywhere or circle.subdistrict_of(one.id) == here
    }


def _new_urgency(circle: Circle, issue: Issue, new_value: str) -> dict[str, object]:
    if new_value not in {str(urgency) for urgency in URGENCIES} or issue.classified_at is None:
        raise NotPossible("new_value", "请填 1、2 或 3。")
    urgency = int(new_value)
    due_at = urgency_due(circle.clocks, issue.classified_at, urgency)
    return {"urgency": urgency, "due_at": due_at}


def _opinion(t: Turn, text: str) -> dict[str, object]:
    return {"initial_opinion": text, "opined_at": t.issue.opined_at or t.now}


def _check_grade(severity_class: str | None, urgency: int | None) -> None:
    if severity_class not in SEVERITY_CLASSES:
        raise NotPossible("severity_class", "请选择 A、B、C 中的一类。")
    if urgency not in URGENCIES:
        raise NotPossible("urgency", "请选择一级、二级或三级。")
