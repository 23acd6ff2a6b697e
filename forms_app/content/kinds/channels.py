"""circle.yml, `channels`: where problems come from."""

from forms_app.content.inputs import Line
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Section

KIND = Kind(
    file="circle.yml",
    name="问题从哪里来",
    one="渠道",
    layout=Section("channels", ("code",)),
    key=("code",),
    made="channel",
    title=named(),
    rank=75,
    about="登记问题时选哪一条渠道，月报按渠道分。居民自己在网上报的那一条不能去掉。",
    fields=(
        Field("name", "叫什么", Line(40), "例如 电话、社区微信群、网格员。", is_needed=True),
    ),
)  # fmt: skip
