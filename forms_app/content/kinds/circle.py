"""circle.yml, what stands at its top: names, the promise, the map."""

from forms_app.community.shapes import COORD_SYSTEMS
from forms_app.content.inputs import Choice, Line, Number
from forms_app.content.kind import Field, Kind, always
from forms_app.content.layouts import Top
from forms_app.content.offers import fixed

_FIELDS = (
    Field("name", "网站叫什么", Line(60), "写在每一页最上面。", is_needed=True, is_told=True),
    Field("street", "哪个街道、镇", Line(40), is_needed=True, is_told=True),
    Field("promise_minutes", "说好几分钟以内走得到", Number(), "一般是10。", is_needed=True),
    Field("coord_system", "地图上的位置用哪种坐标", Choice(offers=fixed(COORD_SYSTEMS)),
          "位置是从哪种地图上抄来的。换了这一项，已经填的位置不会跟着换算。", is_needed=True),
)  # fmt: skip
KIND = Kind(
    file="circle.yml",
    name="网站的名称和规定",
    one="网站的名称和规定",
    layout=Top(tuple(one.name for one in _FIELDS)),
    key=(),
    is_single=True,
    title=always("网站的名称和规定"),
    rank=59,
    about="网站叫什么、说好几分钟走得到、用哪种坐标。",
    fields=_FIELDS,
)
