"""circle.yml, `speed_kmh`: how fast people walk."""

from forms_app.content.inputs import Number
from forms_app.content.kind import Field, Kind, always
from forms_app.content.layouts import Section

KIND = Kind(
    file="circle.yml",
    name="走路的快慢",
    one="走路的快慢",
    layout=Section("speed_kmh"),
    key=(),
    is_single=True,
    title=always("走路的快慢"),
    rank=65,
    about="没有实地走过的路，照这个快慢从地图上推算几分钟。",
    fields=(
        Field("elder", "老人一小时走几公里", Number(is_whole=False), "一般是3。",
              is_needed=True, is_told=True),
        Field("adult", "大人一小时走几公里", Number(is_whole=False), "一般是5.1。",
              is_needed=True, is_told=True),
    ),
)  # fmt: skip
