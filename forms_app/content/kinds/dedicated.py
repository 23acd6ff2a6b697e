"""dedicated.csv: who works in a community for the circle alone."""

from collections.abc import Mapping

from forms_app.community.parties import DEDICATED
from forms_app.content.inputs import Choice, Line, Phone
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import communities

_COLUMNS = ("community_id", "post", "phone")


def _title(values: Mapping[str, Value], names: Names) -> str:
    community = str(values.get("community_id", ""))
    return f"{names('communities', community)} {values.get('post', '')}"


KIND = Kind(
    file=DEDICATED,
    name="特岗人员",
    one="特岗人员",
    layout=Sheet(_COLUMNS, _COLUMNS),
    key=_COLUMNS,
    title=_title,
    rank=53,
    about="每个社区一名，在社区办公，专管服务圈。",
    fields=(
        Field("community_id", "哪个社区", Choice(offers=communities), is_needed=True,
              refers="communities"),
        Field("post", "岗位", Line(60), "不写姓名。", is_needed=True,
              others=("职务",)),
        Field("phone", "值守电话", Phone(), is_needed=True, is_told=True),
    ),
)  # fmt: skip
