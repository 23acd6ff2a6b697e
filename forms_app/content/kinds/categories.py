"""circle.yml, `categories`: kinds of problems, and the words by which one is recognised."""

from forms_app.content.inputs import Choice, Line, Words, YesNo
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Section
from forms_app.content.offers import departments

KIND = Kind(
    file="circle.yml",
    name="问题种类和提示用词",
    one="问题种类",
    layout=Section("categories", ("code",)),
    key=("code",),
    made="kind",
    title=named(),
    rank=71,
    about="有哪几类问题、通常谁牵头、听到哪些词就提示这一类。",
    fields=(
        Field("name", "叫什么", Line(40), is_needed=True),
        Field("department", "通常谁牵头", Choice(offers=departments), is_needed=True,
              is_told=True, refers="departments"),
        Field("words", "听到就想到这一类的词", Words(2000), "用顿号分开。", is_told=True),
        Field("asked", "居民搜的时候还会用的词", Words(2000),
              "用顿号分开。只用来搜索，不用来提示类别，可以写平常的词。", is_rare=True),
        Field("danger", "有危险时先做什么", Line(100), "一句话，居民报这一类时先看到。"),
        Field("own", "在社区事项清单内", YesNo(yes="yes", no="no"),
              "不在的，交给社区干部办要写理由。", is_rare=True),
        Field("name_en", "英文叫什么", Line(60), is_rare=True),
    ),
)  # fmt: skip
