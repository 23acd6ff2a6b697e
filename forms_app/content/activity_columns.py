"""The columns of a sheet of activities, and an activity as it stands in them."""

from collections.abc import Mapping

from forms_app.community import ACTIVITY_CATEGORIES, ACTIVITY_STATUSES, Circle
from forms_app.content.inputs import Choice, Line, Number, Paragraph, Phone, Words, many
from forms_app.content.listing import Value
from forms_app.content.offers import fixed, venues
from forms_app.content.plan import ONCE, plan_of
from forms_app.content.shape import Column
from forms_app.content.sheet import KEY_LABEL, KEY_NOTE
from forms_app.content.spoken import spoken_day
from forms_app.content.when_words import length_cell, when_cell
from forms_app.rules.dates import full_date

WHEN, FIRST, LAST, BEGINS, LENGTH = "什么时候", "从哪天", "到哪天", "几点开始", "多久"
ENDS = "几点结束"  # in people's own sheets
OFF, MORE = "哪几天不办", "另外加办"
MOST = "限多少人"
PLAIN_FIELDS: Mapping[str, tuple[str, Line]] = {
    "叫什么": ("summary", Line(40)),
    "哪一类": ("category", Choice(offers=fixed(ACTIVITY_CATEGORIES))),
    "在哪里": ("location_id", Choice(offers=venues)),
    "给谁": ("audience", Line(100)),
    MOST: ("capacity", Number()),
    "联系电话": ("phone", Phone()),
    "带什么、注意什么": ("description", Paragraph(500)),
    "居民会用哪些词来找": ("words", Words(100)),
    "还办不办": ("status", Choice(offers=fixed(ACTIVITY_STATUSES))),
}
# What people call these columns in their own programmes.
_NAMES = ("活动", "活动名称", "名称", "项目", "主题", "内容", "活动内容", "课程")
_PLACES = ("地点", "场所", "活动地点", "位置")
_PHONES = ("电话", "联系方式", "联系人")


def columns_of(circle: Circle) -> tuple[Column, ...]:
    places = tuple(venues(circle).values())
    return (
        Column("叫什么", "", True, (), _NAMES),
        Column("哪一类", "", True, tuple(ACTIVITY_CATEGORIES.values()),
               ("类别", "种类", "活动类别", "分类", "活动类型", "类型"), 14),
        Column("在哪里", "写场所的名称。", True, places, _PLACES, 22),
        Column(WHEN, "例如 每周二、四，隔一周的星期五，每月第三个星期六，每个上学日，"
               "每个工作日，一次。后面可以写几点：每周二、四 19:00-20:30。", True, (),
               ("怎样办", "星期", "周几", "每周哪几天", "频次", "频率"), 20),
        Column(FIRST, "例如 2026年12月3日，没有年份的是最近的那一天。", True, (),
               ("日期", "开始日期", "活动日期"), 16),
        Column(LAST, "一直办就空着。", False, (), ("结束日期", "截止日期"), 16),
        Column(BEGINS, "例如 07:00，也可以写 19:00-20:30；全天写“全天”。", True, (),
               ("时间", "开始时间", "开始", "几点", "活动时间", "时间段", "时段"), 12),
        Column(ENDS, others=("结束时间", "结束"), is_only_read=True),
        Column(LENGTH, "例如 90分钟、1小时、2天。", True, (), ("时长", "多长时间"), 12),
        Column(OFF, "一天写一行，后面空一格写为什么。", False, (), ("取消",), 24),
        Column(MORE, "例如 12月5日、12月9日 10:00。", False, (), ("加办",), 24),
        Column("给谁", "", False, (),
               ("对象", "参加对象", "面向对象", "参加人员", "参与人员"), 16),
        Column(MOST, "不限就空着。", False, (), ("人数", "名额", "限额"), 10),
        Column("联系电话", "岗位的电话，不写姓名。", False, (), _PHONES),
        Column("带什么、注意什么", "", False, (), ("说明", "备注", "注意事项"), 30),
        Column("居民会用哪些词来找", "用顿号分开。", False, (), ("关键词",), 24),
        Column("还办不办", "", False, tuple(ACTIVITY_STATUSES.values()), ("状态",), 12),
        Column(KEY_LABEL, KEY_NOTE),
    )  # fmt: skip


def cells_of(values: Mapping[str, Value], circle: Circle) -> dict[str, str]:
    found = {
        label: given.shown(values.get(name) or "", circle)
        for label, (name, given) in PLAIN_FIELDS.items()
    }
    plan = plan_of(values)
    if plan is not None:
        is_one_day = plan.how == ONCE and plan.ends_on is None
        whole = plan.ends_on is None or plan.how != ONCE
        found |= {
            WHEN: when_cell(plan),
            FIRST: full_date(plan.starts_on),
            LAST: full_date(plan.ends_on) if plan.ends_on and not is_one_day else "",
            BEGINS: f"{plan.begins:%H:%M}" if plan.begins else "全天",
            LENGTH: length_cell(plan) if whole else "",
        }
    return found | {
        OFF: "\n".join(map(spoken_day, many(values.get("exdate", "")))),
        MORE: "、".join(map(spoken_day, many(values.get("rdate", "")))),
        KEY_LABEL: str(values.get("uid", "")),
    }
