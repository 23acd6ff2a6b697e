"""Urging (催办): somebody is asked to go on, and answers by their next word. It ranks nobody."""

from collections.abc import Collection
from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.casework.turn import first_urge_due, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.urged import Urged, may_be_urged
from forms_app.rules.clocks import DISTRICT, end_of
from forms_app.rules.day_parts import part_of_date
from forms_app.rules.move import Who
from forms_app.rules.steps import DISTRICT_NAME, Part, Role, Step
from forms_app.rules.worktime import deadline_words
from forms_app.store.models import Assignment, Entry, Issue, Party, Urge


def urge(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    to: str,
    text: str,
    answer_by: datetime,
    now: datetime,
) -> Entry:
    """Asks whoever it is addressed `to` (Urged.key) to go on, and to answer by then.

    `version` None, for it contradicts nothing that a colleague does meanwhile.
    """
    with turn(circle, actor, number, version, "urge", now) as t:
        urged = next((one for one in urgeable(t.issue, t.parts) if one.key == to), None)
        if urged is None:
            raise NotPossible("to", "请选择催谁；情况变了的，请重新选。")
        t.need(text=text)
        t.need_ahead(answer_by)
        whom = urged_words(circle, t.issue.community_id, urged)
        entry = t.record(
            line={"parties": _told(whom, urged), "reply_by": part_of_date(answer_by, now)},
            note=f"催办{whom}，请在{deadline_words(answer_by, now)}前答复：{text}",
        )
        Urge.create(
            issue=t.issue, entry=entry, who=urged.who.value, organization_id=urged.unit,
            answer_by=answer_by,
        )  # fmt: skip
        t.issue.urge_due_at = first_urge_due(t.issue)
        Issue.update(urge_due_at=t.issue.urge_due_at).where(Issue.id == t.issue.id).execute()
        return entry


def _told(whom: str, urged: Urged) -> str:
    """The same for the resident, who knows offices and units, not who has which part."""
    return whom if urged.unit or isinstance(urged.who, Role) else "办这件事的人"


def urged_words(circle: Circle, community_id: str, urged: Urged) -> str:
    """Who is urged, as people call them: a unit, an office or a part, nobody's name."""
    if urged.unit:
        return circle.unit_name(urged.unit)
    if urged.who is Role.DISTRICT_OFFICE:
        return DISTRICT_NAME
    if urged.who is Role.SUBDISTRICT_LEADER:
        return circle.subdistrict_name(community_id)
    if urged.who is Role.COMMUNITY_LEADER:
        return circle.unit_name(community_id)
    return "号召人" if urged.who is Part.CALLER else "主办人"


def urgeable(issue: Issue, by: Collection[Who] = ()) -> tuple[Urged, ...]:
    """Whom an urge on the issue may be addressed to as it stands, by somebody with these parts."""
    called = Party.select().where(Party.issue == issue, Party.is_current).order_by(Party.id)
    given = Assignment.select().where(Assignment.issue == issue, Assignment.is_current)
    assigned = list(given.order_by(Assignment.id))
    return may_be_urged(
        Step(issue.step),
        issue.severity_class,
        called=[row.organization_id for row in called],
        leads=[row.organization_id for row in assigned if row.part == Part.LEAD.value],
        assists=[row.organization_id for row in assigned if row.part == Part.ASSIST.value],
        ruling_between=issue.ruling_between,
        is_referred=end_of(issue, DISTRICT) is not None,
        by=by,
    )
