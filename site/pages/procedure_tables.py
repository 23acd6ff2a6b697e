"""The procedure's moves, steps, roles and clocks as tables, in the words of the screens.

Drawn from `procedure` and the community's own settings; nothing is stated here a second time.
"""

from datetime import timedelta

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.move import Clock, Move, Only, Who
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import (
    PART_LABELS,
    REPLY_WITHIN,
    ROLE_LABELS,
    SATISFACTION,
    STEPS,
    URGENCIES,
    Role,
)
from forms_app.rules.worktime import DAY_MINUTES, GRADING_HOURS, RULING_HOURS, DutyHours
from pages.rendering import render

NEED_LABELS: dict[str, str] = {
    "addition": "补充的内容或照片",
    "answer_by": "什么时候以前答复",
    "answer": "响应方式（已知悉或已到场）",
    "asked": "请对方做什么",
    "assist": "协办单位",
    "attempts": "三天里三次联系的记录",
    "authority": "有权处理的机关",
    "channel": "收集渠道",
    "comment": "不满意的原因",
    "community_id": "所在社区",
    "description": "问题描述",
    "explanation": "为什么没能解决",
    "findings": "研究的结果",
    "field": "更正的项目",
    "how": "怎么联系的",
    "identity": "怎么核对的是本人",
    "initial_opinion": "初步处理意见",
    "lead": "主办",
    "merged_into": "并入的问题编号",
    "missing": "还缺什么",
    "nature": "性质",
    "new_due_on": "新的办理期限",
    "new_value": "更正后的内容",
    "note": "要写的话",
    "opinion": "处理意见",
    "other": "不是同一件事的问题编号",
    "outcome": "办理结果",
    "parties": "被号召单位",
    "plan": "解决方案",
    "question": "要问的话",
    "reached": "联系上没有",
    "reason": "理由",
    "reply_by": "响应期限",
    "result": "已经办结，还是没能办成",
    "request": "请上一级做什么",
    "review_on": "下次研究的时间",
    "satisfaction": "满意度",
    "severity_class": "类别",
    "text": "催什么",
    "to": "催谁",
    "urgency": "级别",
    "whose": "应由谁办",
    "words": "给反映人的话",
}

ONLY_LABELS: dict[Only, str] = {
    Only.OWN_HANDS: "社区自己办",
    Only.UNITS_HANDS: "单位主办",
    Only.UNDER_REVIEW: "说好再研究的",
    Only.DECLINED: "有职责异议的",
    Only.DECLINED_HOME: "社区和一家单位之间",
    Only.DECLINED_UNITS: "单位之间",
    Only.IN_BURST: "短时间大量涌来的",
    Only.TO_RING: "要打电话告诉的",
    Only.PASSED: "已自动转出的",
    Only.NOT_EXTENDED: "没有延过期的",
    Only.EXTENDED_BELOW: "再延一次",
    Only.REFERABLE: "区里有账号的",
    Only.TAKEABLE: "过了时限的",
}


class MoveRow(Struct, frozen=True):
    label: str
    from_steps: str
    target: str
    who: tuple[str, ...]
    needs: tuple[str, ...]


class RoleRow(Struct, frozen=True):
    label: str
    moves: tuple[str, ...]


class ClockRow(Struct, frozen=True):
    label: str
    starts: str
    limit: str


def parts(circle: Circle) -> dict[str, str]:
    """The four tables of the handbook."""
    return {
        "moves-table": render("moves_table.html", {"rows": [move_row(move) for move in MOVES]}),
        "steps-table": render("steps_table.html", {"steps": STEPS.values()}),
        "roles-table": render("roles_table.html", {"rows": role_rows()}),
        "clocks-table": render(
            "clocks_table.html", {"rows": clock_rows(circle), "settings": settings(circle)}
        ),
    }


def condition(move: Move) -> str:
    """In which case a move has this row, e.g. （B类） or （满意）, or nothing."""
    if move.satisfied is not None:
        return "（满意）" if move.satisfied else "（不满意）"
    cases = [] if move.next_class else [f"{c}类" for c in move.severity_classes or ()]
    if move.only is not None:
        cases.append(ONLY_LABELS[move.only])
    if move.window is not None and move.window.minutes:
        cases.append(f"{move.window.minutes}分钟内")
    elif move.window is not None and isinstance(move.window.days, int):
        cases.append(f"{move.window.days}天内")
    return f"（{'、'.join(cases)}）" if cases else ""


def who_label(who: Who, short: bool = False) -> str:
    label = ROLE_LABELS[who] if isinstance(who, Role) else PART_LABELS[who]
    return label.partition("（")[0] if short else label


def who_labels(move: Move, short: bool = False) -> tuple[str, ...]:
    """Who may make a move, in the procedure's order of roles and parts."""
    everybody: tuple[Who, ...] = (*ROLE_LABELS, *PART_LABELS)
    return tuple(who_label(who, short) for who in everybody if who in move.who)


def need_labels(move: Move) -> tuple[str, ...]:
    """What the move needs, as its form calls it."""
    return tuple(NEED_LABELS[need] for need in move.needs)


