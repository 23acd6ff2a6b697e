"""circle.yml, `rules`: how long everything may take, and what hangs on it."""

from forms_app.community.rules import COUNT_DAYS, LOWEST_SATISFIED, RETENTION_YEARS
from forms_app.content.inputs import Choice, Choices, Graded, Number, Numbers, YesNo
from forms_app.content.kind import Field, Kind, always
from forms_app.content.layouts import Section
from forms_app.content.offers import fixed
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.worktime import Clocks

_USUAL = Clocks()
_SATISFIED = {
    str(level): words for level, words in sorted(SATISFACTION.items())
    if level >= LOWEST_SATISFIED
}  # fmt: skip
KIND = Kind(
    file="circle.yml",
    name="办理期限和规则",
    one="办理期限和规则",
    layout=Section("rules"),
    key=(),
    is_single=True,
    title=always("办理期限和规则"),
    rank=63,
    about="几分钟内答复、几天内办结、怎样算满意。空着的就用后面写的数。",
    fields=(
        Field("opinion_minutes", "初步意见几分钟内给出", Number(),
              f"空着就是{_USUAL.opinion_minutes}。", is_told=True),
        Field("urgency_days", "一、二、三级各在几天内办结", Graded(names=("1", "2", "3")),
              "写成“2、7、30”，空着就是这三个数。已经定了期限的问题，期限不变。",
              is_told=True),
        Field("count_days", "天数怎么数", Choice(offers=fixed(COUNT_DAYS)),
              "不选就是自然日。选工作日，节假日要每年跟着新版本更新。", is_told=True),
        Field("extend_days", "社区一次最多延期几天", Number(),
              f"空着就是{_USUAL.extend_days}。再长的、再延一次的，由上一级来延。"),
        Field("relay_hours", "报来的结果几小时没有反馈就自动转给反映人", Number(),
              f"只算值守的时间，空着就是{_USUAL.relay_hours}。"),
        Field("satisfied_levels", "哪些评价算满意", Choices(offers=fixed(_SATISFIED)),
              "从非常满意往下连着选。", is_needed=True),
        Field("verdict_reminder_days", "待评价以后第几天提醒", Numbers(),
              "从小到大，写成“1、3、7”。", is_needed=True),
        Field("reopen_days", "销号以后几天内可以说又出现了", Number(),
              f"空着就是{_USUAL.reopen_days}。转办以后说主管部门不受理，也是这么多天。"),
        Field("dispute_days", "代录的评价几天内可以说不是我的意思", Number(),
              f"空着就是{_USUAL.dispute_days}。"),
        Field("desk_answers", "接电话的人能不能当场答复办结", YesNo(), "不选就是能。"),
        Field("retention_years", "姓名、电话和邮箱保留几年", Number(),
              f"空着就是{RETENTION_YEARS}。"),
    ),
)  # fmt: skip
