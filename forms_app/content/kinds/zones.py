"""zones.csv: which officer is there for which community."""

from collections.abc import Mapping

from forms_app.content.inputs import Choice, Line, Phone
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import communities, departments

_COLUMNS = ("community_id", "department_id", "officer_role", "phone")


def _title(values: Mapping[str, Value], names: Names) -> str:
    community, unit = str(values.get("community_id", "")), str(values.get("department_id", ""))
    return (
        f"{names('communities', community)}"
        f" {names('departments', unit)} {values.get('officer_role', '')}"
    )


KIND = Kind(
    file="zones.csv",
    name="包片分工",
    one="包片岗位",
    layout=Sheet(_COLUMNS[:3], _COLUMNS),
    key=_COLUMNS[:3],
    title=_title,
    rank=51,
    about="每个社区由哪个单位的哪个岗位包片，打什么电话。",
    fields=(
        Field("community_id", "哪个社区", Choice(offers=communities), is_needed=True,
              refers="communities"),
        Field("department_id", "哪个单位", Choice(offers=departments), is_needed=True,
              refers="departments"),
        Field("officer_role", "岗位", Line(60), "不写姓名。", is_needed=True,
              others=("职务",)),
        Field("phone", "值守电话", Phone(), is_needed=True, is_told=True),
    ),
)  # fmt: skip
