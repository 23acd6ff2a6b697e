"""A rating that leads to work: from which level on, how it came in, and which are one matter."""

from datetime import timedelta

# Of steps.SATISFACTION; however an office counts verdicts, these two never say that all is well.
BAD_LEVELS = (1, 2)
# How an issue came in that a rating opened, as people call it.
CHANNEL = "差评"
# The reason of whoever finds theirs in no list, or leaves a telephone number and names none.
OTHER = "other"
OTHER_WORDS = "别的原因"
# The class by rule, and the urgency where a reason's own line in the data names none.
BY_RULE_CLASS, BY_RULE_URGENCY = "C", 2

# How long after its last time an activity is still rated; as long as what was told at a door can be
# entered.
RATED_AFTERWARDS = timedelta(days=90)

# How staff were told a rating, which they enter for somebody; it is counted apart.
WAYS = {"doorstep": "上门问的", "paper": "纸质卡"}

# How soon half of them were answered: each span with the longest time that it still is.
SPANS: dict[str, tuple[timedelta, str]] = {
    "ten_minutes": (timedelta(minutes=10), "十分钟以内"),
    "hour": (timedelta(hours=1), "一小时以内"),
    "day": (timedelta(days=1), "一天以内"),
    "three_days": (timedelta(days=3), "三天以内"),
    "week": (timedelta(days=7), "七天以内"),
    "longer": (timedelta.max, "七天以上"),
}


def span_of(half: timedelta) -> str:
    """The shortest of SPANS that a time lies in."""
    return next(name for name, (most, _) in SPANS.items() if half <= most)


def matter_of(about: str, reason: str) -> str:
    """What bad ratings of the same thing for the same reason share: one issue, which all follow."""
    return f"{about} {reason}"


def thing_and_reason(matter: str) -> tuple[str, str]:
    """The two again."""
    about, _, reason = matter.rpartition(" ")
    return about, reason
