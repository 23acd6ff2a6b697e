"""roster.csv: who is on duty on which day."""

from collections.abc import Mapping

from forms_app.community.roster import ROSTER, ROSTER_COLUMNS
from forms_app.content.inputs import Choice, Day, Line, Phone
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import communities


def _title(values: Mapping[str, Value], names: Names) -> str:
    community = str(values.get("community_id", ""))
    return f"{values.get('day', '')} {names('communities', community)} {values.get('post', '')}"


KIND = Kind(
    file=ROSTER,
    name="值班表",
    one="值班",
    layout=Sheet(ROSTER_COLUMNS[:3], ROSTER_COLUMNS),
    key=ROSTER_COLUMNS[:3],
    title=_title,
    rank=62,
    about="哪天、哪个社区、哪个岗位值班，找不到时找谁；印在部门职责一览上。",
    shown_on="print/duties/",
    fields=(
        Field("day", "哪天", Day(), is_needed=True, others=("日期", "值班日期")),
        Field("community_id", "哪个社区", Choice(offers=communities), is_needed=True,
              refers="communities", others=("社区",)),
        Field("post", "值班岗位", Line(60), "不写姓名。", is_needed=True,
              others=("岗位", "职务", "带班岗位")),
        Field("place", "在哪里", Line(60), others=("地点", "值班地点")),
        Field("phone", "值班电话", Phone(), is_needed=True, is_told=True, others=("电话",)),
        Field("deputy", "找不到时找哪个岗位", Line(60), is_told=True, others=("替班", "副班")),
        Field("deputy_phone", "替班电话", Phone()),
    ),
)  # fmt: skip
