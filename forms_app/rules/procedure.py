"""The five-step procedure: every step an issue can stand at and every move that changes it.

This table is the only statement of the procedure in code. The staff's buttons, the guard on
every change, the flowchart and the handbook's tables are all drawn from it. It knows nothing of
databases, forms or clocks.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from msgspec.structs import replace

from forms_app.rules.move import (
    Clock,
    Hearer,
    Move,
    Only,
    Promise,
    Telling,
    VerdictBy,
    When,
    Who,
    Window,
)
from forms_app.rules.steps import (
    BEFORE_RESULT,
    BEFORE_VERDICT,
    NEXT_CLASS,
    OPEN_OR_MERGED,
    OPEN_STEPS,
    UNDER_REVIEW,
    Part,
    Role,
    Step,
)


def _who(*who: Who) -> frozenset[Who]:
    return frozenset(who)


_COMMUNITY = _who(Role.COMMUNITY_LEADER)
_SUBDISTRICT = _who(Role.SUBDISTRICT_LEADER)
_DISTRICT = _who(Role.DISTRICT_OFFICE)
_LEADERS = _COMMUNITY | _SUBDISTRICT
# Who sits at a telephone or a counter writes down what people tell.
_INTAKE = _who(Role.COLLECTOR, Role.WORKER) | _LEADERS
# Who acts on a resident's behalf, each where they see the issue.
_STAFF = _who(Role.WORKER) | _LEADERS | _DISTRICT
_VERDICT_GIVERS = _who(Role.RESIDENT) | _STAFF
# A merged issue's resident follows the other issue and gives a verdict of their own.
_VERDICT_STEPS = (Step.EVALUATING, Step.SHELVED, Step.MERGED)
# As long as its resident may have to hear something.
_REACHED_STEPS = (*OPEN_OR_MERGED, Step.TRANSFERRED)
# What came of an issue is not put aside for another one.
_NOT_REPORTED = tuple(step for step in BEFORE_VERDICT if step is not Step.REPORTED)
_AT_WORK = (*BEFORE_RESULT, Step.REPORTED)
_ABOVE_COMMUNITY = _who(Role.SUPERVISOR, Role.SUBDISTRICT_LEADER)
# Who may ask a resident is more than who does: the community rings them up.
_ASKED_FOR_A_VERDICT = _who(Role.RESIDENT, Role.WORKER, Role.COMMUNITY_LEADER)

_SETTLED = Window("settled_at", 3)
_TAKEN_BACK = Telling(
    (Hearer.LEADERS, Hearer.WORKERS),
    staff_line="当场答复的收回重办，请给初步处理意见{due}", clock=Clock.OPINION,
)  # fmt: skip
_SUMMONED = Telling((Hearer.PARTIES,), staff_line="号召您的单位，请响应{due}", clock=Clock.REPLY)
_EXTENDED = Telling((Hearer.LEADS,), staff_line="办理时限已经延长{due}", clock=Clock.RESULT)
_ESCALATED = Telling(
    (Hearer.LEADERS, Hearer.SUBDISTRICT_LEADERS),
    staff_line="没能按原方案解决，已经升级，请安排号召{due}",
    clock=Clock.RESULT,
)
_DECLINED = Telling(
    (Hearer.RULERS,), staff_line="有单位提出职责异议，请裁定{due}", clock=Clock.RULING
)
_RULED = Telling(
    (Hearer.CALLER, Hearer.PARTIES, Hearer.LEADS),
    staff_line="职责异议已经裁定，请按裁定办理{due}", clock=Clock.RESULT,
)  # fmt: skip
_REFERRED = Telling(
    (Hearer.DISTRICT,), staff_line="街道提级协调，请研究，并答复{due}", clock=Clock.DISTRICT
)
_TAKEN_UP = Telling(
    (Hearer.SUBDISTRICT_LEADERS, Hearer.CALLER, Hearer.LEADS),
    staff_line="改革领导小组办公室提办了这件事，请一起接着办{due}", clock=Clock.RESULT,
)  # fmt: skip
_URGED = Telling((Hearer.URGED,), staff_line="有人催办，请接着办，并答复{due}", clock=Clock.URGE)
# Whoever had to do with it hears what came of it.
_CONCERNED = (Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS)
_RESOLVED = Telling(_CONCERNED, staff_line="已经有办理结果，请反映人评价")
_RELAYED = Telling(_CONCERNED, staff_line="办理结果已经反馈给反映人，等反映人评价")
# After a project was done, its reporters are asked, and may change what they say.
ASKED_AFTER = Window("project_asked_at", "reopen_days")
_STILL_SO = Telling(
    (Hearer.LEADERS, Hearer.WORKERS), staff_line="专项办完以后问过反映人，反映人说还有，请看一下"
)
_SENT_ON = Telling((*_CONCERNED, Hearer.PARTIES), staff_line="已经转给主管部门，不用再办")
_JUDGED = Telling(_CONCERNED, staff_line="反映人评价满意，已经销号")

MOVES: tuple[Move, ...] = (
    Move(
        "submit", "提交", (), Step.COLLECTED,
        _who(Role.RESIDENT) | _INTAKE,
        ("description", "community_id", "channel"),
        "已收到您反映的问题。",
        shows_ticket="用经办人登记时给的查询码评的",
        telling=Telling(
            (Hearer.LEADERS, Hearer.WORKERS),
            staff_line="新问题，请给初步处理意见{due}", clock=Clock.OPINION,
        ),
    ),
    # Whoever says so knows best; once it is graded, the community's leader merges.
    Move(
        "join", "也遇到", (Step.COLLECTED,), Step.MERGED,
        _who(Part.REPORTER),
        ("merged_into",),
        "有邻居也说过这件事，一起办；进展和结果在这里告诉您，办完还是您自己评。",
        asks_reporter=True,
        telling=Telling(
            (Hearer.LEADERS,),
            staff_line="反映人说和已有的问题是同一件事，已经合在一起，请比对一下是不是",
        ),
    ),
    Move(
        "opine", "初步意见", (Step.COLLECTED,), None,
        _who(Role.WORKER, Role.COMMUNITY_LEADER),
        ("initial_opinion",),
        "社区答复您：{note}",
        stops=(Clock.OPINION,), promises=Promise.WORDS, awaited=When.NOT_OPINED,
    ),
    # Whoever answers the telephone can finish what words can finish.
    Move(
        "settle", "当场答复", (Step.COLLECTED,), Step.EVALUATING,
        _who(Role.WORKER, Role.COMMUNITY_LEADER),
        ("nature", "outcome"),
        "社区当场答复您：{note}您看行不行？您说行才算办完。",
        grades=True, sets_class="C", ends_handling=True, hands_on=True,
        stops=(Clock.OPINION, Clock.GRADE), promises=Promise.WORDS, allowed_by="desk_answers",
    ),
    Move(
        "take_back", "收回重办", (Step.EVALUATING,), Step.COLLECTED,
        _COMMUNITY,
        ("reason",),
        "社区看过，觉得还没有答复清楚，重新答复您。",
        begins_again=True, window=_SETTLED, telling=_TAKEN_BACK,
    ),
    Move(
        "take_back", "收回重办", (Step.CLOSED,), Step.COLLECTED,
        _COMMUNITY,
        ("reason",),
        "社区看过，觉得还没有答复清楚，重新答复您。",
        new_round=True, window=replace(_SETTLED, verdict_by=VerdictBy.STAFF), telling=_TAKEN_BACK,
    ),
    Move(
        "classify", "分类定级", (Step.COLLECTED,), Step.CLASSIFIED,
        _COMMUNITY,
        ("severity_class", "urgency", "initial_opinion"),
        "这件事{how_soon}，{who_handles}，最晚{due_at}给您结果。",
        grades=True, stops=(Clock.OPINION, Clock.GRADE), promises=Promise.DEADLINE,
        awaited=When.OPINED,
        telling=Telling(
            (Hearer.LEVEL,),
            staff_line="已分类定级，请交办或发出号召，办理时限{due}", clock=Clock.RESULT,
        ),
    ),
    Move(
        "assign", "交办", (Step.CLASSIFIED,), Step.HANDLING,
        _COMMUNITY,
        ("lead",),
        "社区派人直接去办了。",
        severity_classes=("C",), gives_work=True, awaited=When.ALWAYS,
        telling=Telling(
            (Hearer.LEADS,), staff_line="交给您主办，请办理并登记进展{due}", clock=Clock.RESULT,
        ),
    ),
    Move(
        "claim", "我来办", (Step.CLASSIFIED,), Step.HANDLING,
        _who(Role.WORKER),
        (),
        "社区有人接手，直接去办了。",
        severity_classes=("C",), gives_work=True,
    ),
    Move(
        "summon", "号召", (Step.CLASSIFIED,), Step.RESPONDING,
        _COMMUNITY,
        ("parties", "reply_by", "asked"),
        "社区请了{parties}一起来办，最晚{reply_by}回话。",
        severity_classes=("B",), gives_work=True, awaited=When.ALWAYS, telling=_SUMMONED,
    ),
    Move(
        "summon", "号召", (Step.CLASSIFIED,), Step.RESPONDING,
        _SUBDISTRICT,
        ("parties", "reply_by", "asked"),
        "街道请了{parties}一起来办，最晚{reply_by}回话。",
        severity_classes=("A",), gives_work=True, awaited=When.ALWAYS, telling=_SUMMONED,
    ),
    Move(
        "answer", "响应", (Step.RESPONDING,), None,
        _who(Part.PARTY, Part.PARTY_RECORDER),
        ("answer", "opinion"),
        "{organization}回话了。",
        stops=(Clock.REPLY,), awaited=When.UNANSWERED, awaited_of=_who(Part.PARTY),
        telling=Telling(
            (Hearer.CALLER,),
            staff_line="有单位已经响应，请看齐了没有，制定方案{due}", clock=Clock.REPLY,
        ),
    ),
    # Whoever says that it is not theirs goes on acting until somebody has ruled (先办后议).
    Move(
        "decline", "职责异议", (Step.RESPONDING,), None,
        _who(Part.PARTY, Part.PARTY_RECORDER),
        ("reason", "whose"),
        "由哪家来办正在核对，核对好以前照常办。",
        stops=(Clock.REPLY,), is_mailed=False, telling=_DECLINED,
    ),
    Move(
        "decline", "职责异议", (Step.HANDLING,), None,
        _who(Part.TASKED, Part.TASK_RECORDER),
        ("reason", "whose"),
        "由哪家来办正在核对，核对好以前照常办。",
        stops=(Clock.REPLY,), is_mailed=False, telling=_DECLINED,
    ),
    Move(
        "rule", "裁定", (Step.RESPONDING, Step.HANDLING), None,
        _who(Part.CALLER),
        ("lead", "reason"),
        "定下来由{lead}来办，接着办。",
        severity_classes=("B",), only=Only.DECLINED_HOME, gives_work=True, replaces=True,
        stops=(Clock.RULING,), awaited=When.DECLINED_HOME, telling=_RULED,
    ),
    Move(
        "rule", "裁定", (Step.RESPONDING, Step.HANDLING), None,
        _SUBDISTRICT,
        ("lead", "reason"),
        "定下来由{lead}来办，接着办。",
        severity_classes=("B",), only=Only.DECLINED_UNITS, gives_work=True, replaces=True,
        stops=(Clock.RULING,), awaited=When.DECLINED_UNITS, telling=_RULED,
    ),
    Move(
        "rule", "裁定", (Step.RESPONDING, Step.HANDLING), None,
        _SUBDISTRICT | _DISTRICT,
        ("lead", "reason"),
        "定下来由{lead}来办，接着办。",
        severity_classes=("A",), only=Only.DECLINED, gives_work=True, replaces=True,
        stops=(Clock.RULING,), awaited=When.DECLINED, awaited_of=_SUBDISTRICT, telling=_RULED,
    ),
    Move(
        "plan", "制定方案", (Step.RESPONDING,), Step.HANDLING,
        _who(Part.CALLER),
        ("plan", "lead", "assist"),
        "商量好怎么办了：{note}由{lead}来办。",
        gives_work=True, stops=(Clock.REPLY,), promises=Promise.WORDS, awaited=When.ANSWERED,
        telling=Telling(
            (Hearer.LEADS, Hearer.ASSISTANTS),
            staff_line="方案已定，请按分工办理{due}", clock=Clock.RESULT,
        ),
        recap="上次方案",
    ),
    # Somebody was forgotten or nobody came: called again, answers already given stay.
    Move(
        "summon", "再次号召", (Step.RESPONDING,), None,
        _who(Part.CALLER),
        ("parties", "reply_by", "asked"),
        "又请了{parties}一起来办，最晚{reply_by}回话。",
        gives_work=True, telling=_SUMMONED,
    ),
    Move(
        "replan", "调整方案", (Step.HANDLING,), None,
        _who(Part.CALLER),
        ("plan", "lead", "assist", "reason"),
        "怎么办有变动：{note}由{lead}来办。",
        severity_classes=("B", "A"), gives_work=True, replaces=True, stops=(Clock.RULING,),
        promises=Promise.WORDS,
        telling=Telling(
            (Hearer.LEADS, Hearer.ASSISTANTS),
            staff_line="方案有调整，请按新的分工办理{due}", clock=Clock.RESULT,
        ),
        recap="上次方案",
    ),
    Move(
        "progress", "进展", (Step.HANDLING,), None,
        _who(Part.LEAD, Part.ASSIST, Part.CALLER),
        ("note",),
        "有进展了：{note}",
        hands_on=True, recap="最近进展",
    ),
    # Each level once: a longer one than the circle allows, and a second one, are the level above's.
    Move(
        "extend", "延期", BEFORE_RESULT, None,
        _LEADERS,
        ("reason", "new_due_on"),
        "要多花些时间，最晚{due_at}给您结果，因为：{note}",
        severity_classes=("C", "B"), only=Only.NOT_EXTENDED,
        promises=Promise.LATER_DEADLINE, telling=_EXTENDED,
    ),
    Move(
        "extend", "延期", BEFORE_RESULT, None,
        _SUBDISTRICT,
        ("reason", "new_due_on"),
        "要多花些时间，最晚{due_at}给您结果，因为：{note}",
        severity_classes=("C", "B"), only=Only.EXTENDED_BELOW,
        promises=Promise.LATER_DEADLINE, telling=_EXTENDED,
    ),
    Move(
        "extend", "延期", BEFORE_RESULT, None,
        _SUBDISTRICT,
        ("reason", "new_due_on"),
        "要多花些时间，最晚{due_at}给您结果，因为：{note}",
        severity_classes=("A",), only=Only.NOT_EXTENDED,
        promises=Promise.LATER_DEADLINE, telling=_EXTENDED,
    ),
    Move(
        "extend", "延期", BEFORE_RESULT, None,
        _DISTRICT,
        ("reason", "new_due_on"),
        "要多花些时间，最晚{due_at}给您结果，因为：{note}",
        severity_classes=("A",), only=Only.EXTENDED_BELOW,
        promises=Promise.LATER_DEADLINE, telling=_EXTENDED,
    ),
    # The level above all sub-districts: asked by one, or where a deadline has passed.
    Move(
        "refer_up", "提级协调", (Step.RESPONDING, Step.HANDLING), None,
        _SUBDISTRICT,
        ("reason", "request", "answer_by"),
        "街道请了区里的{district}一起想办法。",
        severity_classes=("A",), only=Only.REFERABLE,
        awaited=When.REFERRED, awaited_of=_who(Part.DISTRICT), awaited_as="答复提级协调",
        telling=_REFERRED,
    ),
    Move(
        "take_up", "提办", (Step.RESPONDING, Step.HANDLING), None,
        _DISTRICT,
        ("reason",),
        "过了说好的日子还没有办完，区里的{district}已经直接过问，和街道一起办。",
        severity_classes=("A",), only=Only.TAKEABLE, telling=_TAKEN_UP,
    ),
    Move(
        "resolve", "办结", (Step.HANDLING,), Step.EVALUATING,
        _who(Part.LEAD),
        ("result", "outcome"),
        "社区说{result_label}：{note}您看行不行？您说行才算办完。",
        severity_classes=("C",), ends_handling=True, hands_on=True,
        stops=(Clock.RESULT,), promises=Promise.WORDS, awaited=When.ALWAYS, telling=_RESOLVED,
    ),
    Move(
        "resolve", "办结", (Step.HANDLING,), Step.EVALUATING,
        _who(Part.LEAD),
        ("result", "outcome"),
        "社区说{result_label}：{note}您看行不行？您说行才算办完。",
        severity_classes=("B",), only=Only.OWN_HANDS, ends_handling=True, hands_on=True,
        stops=(Clock.RESULT,), promises=Promise.WORDS, telling=_RESOLVED,
    ),
    # What a unit did comes back the way it went: by whoever called it.
    Move(
        "resolve", "办结", (Step.HANDLING,), Step.REPORTED,
        _who(Part.LEAD, Part.LEAD_RECORDER),
        ("result", "outcome"),
        "办的单位报来结果了，{office}核对过就告诉您。",
        severity_classes=("B",), only=Only.UNITS_HANDS, ends_handling=True, hands_on=True,
        stops=(Clock.RESULT,), promises=Promise.WORDS, awaited=When.ALWAYS, telling=_RESOLVED,
    ),
    Move(
        "resolve", "办结", (Step.HANDLING,), Step.REPORTED,
        _who(Part.LEAD, Part.LEAD_RECORDER),
        ("result", "outcome"),
        "办的单位报来结果了，{office}核对过就告诉您。",
        severity_classes=("A",), ends_handling=True, hands_on=True,
        stops=(Clock.RESULT,), promises=Promise.WORDS, awaited=When.ALWAYS, telling=_RESOLVED,
    ),
    Move(
        "resolve", "更正结果", (Step.REPORTED,), None,
        _who(Part.LEAD),
        ("result", "outcome"),
        "报来的结果有更正，{office}核对过就告诉您。",
        ends_handling=True, hands_on=True, stops=(Clock.RESULT,), promises=Promise.WORDS,
        telling=_RESOLVED,
    ),
    Move(
        "relay", "反馈", (Step.REPORTED,), Step.EVALUATING,
        _who(Part.CALLER, Role.WORKER, Role.SYSTEM),
        ("words",),
        "{relayed_by}告诉您：{note}您看行不行？您说行才算办完。",
        severity_classes=("B",), hands_on=True, stops=(Clock.RELAY,), promises=Promise.WORDS,
        awaited=When.ALWAYS, awaited_of=_who(Part.CALLER), telling=_RELAYED,
    ),
    Move(
        "relay", "反馈", (Step.REPORTED,), Step.EVALUATING,
        _who(Part.CALLER, Role.SYSTEM),
        ("words",),
        "{relayed_by}告诉您：{note}您看行不行？您说行才算办完。",
        severity_classes=("A",), hands_on=True, stops=(Clock.RELAY,), promises=Promise.WORDS,
        awaited=When.ALWAYS, awaited_of=_who(Part.CALLER), telling=_RELAYED,
    ),
    Move(
        "relay", "补充反馈", (Step.EVALUATING,), None,
        _who(Part.CALLER),
        ("words",),
        "{relayed_by}又告诉您：{note}",
        only=Only.PASSED, hands_on=True, stops=(Clock.RELAY,), promises=Promise.WORDS,
        telling=_RELAYED,
    ),
    Move(
        "send_back", "退回", (Step.REPORTED,), Step.HANDLING,
        _who(Part.CALLER),
        ("missing",),
        "{office}看过结果，还没有办到位，请他们接着办。",
        gives_back=True, stops=(Clock.RELAY,),
        telling=Telling(
            _CONCERNED, staff_line="办理结果已经退回，请接着办{due}", clock=Clock.RESULT,
        ),
        recap="退回的原因",
    ),
    Move(
        "escalate", "升级为B类", (Step.HANDLING,), Step.CLASSIFIED,
        _LEADERS,
        ("reason",),
        "照原来的办法没能办成，接着请几家单位一起来办。",
        severity_classes=("C",), next_class=True, telling=_ESCALATED, recap="没能解决的原因",
    ),
    Move(
        "escalate", "升级为A类", (Step.RESPONDING, Step.HANDLING, Step.REPORTED), Step.CLASSIFIED,
        _LEADERS,
        ("reason",),
        "照原来的办法没能办成，接着由街道请区里的部门一起来办。",
        severity_classes=("B",), next_class=True, telling=_ESCALATED, recap="没能解决的原因",
    ),
    Move(
        "explain", "说明", (Step.RESPONDING, Step.HANDLING, Step.REPORTED), Step.EVALUATING,
        _SUBDISTRICT | _who(Part.DISTRICT),
        ("explanation", "review_on"),
        "目前未能解决，{explained_by}说明：{note}下次研究时间：{review_on}。",
        severity_classes=("A",), ends_handling=True, hands_on=True, stops=(Clock.RESULT,),
        promises=Promise.WORDS,
    ),
    Move(
        "review", "再研究", UNDER_REVIEW, None,
        _SUBDISTRICT | _DISTRICT,
        ("findings",),
        "{reviewed_by}再次研究：{note}",
        only=Only.UNDER_REVIEW, stops=(Clock.REVIEW,), promises=Promise.WORDS,
    ),
    Move(
        "evaluate", "评价", _VERDICT_STEPS, Step.CLOSED,
        _VERDICT_GIVERS,
        ("satisfaction",),
        "评的是{satisfaction_label}，这件事办完了。谢谢您告诉我们。",
        satisfied=True, bars_hands=True, asks_reporter=True, are_residents=True,
        stops=(Clock.VERDICT,),
        awaited=When.ALWAYS, awaited_of=_ASKED_FOR_A_VERDICT, telling=_JUDGED,
    ),
    Move(
        "evaluate", "评价", _VERDICT_STEPS, Step.COLLECTED,
        _VERDICT_GIVERS,
        ("satisfaction", "comment"),
        "评的是{satisfaction_label}，还没办好。我们重新办，会给您回话。",
        satisfied=False, bars_hands=True, asks_reporter=True, are_residents=True, new_round=True,
        stops=(Clock.VERDICT,), telling=_JUDGED,
    ),
    Move(
        "contact", "联系记录", _REACHED_STEPS, None,
        _STAFF,
        ("reached", "how"),
        "",
        is_internal=True, asks_reporter=True,
    ),
    Move(
        # A project that was done is told to those whose own issue was closed long ago, too.
        "ring", "电话告知", (*_REACHED_STEPS, Step.CLOSED), None,
        _STAFF,
        (),
        "已电话告知。",
        only=Only.TO_RING, is_mailed=False, asks_reporter=True,
    ),
    Move(
        "shelve", "待联系", (Step.EVALUATING,), Step.SHELVED,
        _COMMUNITY,
        ("attempts",),
        "一直没找到您，先放着；您随时回来说一声就行。",
        stops=(Clock.VERDICT,), asks_reporter=True,
    ),
    Move(
        "transfer", "转办", (Step.COLLECTED, Step.CLASSIFIED), Step.TRANSFERRED,
        _COMMUNITY,
        ("authority", "reason"),
        "这件事由{authority}负责：{note}",
        telling=_SENT_ON,
    ),
    Move(
        "transfer", "转办", (Step.RESPONDING, Step.HANDLING), Step.TRANSFERRED,
        _who(Part.CALLER),
        ("authority", "reason"),
        "这件事由{authority}负责：{note}",
        telling=_SENT_ON,
    ),
    # What follows another issue goes where that goes, each with its own words.
    Move(
        "transfer", "随主件转办", (Step.MERGED,), Step.TRANSFERRED,
        _who(Role.SYSTEM),
        ("authority", "reason"),
        "您和邻居说的这件事由{authority}负责，一起转过去了：{note}",
        telling=_SENT_ON,
    ),
    # And where that is handled here after all, its resident is told, and may have theirs, too.
    Move(
        "here_again", "告知主件重办", (Step.TRANSFERRED,), None,
        _who(Role.SYSTEM),
        (),
        "和您这件一起转过去的那件，又在这里办了。您这件也要在这里办的，请按“还是请你们办”。",
        asks_anew=True,
    ),
    Move(
        "merge", "并入", _NOT_REPORTED, Step.MERGED,
        _COMMUNITY,
        ("merged_into",),
        "有邻居也说过这件事，合在一起办；进展和结果在这里告诉您，办完还是您自己评。",
    ),
    Move(
        "unmerge", "撤销并入", (Step.MERGED,), None,
        _COMMUNITY,
        (),
        "刚才合错了，分开来，照原来的接着办。",
        comes_back=True, window=Window("merged_at", minutes=10),
    ),
    # Of a flood only, and nothing is deleted: what its resident says brings it back at once.
    Move(
        "set_aside", "暂放", (Step.COLLECTED,), Step.SET_ASIDE,
        _LEADERS,
        ("reason",),
        "短时间里一下子来了很多件，这一件先放在一边，没有删除。理由：{note}"
        "您说的是真事，请在这一页告诉我们，就接着办。",
        only=Only.IN_BURST,
    ),
    Move(
        "restore", "取消暂放", (Step.SET_ASIDE,), Step.COLLECTED,
        _who(Role.WORKER) | _LEADERS,
        (),
        "暂放取消了，照原来的步骤接着办。",
    ),
    Move(
        "insist", "是真的，请接着办", (Step.SET_ASIDE,), Step.COLLECTED,
        _who(Role.RESIDENT),
        (),
        "您说这是真事，已经取消暂放，接着办。",
        asks_reporter=True,
        telling=Telling(
            (Hearer.LEADERS, Hearer.WORKERS),
            staff_line="反映人说暂放的这一件是真的，请马上给初步处理意见{due}",
            clock=Clock.OPINION,
        ),
    ),
    Move(
        "separate", "分开办理", OPEN_STEPS, None,
        _COMMUNITY,
        ("other",),
        "社区看过，和另一件相近的事不是同一件，照常单独办理。",
        is_mailed=False,
    ),
    Move(
        "reopen", "重启", (Step.TRANSFERRED,), Step.COLLECTED,
        _SUBDISTRICT | _who(Role.RESIDENT),
        ("reason",),
        "重新办了。",
        new_round=True, window=Window("transferred_at", "reopen_days", binds=_who(Role.RESIDENT)),
    ),
    # Nobody gains by taking a wrong merge apart: the community's own clock begins again.
    Move(
        "reopen", "分开重启", (Step.MERGED,), Step.COLLECTED,
        _LEADERS | _who(Part.JOINER),
        ("reason",),
        "和那件事分开，单独重新办。",
        new_round=True,
    ),
    Move(
        "reopen", "重启", (Step.WITHDRAWN,), Step.COLLECTED,
        _SUBDISTRICT | _who(Role.RESIDENT),
        ("reason",),
        "重新办了。",
        new_round=True,
    ),
    # What was put right and comes again is a recurrence, counted apart from a second round.
    Move(
        "reopen", "又出现了", (Step.CLOSED,), Step.COLLECTED,
        _COMMUNITY | _who(Role.RESIDENT),
        ("reason",),
        "又出现了，重新办理。",
        new_round=True, window=Window("closed_at", "reopen_days"),
    ),
    Move(
        "undo", "按错了", (Step.CLOSED,), Step.EVALUATING,
        _who(Role.RESIDENT),
        (),
        "上一次评价按错了，收回重评。",
        asks_reporter=True, window=Window("closed_at", 1, verdict_by=VerdictBy.RESIDENT),
    ),
    Move(
        "dispute", "这不是我的意思", (Step.CLOSED,), Step.COLLECTED,
        _who(Role.RESIDENT),
        (),
        "您说那次评价不是您的意思，重新办。",
        asks_reporter=True, new_round=True,
        window=Window("closed_at", "dispute_days", verdict_by=VerdictBy.STAFF),
    ),
    # Everybody whose matter a project was about is asked whether it is really better now. Whoever
    # says that it is not has their own issue handled again, or it goes on where it stands.
    Move(
        "better", "回答好了", (*_REACHED_STEPS, Step.CLOSED), None,
        _VERDICT_GIVERS,
        (),
        "问过现在好了没有，您说好了。谢谢您告诉我们。",
        window=ASKED_AFTER, bars_hands=True, asks_reporter=True,
    ),
    Move(
        "still", "回答还有，重办", (Step.CLOSED,), Step.COLLECTED,
        _VERDICT_GIVERS,
        (),
        "问过现在好了没有，您说还有。我们重新办，会给您回话。",
        window=ASKED_AFTER, asks_reporter=True, are_residents=True, new_round=True,
        telling=_STILL_SO,
    ),
    Move(
        "still", "回答还有", _REACHED_STEPS, None,
        _VERDICT_GIVERS,
        (),
        "问过现在好了没有，您说还有。已经记下，您这一件接着办。",
        window=ASKED_AFTER, asks_reporter=True, are_residents=True, telling=_STILL_SO,
    ),
    Move(
        "withdraw", "撤回", OPEN_OR_MERGED, Step.WITHDRAWN,
        _who(Role.RESIDENT, Part.OFFICE),
        (),
        "您已撤回。",
        leaves_alone=True,
        telling=Telling((Hearer.LEADS, Hearer.PARTIES), staff_line="反映人已经撤回，不用再办"),
    ),
    # What others follow goes on though its resident takes it back: the oldest of them has it from
    # then on, at its step, with its class, people and clocks, and the rest follow that one.
    Move(
        "take_over", "接替办理", (Step.MERGED,), None,
        _who(Role.SYSTEM),
        (),
        "您和邻居说的这件事照常接着办，从现在起就记在您这一件上；进展和结果在这里告诉您，办完由您评。",
        takes_over=True,
        telling=Telling(
            (Hearer.LEADERS, Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS, Hearer.PARTIES),
            staff_line="原来那一件的反映人撤回了，同一件事改在这个编号接着办，步骤和时限不变{due}",
            clock=Clock.RESULT,
        ),
    ),
    Move(
        "follow_on", "改随另一件", (Step.MERGED,), None,
        _who(Role.SYSTEM),
        (),
        "您和邻居说的这件事照常接着办；进展和结果还是在这里告诉您，办完还是您自己评。",
    ),
    # A conversation: it stops no clock, and what waits for it waits on.
    Move(
        "ask", "询问反映人", BEFORE_VERDICT, None,
        _who(Role.WORKER, Role.COMMUNITY_LEADER, Part.CALLER, Part.LEAD, Part.ASSIST, Part.PARTY),
        ("question",),
        "想问您一件事：{note}请在这一页补充，不耽误办理。",
        asks_reporter=True,
    ),
    Move(
        "reply", "补充情况", OPEN_OR_MERGED, None,
        _STAFF | _who(Role.RESIDENT, Part.REPORTER),
        ("addition",),
        "补充了情况：{note}",
        is_mailed=False, asks_reporter=True, are_residents=True,
        telling=Telling(
            (Hearer.LEADERS, Hearer.WORKERS, Hearer.CALLER, Hearer.LEADS),
            staff_line="反映人补充了情况，请看一下",
        ),
    ),
    Move(
        "note", "内部备注", tuple(Step), None,
        _STAFF | _who(Role.RESPONDER),
        ("note",),
        "",
        is_internal=True,
    ),
    # The level above a community's issue is its street leader; above a street's, the district.
    Move(
        "urge", "催办", (Step.COLLECTED, Step.EVALUATING), None,
        _ABOVE_COMMUNITY | _who(Part.CALLER),
        ("to", "text", "answer_by"),
        "已经催{parties}了，最晚{reply_by}回话。",
        is_mailed=False, telling=_URGED,
    ),
    Move(
        "urge", "催办", _AT_WORK, None,
        _ABOVE_COMMUNITY | _who(Part.CALLER),
        ("to", "text", "answer_by"),
        "已经催{parties}了，最晚{reply_by}回话。",
        severity_classes=("C", "B"), is_mailed=False, telling=_URGED,
    ),
    Move(
        "urge", "催办", _AT_WORK, None,
        _who(Role.SUPERVISOR, Part.CALLER) | _DISTRICT,
        ("to", "text", "answer_by"),
        "已经催{parties}了，最晚{reply_by}回话。",
        severity_classes=("A",), is_mailed=False, telling=_URGED,
    ),
    Move(
        "reissue", "补发查询码", tuple(Step), None,
        _STAFF,
        ("identity",),
        "查询码换成了新的，原来的不能再用。不是您要换的，请打社区值班电话。",
        asks_reporter=True, shows_ticket="用经办人补发的查询码评的",
    ),
    Move(
        "correct", "更正", tuple(Step), None,
        _LEADERS,
        ("field", "new_value", "reason"),
        "登记的内容有更正：{field_label}。",
    ),
)  # fmt: skip

# Rows that held once: histories that were made by them are read by them. Whatever was done, by
# whomever, went straight to the resident.
FORMER_MOVES: tuple[Move, ...] = (
    Move(
        "resolve", "办结", (Step.HANDLING,), Step.EVALUATING,
        _who(Part.LEAD),
        ("outcome",),
        "已经办结：{note}请您评价，满意了才算办完。",
        ends_handling=True, stops=(Clock.RESULT,), promises=Promise.WORDS,
    ),
)  # fmt: skip


class ProcedureError(Exception):
    """A move that the procedure does not know."""


def moves_from(
    step: Step | None,
    who: Who | Iterable[Who],
    severity_class: str | None = None,
    so: Collection[Only] | None = None,
) -> tuple[Move, ...]:
    """The rows that somebody may take on an issue, in the table's order.

    `who` is a role, or every role and part that one person has towards the issue. `step` None is
    the moment before it exists. The two verdicts and the two summonses are separate rows.
    """
    parts = {who} if isinstance(who, Role | Part) else set(who)
    return tuple(
        m
        for m in _applying(step, severity_class)
        if m.holds_where(so) and not parts.isdisjoint(m.who)
    )


@lru_cache(maxsize=128)
def _applying(step: Step | None, severity_class: str | None) -> tuple[Move, ...]:
    """The rows that an issue at this step and of this class can take at all."""
    return tuple(move for move in MOVES if move.applies(step, severity_class))


def find_move(
    name: str,
    step: Step | None,
    severity_class: str | None = None,
    satisfied: bool | None = None,
    so: Collection[Only] = (),
    moves: Iterable[Move] = MOVES,
) -> Move:
    """The one row of this name for an issue at this step of which this is so, whoever makes it.

    Raises ProcedureError when the step, the class or the verdict has no such row.
    """
    rows = [
        m
        for m in moves
        if m.name == name
        and m.applies(step, severity_class)
        and m.holds_where(so)
        and (m.satisfied is None or m.satisfied == satisfied)
    ]
    if len(rows) != 1:
        raise ProcedureError(f"no move {name} from {step} of class {severity_class}")
    return rows[0]


def names_where(holds: Callable[[Move], bool]) -> tuple[str, ...]:
    """The names of the moves of which this holds, in any row; entries are found by them."""
    return tuple(dict.fromkeys(move.name for move in MOVES if holds(move)))


OF_RESIDENTS = names_where(lambda move: move.are_residents)
SHOWING_A_TICKET = names_where(lambda move: bool(move.shows_ticket))
OPENING = names_where(lambda move: not move.from_steps)
GIVING_OPINION = names_where(lambda move: Clock.OPINION in move.stops)
GRADING = names_where(lambda move: move.grades)
HANDS_ON = names_where(lambda move: move.hands_on)
PUTTING_OFF = names_where(lambda move: move.promises is Promise.LATER_DEADLINE)
INTERNAL = names_where(lambda move: move.is_internal)
# After it was closed, and nobody says that the verdict was wrong: what was put right came again.
RECURRING = names_where(
    lambda move: (
        move.new_round
        and Step.CLOSED in move.from_steps
        and move.window is not None
        and move.window.verdict_by is None
    )
)
# What whoever was asked after a project was done can say, whether it is better or not.
SAID_AFTER = names_where(
    lambda move: move.window is not None and move.window.since == ASKED_AFTER.since
)
PASSING_ON = names_where(lambda move: move.next_class)
GIVING_BACK = names_where(lambda move: move.gives_back)
ANSWERING_AT_ONCE = names_where(lambda move: move.ends_handling and move.sets_class is not None)
CALLING = names_where(lambda move: "parties" in move.needs)
ASKING = names_where(lambda move: "question" in move.needs)
ADDING = names_where(lambda move: "addition" in move.needs)
TELLING_PROGRESS = names_where(lambda move: move.hands_on and move.needs == ("note",))
ENDING_HANDLING = names_where(lambda move: move.ends_handling)
ANSWERING = names_where(lambda move: Clock.REPLY in move.stops)
RELAYING = names_where(lambda move: Clock.RELAY in move.stops and not move.gives_back)
TAKING_OVER = names_where(lambda move: move.takes_over)
LEAVING_ALONE = names_where(lambda move: move.leaves_alone)
ASKING_ANEW = names_where(lambda move: move.asks_anew)


@lru_cache(maxsize=16)
def level_above(severity_class: str | None) -> Who | None:
    """Whose a longer or a second extension is; None where nobody is above who gives the first."""
    rows = [
        move
        for move in MOVES
        if move.only is Only.EXTENDED_BELOW and move.applies(Step.HANDLING, severity_class)
    ]
    return next((who for move in rows for who in move.who), None)


def after(
    move: Move,
    step: Step | None,
    round_no: int,
    severity_class: str | None,
    came_from: Step | None = None,
) -> tuple[Step, int, str | None]:
    """Where an issue stands after a move: step, round and class.

    `came_from` is the step that it left for this one, asked of a move that comes back; or the one
    that another issue left to it, whose class is given then. A new round starts ungraded. What
    grades and `correct` set the class themselves. Raises ProcedureError where there is no step.
    """
    to_step = (came_from if move.comes_back or move.takes_over else move.to_step) or step
    if to_step is None:
        raise ProcedureError(f"{move.name} leads nowhere")
    if move.new_round:
        return to_step, round_no + 1, None
    if move.begins_again:
        return to_step, round_no, None
    if move.sets_class is not None:
        return to_step, round_no, move.sets_class
    if move.next_class and severity_class is not None:
        return to_step, round_no, NEXT_CLASS[severity_class]
    return to_step, round_no, severity_class


def by_ticket_shown(name: str) -> str:
    """What a verdict is called that came by the ticket which a move of this name showed."""
    return next((move.shows_ticket for move in MOVES if move.name == name), "")
