"""A summoned party's answer, for itself: by its account, or once by the link it was sent."""

from collections.abc import Mapping
from datetime import datetime

from forms_app.casework.declining import UNKNOWN, declined
from forms_app.casework.entries import is_made
from forms_app.casework.errors import AlreadyMade, CaseError, NotAllowed, NotPossible
from forms_app.casework.recording import NEEDED, RECORDED_WORDS, Recorded, recorded_for
from forms_app.casework.turn import Turn, load, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor, link_refusal, party_actor
from forms_app.issues.silence import first_answer_due
from forms_app.rules.steps import ANSWERS, DECLINED, Part, Step
from forms_app.store.models import AnswerLink, Entry, Party


class AnswersClosed(NotAllowed):
    """The plan has been made without this answer."""

    status = 409
    sentence = "解决方案已经定下，不再收响应。您写的内容还在，可以复制给号召人，或写进进展。"


class LinkRefused(CaseError):
    """A one-time link that opens nothing any more."""

    status = 410
    sentence = "这个链接已经不能用了。"


def answer(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    answer: str,
    opinion: str,
    for_unit: str = "",
    recorded: Recorded | None = None,
    now: datetime,
) -> Entry:
    """One summoned party's answer, for itself; first acknowledged, later arrived.

    `version` None is usual: parties answer independently, another's answer is no conflict. A
    caller writes it down `for_unit` without an account.
    Raises AnswersClosed once the plan is made.
    """
    if load(actor, number).step == Step.HANDLING.value:
        raise AnswersClosed
    with turn(circle, actor, number, version, "answer", now) as t:
        if Part.PARTY in t.parts:
            return _answer(t, circle, answer, opinion)
        marks = recorded_for(t, for_unit, recorded)
        return _answer(t, circle, answer, opinion, unit=for_unit, marks=marks)


def answer_by_link(
    circle: Circle,
    link_id: int,
    *,
    answer: str,
    opinion: str,
    whose: str = UNKNOWN,
    press: str = "",
    now: datetime,
) -> Entry:
    """The same by the holder of a one-time link, whose secret was checked before; used up by it.

    DECLINED says that it is not theirs: `whose` it is, and in the opinion why.
    Raises LinkRefused with the reason once it is used, replaced, expired, or the plan is made.
    """
    link = AnswerLink.get_or_none(AnswerLink.id == link_id)
    if link is None:
        raise LinkRefused
    if is_made(link.party.issue.id, press):
        raise AlreadyMade
    if refusal := link_refusal(link, now):
        raise LinkRefused(refusal)
    actor = party_actor(link.party, press)
    move = "decline" if answer == DECLINED else "answer"
    with turn(circle, actor, link.party.issue.number, None, move, now) as t:
        # UPDATE … WHERE: two windows may press at once, a new link may have gone out meanwhile.
        used = (
            AnswerLink.update(used_at=now)
            .where(
                AnswerLink.id == link.id,
                AnswerLink.used_at.is_null(),
                AnswerLink.replaced_at.is_null(),
            )
            .execute()
        )
        if used != 1:
            raise LinkRefused
        if answer == DECLINED:
            t.need(opinion=opinion)
            unit = {"organization_id": actor.organization_id}
            return declined(t, circle, unit, whose=whose, reason=opinion, how="凭一次性链接。")
        return _answer(t, circle, answer, opinion, how="凭一次性链接响应。")


def _answer(
    t: Turn,
    circle: Circle,
    answer: str,
    opinion: str,
    *,
    how: str = "",
    unit: str = "",
    marks: Mapping[str, object] | None = None,
) -> Entry:
    if answer not in ANSWERS:
        raise NotPossible("answer", "请选择一种响应。")
    t.need(opinion=opinion)
    unit = unit or t.actor.organization_id
    party = Party.get_or_none(
        (Party.issue == t.issue) & Party.is_current & (Party.organization_id == unit)
    )
    if party is None:
        raise NotPossible("for_unit", NEEDED["for_unit"])
    if party.answer == "arrived" and answer != "arrived":
        raise NotPossible("answer", "本单位已经登记到场，不用再改回“已收到”。")
    Party.update(answer=answer, opinion=opinion, answered_at=t.now).where(
        Party.id == party.id
    ).execute()
    return t.record(
        changes={"answers_due_at": first_answer_due(t.issue)},
        line={"organization": circle.unit_name(unit)},
        also=RECORDED_WORDS if marks else "",
        note=f"{how}{ANSWERS[answer]}。{opinion}",
        **{"organization_id": unit, **(marks or {})},
    )
