"""services.yml: what residents can get done."""

from forms_app.community import SERVICE_CATEGORIES
from forms_app.content.inputs import (
    Choice,
    Choices,
    Line,
    Lines,
    Paragraph,
    Phone,
    WeekMoment,
    Words,
)
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import categories, departments, fixed, venues
from forms_app.rules.steps import SERVICE_WAYS

KIND = Kind(
    file="services.yml",
    name="服务事项",
    one="服务事项",
    layout=Listed(("id",)),
    key=("id",),
    made="service",
    title=named(),
    rank=20,
    about="居民能办什么、在哪里办、带什么。",
    shown_on="services/",
    fields=(
        Field("name", "叫什么", Line(60), "用居民的话说。", is_needed=True,
              others=("事项",)),
        Field("category", "哪一类", Choice(offers=fixed(SERVICE_CATEGORIES)), is_needed=True,
              is_told=True,
              others=("类别", "分类", "类型")),
        Field("organization", "哪个单位负责", Choice(offers=departments), is_needed=True,
              is_told=True, refers="departments"),
        Field("description", "办什么事", Paragraph(500), is_needed=True,
              others=("内容", "说明", "简介")),
        Field("venues", "在哪里办", Choices(offers=venues), "上门的不用选。", refers="venues",
              others=("在哪办", "办理地点", "办理窗口")),
        Field("schedules", "什么时间办", Paragraph(300), is_needed=True,
              others=("时间",)),
        Field("book_by", "每周什么时候以前约", WeekMoment(),
              "每周办一次、要先约的才填，例如 周五 17:00。", is_rare=True),
        Field("served", "约好的什么时候办", WeekMoment(), "例如 周六 08:00。", is_rare=True),
        Field("application_process", "怎么办", Paragraph(1000), "一步写一行。", is_needed=True,
              others=("流程",)),
        Field("documents", "带什么材料", Lines(1000), "一样写一行，不用带就空着。",
              others=("材料",)),
        Field("fees", "收费", Line(100), "例如 免费。", is_needed=True, usual="免费",
              others=("收费标准", "费用")),
        Field("phone", "咨询电话", Phone(), is_told=True),
        Field("words", "居民会用哪些词来找", Words(500), "用顿号分开。"),
        Field("online", "网上能做什么", Choices(offers=fixed(SERVICE_WAYS)), is_rare=True),
        Field("problem", "从这里报来的是哪一类问题", Choice(offers=categories), is_rare=True,
              refers="categories"),
    ),
)  # fmt: skip