def move_row(move: Move) -> MoveRow:
    """The move as a row of the handbook's table: from where, to where, who, what it needs."""
    if not move.from_steps:
        from_steps = "开始"
    elif set(move.from_steps) == set(STEPS):
        from_steps = "任何一步"
    else:
        from_steps = "、".join(STEPS[step].label for step in move.from_steps)
    target = STEPS[move.to_step].label if move.to_step else "留在原步"
    if move.comes_back:
        target = "回到原来那一步"
    if move.takes_over:
        target = "撤回的那一件所在的一步"
    if move.new_round:
        target += "（新一轮）"
    return MoveRow(
        move.label + condition(move), from_steps, target, who_labels(move), need_labels(move)
    )


def role_rows() -> list[RoleRow]:
    """What each role and each part in an issue may do."""
    everybody: tuple[Who, ...] = (*ROLE_LABELS, *PART_LABELS)
    return [
        RoleRow(
            who_label(who),
            tuple(dict.fromkeys(move.label + condition(move) for move in MOVES if who in move.who)),
        )
        for who in everybody
    ]


def clock_rows(circle: Circle) -> list[ClockRow]:
    """How long each step may take, as this office has set it: every clock that there is."""
    clocks = circle.clocks
    kind = "个工作日" if clocks.counts_working_days else "天"
    reminders = "、".join(str(days) for days in circle.verdict_reminder_days)
    told = {
        Clock.OPINION: (
            "初步处理意见",
            "收到问题",
            f"{clocks.opinion_minutes}分钟（只算值守时间）",
        ),
        Clock.GRADE: ("分类定级", "说了初步处理意见", f"{GRADING_HOURS}小时（只算值守时间）"),
        Clock.REPLY: ("响应号召", "发出号召", f"由号召人定；先填{_reply_times()}，可以改"),
        Clock.RULING: ("裁定职责异议", "提出异议", f"{RULING_HOURS}小时（只算值守时间）"),
        Clock.DISTRICT: ("区级答复", "街道提级协调", "由街道定"),
        Clock.RELAY: (
            "反馈办理结果",
            "主办单位报来结果",
            f"{clocks.relay_hours}小时（只算值守时间），过后自动转给反映人",
        ),
        Clock.URGE: ("答复催办", "催办", "由催办的人定"),
        Clock.REVIEW: (
            "下次研究",
            "说明没能解决",
            "到说好的那一天；销号、转办、并入和以后各轮都不停",
        ),
        Clock.VERDICT: (
            "请反映人评价",
            "进入待评价",
            f"第{reminders}天各提醒一次" if reminders else "不作提醒",
        ),
    }
    by_urgency = [
        ClockRow(
            f"办结或说明：{URGENCIES[urgency].partition('：')[0]}", "分类定级", f"{days}{kind}"
        )
        for urgency, days in sorted(clocks.urgency_days.items())
    ]
    rows = [by_urgency if one is Clock.RESULT else [ClockRow(*told[one])] for one in Clock]
    return [row for of_clock in rows for row in of_clock]


def _reply_times() -> str:
    return "、".join(
        f"{URGENCIES[urgency].partition('：')[0]}{_span_words(span)}"
        for urgency, span in REPLY_WITHIN.items()
    )


def _span_words(span: timedelta) -> str:
    for unit, words in (
        (timedelta(days=1), "天"),
        (timedelta(hours=1), "小时"),
        (timedelta(minutes=1), "分钟"),
    ):
        if span % unit == timedelta(0):
            return f"{span // unit}{words}"
    raise ValueError(f"no words for {span}")


def settings(circle: Circle) -> list[tuple[str, str]]:
    """The community's own choices behind the clocks, in words."""
    levels = sorted(circle.satisfied_levels, reverse=True)
    counting = "按工作日算" if circle.clocks.counts_working_days else "按自然日算"
    return [
        ("值守时间", duty_hours(circle.clocks.duty)),
        ("天数怎么算", f"{counting}，定级当天不算，到最后一天值守结束为止"),
        ("算作满意的评价", "、".join(SATISFACTION[level] for level in levels)),
        ("又出现了，接着原来的办", f"销号后{circle.clocks.reopen_days}天内"),
        ("主管部门不受理，还是这里办", f"转办后{circle.clocks.reopen_days}天内"),
        ("代录的评价不是自己的意思", f"销号后{circle.clocks.dispute_days}天内可以说"),
        ("当场答复", "可以" if circle.clocks.desk_answers else "不用"),
        ("延期", f"每级一次，一次最多{circle.clocks.extend_days}天；再长、再延的由上一级来延"),
        ("姓名和电话保存", f"{circle.retention_years}年"),
    ]


def duty_hours(duty: DutyHours) -> str:
    days = "工作日" if duty.workdays_only else "每天"
    if duty.spans == ((0, DAY_MINUTES),):
        return f"{days}全天24小时"
    return days + "、".join(f"{_minute(start)}至{_minute(end)}" for start, end in duty.spans)


def _minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
