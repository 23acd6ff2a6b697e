"""What became of an attempt to send a message: when it is tried again, and when it is given up."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from forms_app.casework.messages import LONGEST_WAIT, Message
from forms_app.casework.text_messages import ring_instead
from forms_app.casework.waking import drop_woken
from forms_app.rules.notices import PUSH, SMS, State
from forms_app.store.database import writing
from forms_app.store.notices import Notice, PushSubscription

RETRY_MINUTES = (1, 2, 5, 15, 30, 60)  # then every hour
GIVE_UP_AFTER = timedelta(days=2)
# Of a receiver that is being moved, or whose address was mistyped: then the staff are told.
WRONG_FOR = timedelta(hours=6)
GIVE_UP_TEXT_AFTER = timedelta(hours=4)  # then somebody rings instead


class Ending(StrEnum):
    """What became of one attempt to send."""

    SENT = "sent"
    REFUSED = "refused"  # and would be again
    RETRY = "retry"  # surely not delivered
    WRONG = "wrong"  # the same, and it takes somebody to put it right
    UNSURE = "unsure"  # may have been delivered
    LATER = "later"  # nothing was tried: it is not the time for it


class Attempt(Struct, frozen=True):
    """One attempt to send a message, as whoever made it tells of it."""

    ending: Ending
    error: str = ""  # what went wrong, in words for the staff; without secrets
    wait: timedelta = timedelta()  # how long the receiver asks to wait


def settle_message(message: Message, attempt: Attempt, *, now: datetime) -> None:
    """Writes down what became of a claimed message, and when it is tried again."""
    with writing():
        for row in message.notices:
            # Unless somebody else has it by now, because the lease was over.
            changes = _after(row, attempt, now)
            settled = (
                Notice.update(changes)
                .where(
                    Notice.id == row.id,
                    Notice.state == State.WAITING.value,
                    Notice.message_key == message.key,
                )
                .execute()
            )
            if settled and row.kind == SMS and changes.get("state") == State.FAILED.value:
                ring_instead(row, now)
        if message.kind == PUSH and attempt.ending is Ending.REFUSED:
            drop_woken(PushSubscription.id == int(message.address))


def _after(row: Notice, attempt: Attempt, now: datetime) -> dict[str, object]:
    changes: dict[str, object] = {
        "lease_until": None,
        "error": attempt.error,
        "attempts": Notice.attempts + 1,
    }
    if row.kind == SMS and attempt.ending is not Ending.UNSURE:
        changes["sent_at"] = None  # the room that it took
    if attempt.ending is Ending.SENT:
        return changes | {"state": State.SENT.value, "sent_at": now}
    if attempt.ending is Ending.LATER:
        wait = min(attempt.wait, LONGEST_WAIT)
        return changes | {"not_before": now + wait, "message_key": "", "first_tried_at": None}
    longest = GIVE_UP_TEXT_AFTER if row.kind == SMS else GIVE_UP_AFTER
    if attempt.ending is Ending.WRONG:
        longest = min(longest, WRONG_FOR)
    if attempt.ending is Ending.REFUSED or now - (row.first_tried_at or now) >= longest:
        # What does not wake a browser is no matter of the staff's: they can do nothing about it.
        state = State.LAPSED if row.kind == PUSH else State.FAILED
        return changes | {"state": state.value, "message_key": ""}
    pause = timedelta(minutes=RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES) - 1)])
    changes["not_before"] = now + max(pause, min(attempt.wait, LONGEST_WAIT))
    if attempt.ending is not Ending.UNSURE:
        changes["message_key"] = ""  # free to go out with what has come since
    return changes
