"""What the staff are told of, by the name that a notice keeps: moves, and what comes of one beside.

That a deadline comes near or passes is told by the reminders.
"""

from collections.abc import Mapping

from forms_app.rules.move import Clock, Hearer, Telling
from forms_app.rules.procedure import MOVES

EVENTS: Mapping[str, Telling] = {
    **{move.name: move.telling for move in MOVES if move.telling is not None},
    "new_round": Telling(
        (Hearer.LEADERS, Hearer.WORKERS),
        staff_line="开始新一轮办理，请重新给初步处理意见{due}",
        clock=Clock.OPINION,
    ),
    "burst": Telling(
        (Hearer.LEADERS, Hearer.WORKERS),
        staff_line="短时间内来了很多问题，不再逐件通知，请在待办里一起看{due}",
        clock=Clock.OPINION,
    ),
    "dissatisfied": Telling(
        (Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS),
        staff_line="反映人不满意，开始新一轮办理",
    ),
    # A result that its caller has yet to hand on, one that was put right, one that nobody did.
    "reported": Telling(
        (Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS),
        staff_line="已经报来办理结果，请号召人看过以后反馈给反映人{due}",
        clock=Clock.RELAY,
    ),
    "reported_again": Telling(
        (Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS),
        staff_line="办理结果有更正，请号召人看过以后反馈给反映人{due}",
        clock=Clock.RELAY,
    ),
    "passed": Telling(
        (Hearer.CALLER, Hearer.LEADS, Hearer.ASSISTANTS),
        staff_line="到时限没有人反馈，办理结果已经自动转给反映人，号召人还可以补充反馈一次",
    ),
    "moved_here": Telling(
        (Hearer.LEADERS, Hearer.WORKERS),
        staff_line="转到本社区，请给初步处理意见{due}",
        clock=Clock.OPINION,
    ),
    "left_alone": Telling(
        (Hearer.LEADERS,),
        staff_line="并入的那件已经撤回或转办，这一件还没有人办，请重启或请反映人评价",
    ),
    "handed_caller": Telling(
        (Hearer.CALLER,),
        staff_line="同事移交给您，您是号召人了，请接着办{due}",
        clock=Clock.RESULT,
    ),
    "handed_lead": Telling(
        (Hearer.LEADS,), staff_line="同事移交给您主办，请接着办{due}", clock=Clock.RESULT
    ),
}
# Whoever takes over hears of it, in one message by day however many issues it is.
HANDED_EVENTS = ("handed_caller", "handed_lead")
