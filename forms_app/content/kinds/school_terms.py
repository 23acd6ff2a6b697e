"""school_terms.yml: on which days there is school."""

from forms_app.content.inputs import Day, Line
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed

KIND = Kind(
    file="school_terms.yml",
    name="学期",
    one="学期",
    layout=Listed(("name",)),
    key=("name",),
    title=named(),
    rank=80,
    about="只在上学日办的活动照这个算。",
    fields=(
        Field("name", "叫什么", Line(40), is_needed=True),
        Field("start", "第一个上学日", Day(), is_needed=True, is_told=True,
              others=("开学日期", "开学时间", "开学")),
        Field("end", "最后一个上学日", Day(), is_needed=True, is_told=True,
              others=("放假日期", "放假时间", "放假")),
    ),
)  # fmt: skip
