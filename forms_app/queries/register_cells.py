"""What stands in each column of the exported register: 28, or the eleven that are signed.

It gives texts, numbers and aware times; how they are laid out is the paper's business.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from forms_app.community import Circle
from forms_app.issues.gist import WHOLE, gist
from forms_app.queries.register_issues import MadeMove, WholeIssue
from forms_app.rules.excerpts import cut_before
from forms_app.rules.procedure import (
    ANSWERING,
    CALLING,
    ENDING_HANDLING,
    GIVING_OPINION,
    GRADING,
    PASSING_ON,
    PUTTING_OFF,
    RELAYING,
    TELLING_PROGRESS,
    names_where,
)
from forms_app.rules.steps import (
    ANSWER_LABELS,
    NATURES,
    RESULTS,
    SATISFACTION,
    STEPS,
    URGENCY_NAMES,
    Part,
    Role,
    Step,
)
from forms_app.rules.worktime import CHINA, dated_deadline, time_words

CELL_LETTERS = 1000

Value: TypeAlias = str | int | datetime | None

# Off the usual way.
_ASIDE = (Step.SHELVED, Step.TRANSFERRED, Step.MERGED, Step.WITHDRAWN, Step.SET_ASIDE)
_LEAVING_THE_WAY = names_where(lambda move: move.to_step in _ASIDE)
_JUDGING = names_where(lambda move: move.satisfied is not None)
_PLANNING = names_where(lambda move: "plan" in move.needs)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA).year}年{time_words(moment)}"


def _who(entry: MadeMove) -> str:
    return "反映人" if entry.actor_role == Role.RESIDENT.value else str(entry.actor_name)


def _line(entry: MadeMove) -> str:
    words = entry.note
    if entry.told_by and entry.asked_at is not None:
        words = f"代记（{entry.told_by}，{entry.asked_how}，{_when(entry.asked_at)}）：{words}"
    return f"{_when(entry.made_at)} {_who(entry)}{'：' + words if words else ''}"


def _lines(entries: Iterable[MadeMove]) -> str:
    """One entry a line."""
    return "\n".join(_line(entry) for entry in entries)


def _last(entries: list[MadeMove]) -> str:
    return _line(entries[-1]) if entries else ""


def _place(circle: Circle, told: WholeIssue) -> str:
    issue = told.issue
    names = (
        circle.unit_name(issue.community_id),
        circle.estate_name(issue.estate_id),
        issue.location,
    )
    return "／".join(name for name in names if name)


def _grader(_circle: Circle, told: WholeIssue) -> str:
    graded = told.of(*GRADING)
    return f"{_who(graded[-1])}\n{_when(graded[-1].made_at)}" if graded else ""


def _opinion(_circle: Circle, told: WholeIssue) -> str:
    issue = told.issue
    if not issue.initial_opinion or issue.opined_at is None:
        # What was answered under another number stands there alone.
        return _last([entry for entry in told.of(*GIVING_OPINION) if entry.note])
    return f"{issue.initial_opinion}\n{_when(issue.opined_at)}"


def _callers(_circle: Circle, told: WholeIssue) -> str:
    return "\n".join(f"{_who(entry)} {_when(entry.made_at)}" for entry in told.of(*CALLING))


def _answers(circle: Circle, told: WholeIssue) -> str:
    by_unit: dict[str, list[MadeMove]] = defaultdict(list)
    for entry in told.of(*ANSWERING):
        by_unit[entry.organization_id].append(entry)
    lines = []
    for party in told.parties:
        name = circle.unit_name(party.organization_id)
        if party.answered_at is None:
            lines.append(f"{name}：没有响应")
            continue
        people = "、".join(dict.fromkeys(_who(e) for e in by_unit[party.organization_id]))
        lines.append(f"{name} {people} {_when(party.answered_at)}：{ANSWER_LABELS[party.answer]}")
    return "\n".join(lines)


def _part_names(circle: Circle, told: WholeIssue) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {"主办": [], "协办": []}
    for row in told.handlers:
        part = "主办" if row.part == Part.LEAD.value else "协办"
        name = circle.unit_name(row.organization_id) if row.person is None else row.person
        names[part].append(name)
    return names


def _handlers(circle: Circle, told: WholeIssue) -> str:
    names = _part_names(circle, told)
    return "\n".join(f"{part}：{'、'.join(found)}" for part, found in names.items() if found)


def _outcome(_circle: Circle, told: WholeIssue) -> str:
    ended = told.of(*ENDING_HANDLING)
    result = RESULTS.get(ended[-1].result, "") if ended else ""
    return f"{_last(ended)}\n{result}".rstrip()


def _feedback(_circle: Circle, told: WholeIssue) -> str:
    """When the resident read what came of it: as whoever called handed it on, or at once."""
    moves = (*ENDING_HANDLING, *RELAYING)
    read = [entry for entry in told.of(*moves) if entry.to_step == Step.EVALUATING.value]
    if not read:
        return ""
    last = read[-1]
    words = _line(last) if last.move in RELAYING else _when(last.made_at)
    return f"{words}\n凭查询码在网上看到"


def _standing_verdict(told: WholeIssue) -> MadeMove | None:
    """The verdict of the round, unless it was pressed by mistake and taken back."""
    last = None
    for entry in told.entries:
        if entry.move in _JUDGING:
            last = entry
        elif entry.from_step == Step.CLOSED.value and entry.to_step == Step.EVALUATING.value:
            last = None
    return last


def _verdict(_circle: Circle, told: WholeIssue) -> str:
    last = _standing_verdict(told)
    if last is None:
        return ""
    solved = "已解决" if last.to_step == Step.CLOSED.value else "没有解决"
    return f"{solved}\n{_judged(last)}"


def _judged(verdict: MadeMove) -> str:
    """How the resident judged it; of an incident's main issue, that one who followed it did."""
    if verdict.satisfaction is None:
        return "（跟随的居民）满意"
    return SATISFACTION[verdict.satisfaction]


