"""Notices: to whom or by which way one goes, and how it stands; as the database keeps both."""

from enum import StrEnum

ACCOUNT, RESIDENT = "account", "resident"
SMS, PUSH = "sms", "push"  # to a resident's telephone, to a browser of theirs
GROUP, ROBOT = "group", "hook"  # to a community's group, and to one robot of it


class State(StrEnum):
    """How a notice stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NO_CHANNEL = "no_channel"  # nothing is set up that reaches this recipient; seen in the app
    LAPSED = "lapsed"  # it was no longer true when its time to be sent had come
    SHARED = "shared"  # a group's, written again for each of its robots
