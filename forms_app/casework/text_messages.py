"""Text messages: how many may go in a day, and that somebody rings where one does not."""

from datetime import datetime
from enum import StrEnum

from forms_app.casework.messages import LONGEST_WAIT, Message, change_notices
from forms_app.casework.phone_duties import OVER, may_be_rung, write_phone_duty
from forms_app.rules.notices import SMS
from forms_app.rules.phones import dialled
from forms_app.rules.steps import Step
from forms_app.rules.told_by import News
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice


def ring_instead(row: Notice, now: datetime) -> None:
    """A text message that does not go is told by telephone."""
    issue = Issue.get_by_id(row.issue.id)
    if is_worth_telling(issue, row.event):
        write_phone_duty(issue, f"sms:{row.id}", News(row.event), now, instead=True)


def is_worth_telling(issue: Issue, event: str) -> bool:
    """Whether there is still somebody to tell something."""
    is_over = Step(issue.step) in OVER
    # What was done for all is told of an issue that was closed long ago, too.
    return may_be_rung(issue) and (not is_over or event == News.PROJECT)


class Room(StrEnum):
    """Whether one more text message may go today."""

    LEFT = "left"
    NONE_FOR_THE_PHONE = "none_for_the_phone"
    NONE_FOR_THE_OFFICE = "none_for_the_office"


def take_room(
    message: Message, since: datetime, *, for_a_phone: int, for_the_office: int, now: datetime
) -> Room:
    """Counts a claimed text message among those since then, where there is room for one more.

    It is counted before it is sent, so that two carriers never share the last place; what surely
    did not arrive gives its own back when it is settled.
    """
    mine = [row.id for row in message.notices]
    with writing():
        rows = Notice.select(Notice, Issue).join(Issue)
        # What a clock sent that was ahead and is put right, takes nobody's place for a year.
        sent = Notice.sent_at.between(since, now + LONGEST_WAIT)
        counted = rows.where(sent, Notice.kind == SMS, Notice.id.not_in(mine))
        phones = [dialled(row.issue.reporter_phone) or "" for row in counted]
        if phones.count(message.address) >= for_a_phone:
            return Room.NONE_FOR_THE_PHONE
        if len(phones) >= for_the_office:
            return Room.NONE_FOR_THE_OFFICE
        change_notices(message.notices, sent_at=now)
    return Room.LEFT