def _followup(_circle: Circle, told: WholeIssue) -> str:
    lines = [f"{attempt.tried_on} {attempt.how}：没有联系上" for attempt in told.attempts]
    for entry in told.of(*_JUDGING):
        if entry.asked_at is not None:
            lines.append(f"{_when(entry.asked_at)} {entry.asked_how}，{_who(entry)}询问")
        if entry.note:
            lines.append(f"反映人说：{entry.note}")
    return "\n".join(lines)


def _closed_off(_circle: Circle, told: WholeIssue) -> str:
    last = _standing_verdict(told)
    if last is None or last.to_step != Step.CLOSED.value:
        return ""
    return f"{_who(last)}\n{_when(last.made_at)}\n反映人{_judged(last)}"


def _remark(circle: Circle, told: WholeIssue) -> str:
    other = told.of(*_LEAVING_THE_WAY)
    begun = told.begun_by
    why = [] if begun is None else [f"上一轮（第{begun.round_no}轮）：{_line(begun)}"]
    count = [f"附件：照片{told.photo_count}张"] if told.photo_count else []
    wanted = circle.wanted_words(told.issue.service)
    service = [f"服务事项：{wanted}"] if wanted else []
    now = f"现在：{STEPS[Step(told.issue.step)].label}"
    return "\n".join([now, *why, *service, *map(_line, other), *count])


def _grade(_circle: Circle, told: WholeIssue) -> str:
    issue = told.issue
    if not issue.severity_class:
        return "未定"
    urgency = URGENCY_NAMES.get(str(issue.urgency), "")
    return f"{issue.severity_class}类\n{urgency}".rstrip()


def _leads(circle: Circle, told: WholeIssue) -> str:
    """Who leads, alone: who assists stands in the long register."""
    return "、".join(_part_names(circle, told)["主办"])


def _due(_circle: Circle, told: WholeIssue) -> str:
    # A spreadsheet's own time would say 0:00 of the day after.
    return dated_deadline(told.issue.due_at) if told.issue.due_at else ""


