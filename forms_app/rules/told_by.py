"""How residents hear of what is new, and what the office telephones them for."""

from collections.abc import Mapping
from enum import StrEnum

from forms_app.rules.phones import Kind, kind_of


class TellBy(StrEnum):
    """What a resident chose; an issue of before the choice was asked has none."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    SELF = "self"  # they look for themselves


WAYS_OF_TELLING: Mapping[TellBy, str] = {
    TellBy.PHONE: "打电话",
    TellBy.SMS: "短信",
    TellBy.EMAIL: "邮件",
    TellBy.SELF: "我自己看",
}


def ways_left(phone: str, email: str) -> tuple[TellBy, ...]:
    """The ways for which a contact was left; none where nothing was, for nobody is told then."""
    return ways_for(kind_of(phone), has_email=bool(email))


def ways_for(kind: str, *, has_email: bool) -> tuple[TellBy, ...]:
    """The same by the kind of the number."""
    left = {
        TellBy.PHONE: kind != Kind.NONE,
        TellBy.SMS: kind == Kind.MOBILE,
        TellBy.EMAIL: has_email,
    }
    return tuple(way for way in TellBy if left.get(way, True)) if any(left.values()) else ()


class News(StrEnum):
    """What somebody is telephoned for."""

    OPINION = "opinion"
    OUTCOME = "outcome"
    TRANSFERRED = "transferred"
    HERE_AGAIN = "here_again"  # what theirs went along with, as both were transferred
    VERDICT = "verdict"
    PROJECT = "project"  # something was done about what they and others had reported


NEWS_WORDS: Mapping[News, str] = {
    News.OPINION: "告诉初步答复",
    News.OUTCOME: "告诉办理结果",
    News.TRANSFERRED: "告诉转给了谁",
    News.HERE_AGAIN: "问他一起转走的这件还要不要办",
    News.VERDICT: "请他评价",
    News.PROJECT: "问他专项办好以后好了没有",
}


# On so many days whoever cannot be reached has been tried before it is enough.
TRIED_DAYS = 3


class RingEnd(StrEnum):
    """Why nobody has to ring any more."""

    REACHED = "reached"
    SEEN = "seen"  # the resident has looked at the page since
    NEWER = "newer"  # there is something newer to tell
    OVER = "over"  # there is nothing to tell any more, or nobody to tell it to
    UNREACHED = "unreached"  # tried on TRIED_DAYS
