"""The words of a notice: number, step, what is to be done and until when. Pure.

They follow from the event alone, so that no word of a resident's can ever get into them.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from forms_app.rules.day_parts import weekday_deadline
from forms_app.rules.events import EVENTS
from forms_app.rules.procedure import ASKING_ANEW
from forms_app.rules.steps import STEPS, Step

# What the staff are asked to do. {due} is the deadline with its words, or nothing.
STAFF_WORDS: dict[str, str] = {
    **{event: telling.staff_line for event, telling in EVENTS.items()},
    "remind_opinion": "提醒：初步处理意见快到时限{due}",
    "overdue_opinion": "超时：还没有初步处理意见，时限是{due}",
    "remind_grade": "提醒：分类定级快到时限{due}",
    "overdue_grade": "超时：还没有分类定级，时限是{due}",
    "remind_reply": "提醒：请您的单位尽快响应{due}",
    "overdue_reply": "超时：还有单位没有响应，时限是{due}",
    "remind_result": "提醒：办理时限不到一天{due}",
    "overdue_result": "超时：还没有办结，时限是{due}",
    "remind_relay": "提醒：办理结果快到反馈时限，请反馈给反映人{due}",
    "overdue_relay": "超时：办理结果还没有反馈给反映人，时限是{due}",
    "remind_ruling": "提醒：职责异议快到裁定的时限，请裁定{due}",
    "overdue_ruling": "超时：职责异议还没有裁定，时限是{due}",
    "remind_district": "提醒：街道的提级协调快到答复的时限，请答复{due}",
    "overdue_district": "超时：街道的提级协调还没有答复，时限是{due}",
    "remind_review": "提醒：说好再研究的日子到了，请研究并告诉反映人{due}",
    "overdue_review": "超时：说好再研究的日子过了，还没有研究，时限是{due}",
    "remind_urge": "提醒：催办快到答复的时限{due}",
    "overdue_urge": "超时：催办还没有答复，时限是{due}",
    "remind_verdict": "办结后还没有评价，请联系反映人评价",
}
RESIDENT_WORDS: dict[str, str] = {
    "confirm": "留的是这个邮箱，请确认一下",
    "outcome": "和您反映的是同一件事的问题已经办理，请您评价",
    "incident": "合在一起办的突发事件有新情况，请看一下",
    "project": "这一类事，社区专门集中办过了。现在好了没有？请在这一件的页面上按一下“好了”或“还有”",
    **dict.fromkeys(ASKING_ANEW, "一起转走的那件又在这里办了，请看一下您这一件要不要也在这里办"),
    "left_alone": "合在一起办的那件已经撤回或转办，请看一下您这一件要不要单独办理",
    "remind_verdict": "已经办理，请您评价；满意了才算办完",
}
LATE = (
    "overdue_opinion", "overdue_reply", "overdue_result", "overdue_relay", "overdue_urge",
    "overdue_review", "overdue_ruling", "overdue_district", "overdue_grade",
)  # fmt: skip
# WeCom takes 2048 bytes; the other robots more.
GROUP_BYTES = 1900


class NoticeWords(Struct, frozen=True):
    """One notice as its reader needs it."""

    number: str
    event: str
    step: str
    due_at: datetime | None
    is_for_resident: bool = False
    in_burst: int = 0  # so many came at once with it, and are told of by this notice

    @property
    def sentence(self) -> str:
        """One sentence without an address: `问题 260001（已收集）：新问题，请给……`."""
        facts = STEPS[Step(self.step)]
        if self.is_for_resident:
            words = RESIDENT_WORDS.get(self.event, f"有新进展：{facts.resident_label}")
            return f"您反映的问题 {self.number} {words}。"
        due = ""
        if self.due_at is not None:
            due = weekday_deadline(self.due_at)
            if self.event not in LATE:
                due = f"，{due}前"
        words = STAFF_WORDS[self.event].format(due=due)
        together = f"这一阵共有 {self.in_burst} 件，请一起看。" if self.in_burst > 1 else ""
        return f"问题 {self.number}（{facts.label}）：{words}。{together}"

    def link(self, public_url: str | None) -> str:
        """Where to read on, or "" where nobody knows the public address. Never with a ticket."""
        if public_url is None:
            return ""
        page = "/issues/" if self.is_for_resident else f"/staff/issues/{self.number}"
        return public_url + page


def subject(told: Sequence[NoticeWords]) -> str:
    """The subject of a mail."""
    if told[0].is_for_resident:
        return f"问题 {told[0].number} 有新进展"
    return told[0].sentence if len(told) == 1 else f"{len(told)} 件事请您看一下"


def body(
    told: Sequence[NoticeWords], circle_name: str, public_url: str | None, confirm: str = ""
) -> str:
    """The text of a mail, a line or two for each notice; `confirm` is an address to press at."""
    lines = []
    if confirm:
        lines += [
            "请先点开下面的链接，按一下确认，以后的进展才会发到这个邮箱；不是您反映的，不用理它：",
            confirm,
            "",
        ]
    for one in told:
        link = one.link(public_url)
        lines += [one.sentence, *([link] if link else []), ""]
    if told[0].is_for_resident:
        lines.append("请用提交时给您的查询码查看和评价。这封信由系统发出，回信没有人看。")
    else:
        lines.append("登录以后在待办页上也能看到这些提醒。")
    return "\n".join([*lines, circle_name, ""])


def group_text(told: Sequence[NoticeWords], public_url: str | None) -> str:
    """The text for a chat group, as many notices as a robot may say at once."""
    head = f"{len(told)} 件事请大家看一下：\n" if len(told) > 1 else ""
    text, shown = head, 0
    for one in told:
        line = " ".join(filter(None, (one.sentence, one.link(public_url)))) + "\n"
        if len((text + line).encode()) > GROUP_BYTES:
            break
        text, shown = text + line, shown + 1
    left = len(told) - shown
    return (text + (f"还有 {left} 件，请登录查看。" if left else "")).rstrip("\n")