def _progress(_circle: Circle, told: WholeIssue) -> str:
    issue = told.issue
    stands = STEPS[Step(issue.step)].label
    return stands if issue.round_no == 1 else f"{stands}\n第{issue.round_no}轮"


class Letter(str):
    """A resident's words that know where they say their matter: a paper that cannot show all of
    them begins there, as the boards do."""

    circle: Circle  # whose kinds tell where

    @cached_property
    def matter(self) -> int:
        """The place of its first letter; looked for where a paper asks: most show all of it."""
        return _matter(self.circle, self)


def _matter(circle: Circle, text: str) -> int:
    return max(0, text.find(gist(text, circle).partition("\n")[0][:WHOLE]))


def _in_short(circle: Circle, text: str) -> Letter:
    """What a cell holds of a letter: nobody reads ten thousand letters in a table."""
    if len(text) <= CELL_LETTERS:
        told = Letter(text)
        told.circle = circle
        return told
    matter = _matter(circle, text)
    begin = cut_before(text, max(0, min(matter, len(text) - CELL_LETTERS)))
    end = cut_before(text, begin + CELL_LETTERS)
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    whole = f"（全文{len(text)}字，见系统里的这个问题）"
    told = Letter(f"{before}{text[begin:end]}{after}{whole}")
    told.matter = matter - begin + len(before)
    return told


Tell: TypeAlias = Callable[[Circle, WholeIssue], Value]

_COLUMNS: dict[str, Tell] = {
    "问题编号": lambda _c, t: t.issue.number,
    "收集渠道": lambda c, t: c.channel_name(t.issue.channel),
    "收集时间": lambda _c, t: t.issue.received_at,
    "反映人": lambda _c, t: t.issue.reporter_name or "没有留",
    "联系方式": lambda _c, t: t.issue.reporter_phone or "没有留",
    "社区／网格／小区点位": _place,
    "问题标题与描述": lambda c, t: _in_short(c, t.issue.description),
    "性质": lambda _c, t: NATURES.get(t.issue.nature, ""),
    "问题分类": lambda c, t: c.category_name(t.issue.category),
    "类别A／B／C": lambda _c, t: t.issue.severity_class or "未定",
    "级别一／二／三": lambda _c, t: URGENCY_NAMES.get(str(t.issue.urgency), "未定"),
    "定级人／定级时间": _grader,
    "初步处理意见／时间": _opinion,
    "号召人／号召时间": _callers,
    "响应单位／响应人／时间": _answers,
    "主办／协办": _handlers,
    "解决方案": lambda _c, t: _last(t.of(*_PLANNING)),
    "办理时限": _due,
    "延期理由／审批": lambda _c, t: _lines(t.of(*PUTTING_OFF)),
    "办理进展": lambda _c, t: _lines(t.of(*TELLING_PROGRESS)),
    "办结时间／结果": _outcome,
    "反馈反映人时间／方式": _feedback,
    "是否解决／满意度": _verdict,
    "回访记录": _followup,
    "轮次": lambda _c, t: t.issue.round_no,
    "升级记录C→B→A": lambda _c, t: _lines(t.of(*PASSING_ON)),
    "销号人／销号时间／依据": _closed_off,
    "备注／附件": _remark,
}


# What a leader puts a name under: which, since when, where, what, how grave, who, by when, how far.
_SIGNED: dict[str, Tell] = {
    "序号": lambda _c, t: t.place,
    "问题编号": _COLUMNS["问题编号"],
    "收集时间": _COLUMNS["收集时间"],
    "地点": _place,
    "问题": _COLUMNS["问题标题与描述"],
    "类别／紧急": _grade,
    "牵头": _leads,
    "办理时限": _due,
    "进度": _progress,
    "办理结果": _outcome,
    "满意度": _verdict,
}


TELLING = _COLUMNS | _SIGNED


COLUMNS = tuple(_COLUMNS)


SIGNED_COLUMNS = tuple(_SIGNED)


CONTACTS = ("反映人", "联系方式")
