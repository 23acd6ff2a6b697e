"""entrances.csv: through which gates people leave their estates."""

from collections.abc import Mapping

from forms_app.community.places import ENTRANCE_COLUMNS, LATITUDES, LONGITUDES
from forms_app.content.inputs import Choice, Degrees, Hours, Line, Number, YesNo
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import estates


def _title(values: Mapping[str, Value], names: Names) -> str:
    estate = str(values.get("estate_id", ""))
    return f"{names('estates', estate)} {values.get('name', '')}"


KIND = Kind(
    file="entrances.csv",
    name="小区出入口",
    one="出入口",
    layout=Sheet(("estate_id", "name"), ENTRANCE_COLUMNS),
    key=("estate_id", "name"),
    title=_title,
    rank=41,
    about="走多少分钟从这里算起；长年锁着的门不要写。",
    fields=(
        Field("estate_id", "哪个小区", Choice(offers=estates), is_needed=True, refers="estates"),
        Field("name", "叫什么", Line(40), "例如 南大门。", is_needed=True),
        Field("open_hours", "几点开几点关", Hours(all_day=""), "例如 06:30-21:30，全天开着就空着。",
              is_told=True,
              others=("开放时间",)),
        Field("step_free", "不走台阶能进出", YesNo(), is_needed=True, is_told=True),
        Field("inside_minutes", "从最远的楼走到这里几分钟", Number(is_whole=False),
              is_needed=True, is_told=True, others=("到楼下几分钟", "几分钟")),
        Field("latitude", "纬度", Degrees(limits=LATITUDES),
              "例如 25.83000；地图网页上取到的一对数可以整个贴进来，都用同一家地图。"),
        Field("longitude", "经度", Degrees(limits=LONGITUDES),
              "例如 114.90000；同一对数再整个贴一次也行。没有就都空着。"),
    ),
)  # fmt: skip
