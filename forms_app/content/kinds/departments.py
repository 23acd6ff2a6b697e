"""departments.yml: departments, stations and partners with their duties."""

from collections.abc import Mapping
from datetime import date

from forms_app.community import DEPARTMENT_KINDS, DUTY_BASES
from forms_app.content.inputs import Choice, Groups, Line, Phone, Words, YesNo
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.listing import Value
from forms_app.content.offers import departments, fixed, subdistricts

_BASES = "，".join(f"{letter} {name}" for letter, name in DUTY_BASES.items())


def _check(values: Mapping[str, Value], _today: date) -> Mapping[str, str]:
    return {} if values.get("duties") else {"duties": "请至少写一条职责"}


KIND = Kind(
    file="departments.yml",
    name="单位和职责",
    one="单位",
    layout=Listed(("id",)),
    key=("id",),
    made="unit",
    title=named(),
    rank=50,
    about="部门、站所、结对共建单位：谁管什么，打什么电话。",
    shown_on="duties/",
    check=_check,
    fields=(
        Field("name", "叫什么", Line(60), is_needed=True),
        Field("kind", "哪一种", Choice(offers=fixed(DEPARTMENT_KINDS)), is_told=True),
        Field("phone", "值守电话", Phone(), is_told=True),
        Field("backup", "联系不上时由谁顶上", Choice(offers=departments), refers="departments"),
        Field("duties", "职责", Groups(names=("text", "basis", "source"), usual={"basis": "G"}),
              f"一条写一行：内容 ｜ 依据 ｜ 出处。依据写字母：{_BASES}；不写就是待确认。",
              is_needed=True),
        Field("words", "居民平常怎么叫它", Words(300), "用顿号分开，例如 城管、派出所。"),
        Field("street", "只归哪个街道", Choice(offers=subdistricts), "有几个街道、镇时才选。",
              is_rare=True),
        Field("sample", "职责还是示例", YesNo(yes="true", no="false"), is_rare=True),
    ),
)  # fmt: skip
