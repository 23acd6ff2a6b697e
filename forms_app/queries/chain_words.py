"""Where the log breaks, as a sentence for whoever runs the office's server."""

from datetime import datetime

from forms_app.queries.chain import Broken, Fault
from forms_app.rules.procedure import FORMER_MOVES, MOVES
from forms_app.rules.steps import ROLE_LABELS
from forms_app.rules.worktime import CHINA

# What has a chain of its own beside issues.
_OTHERS = {
    "rating": "评分",
    "assessment": "双向考核记录",
    "project": "专项记录",
    "fund_entry": "专项经费账",
    "meeting": "居民议事记录",
    "topic_change": "每月一题的更改",
}
_LABELS = {move.name: move.label for move in (*FORMER_MOVES, *MOVES)}


def broken_words(broken: Broken) -> str:
    """One sentence: what it is about, where it begins, what that means."""
    what = broken.what
    called = _OTHERS.get(broken.kind)
    whose = f"第{what}条{called}" if called else f"问题{what}"
    place = f"第{broken.place}步经过{_entry(broken)}"
    moment = _moment(broken.made_at)
    match broken.fault:
        case Fault.ENTRY if broken.place:
            return f"{whose}从{place}起和封签对不上：有人改过、删过或者补写过这里的经过。"
        case Fault.ENTRY:
            return f"{whose}的封签（{moment}）对不上：有人改过或者删过封签。"
        case Fault.MORE:
            return f"{whose}的{place}没有封签：它不是通过系统写进去的。"
        case Fault.STATE:
            return (
                f"{whose}现在的内容和最后一次封签（{moment}）时不一样："
                "有人绕开系统改过它的登记内容、办理情况或者响应单位。"
            )
        case Fault.FOUND if broken.place:
            return f"{whose}在{place}之前，有人绕开系统改过它的内容。"
        case Fault.FOUND:
            return f"{whose}在{moment}之前，有人绕开系统改过它的内容。"
        case Fault.UNSEALED:
            return f"{whose}没有封签：它不是通过系统写进去的，或者封签被人删了。"
        case Fault.GONE:
            name = called or "问题"
            last = f"，最后一次封签是{moment}" if moment else ""
            return f"有一条{name}（内部序号{what.strip('#')}）整个不见了{last}。"
        case Fault.GAP:
            return f"总流水从第{what}号起少了{broken.place}号：有人删过记录。"
        case Fault.ROOT:
            return (
                f"{what}的总校验值和公布过的或者备份清单里的不一样"
                f"（当时有{broken.place}条封签）：那个月的记录被人改过或者删过。"
            )


def _entry(broken: Broken) -> str:
    if not broken.move:
        return ""
    known = {role.value: label for role, label in ROLE_LABELS.items()}
    who = broken.name or known.get(broken.role, broken.role)
    label = _LABELS.get(broken.move, broken.move)
    return f"（{_moment(broken.made_at)}，{who}，{label}）"


def _moment(made_at: str) -> str:
    try:
        moment = datetime.fromisoformat(made_at).astimezone(CHINA)
    except ValueError:  # somebody wrote something else there
        return made_at
    return f"{moment:%Y-%m-%d %H:%M}"
