"""When and how staff asked a resident whose answer they write down."""

from datetime import datetime

from msgspec import Struct

from forms_app.casework.errors import NotPossible


class AskedWords(Struct, frozen=True):
    """What is said where it is not told when, or how, and where that was before there was
    anything to ask.
    """

    when: str
    how: str
    too_early: str


def check_asked(
    asked_at: datetime | None,
    asked_how: str,
    now: datetime,
    *,
    began: datetime | None,
    words: AskedWords,
) -> None:
    """Raises NotPossible unless it was asked after `began`, by the minute, and it is said how."""
    if asked_at is None:
        raise NotPossible("asked_at", words.when)
    if asked_at > now:
        raise NotPossible("asked_at", "询问时间不能晚于现在。")
    if began is not None and asked_at < began.replace(second=0):
        raise NotPossible("asked_at", words.too_early)
    if not asked_how.strip():
        raise NotPossible("asked_how", words.how)
