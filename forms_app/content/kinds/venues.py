"""venues.csv: where something takes place."""

from forms_app.community.places import LATITUDES, LONGITUDES, VENUE_COLUMNS
from forms_app.content.inputs import Choice, Degrees, Line
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Sheet
from forms_app.content.offers import communities

KIND = Kind(
    file="venues.csv",
    name="场所",
    one="场所",
    layout=Sheet(("id",), VENUE_COLUMNS),
    key=("id",),
    made="venue",
    title=named(),
    rank=30,
    about="办活动、办事的地方，居民在“身边”里看得到。",
    shown_on="venues/",
    fields=(
        Field("name", "叫什么", Line(40), is_needed=True),
        Field("community_id", "在哪个社区", Choice(offers=communities), is_needed=True,
              is_told=True, refers="communities"),
        Field("address", "地址", Line(100), "写到楼层，居民照着找得到。", is_needed=True,
              is_told=True,
              others=("位置",)),
        Field("accessibility", "无障碍", Line(100), "台阶、坡道、电梯、厕所。",
              others=("无障碍设施", "无障碍情况")),
        Field("latitude", "纬度", Degrees(limits=LATITUDES),
              "例如 25.83162；地图网页上取到的一对数可以整个贴进来，都用同一家地图。"),
        Field("longitude", "经度", Degrees(limits=LONGITUDES),
              "例如 114.90120；同一对数再整个贴一次也行。没有就都空着。"),
        Field("door", "门口的图", Line(80), "doors 文件夹里的文件名，没有就空着。", is_rare=True),
        Field("door_alt", "门口什么样", Line(60), "一句话，看不见图的人靠它找门。", is_rare=True),
    ),
)  # fmt: skip
