"""committee.csv: the departments' leaders who sit on the sub-district's committee part-time."""

from collections.abc import Mapping

from forms_app.community.parties import COMMITTEE
from forms_app.content.inputs import Choice, Line, Phone
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import departments, subdistricts


def _title(values: Mapping[str, Value], names: Names) -> str:
    unit = str(values.get("department_id", ""))
    return f"{names('departments', unit)} {values.get('post', '')}"


KIND = Kind(
    file=COMMITTEE,
    name="兼职委员",
    one="兼职委员",
    layout=Sheet(("department_id", "street"), ("department_id", "post", "phone")),
    key=("department_id", "street"),
    title=_title,
    rank=52,
    about="区级部门的分管领导，兼任街道党工委委员。",
    fields=(
        Field("department_id", "哪个部门", Choice(offers=departments), is_needed=True,
              refers="departments"),
        Field("post", "岗位", Line(60), "不写姓名。", is_needed=True,
              others=("职务",)),
        Field("phone", "值守电话", Phone(), is_needed=True, is_told=True),
        Field("street", "哪个街道", Choice(offers=subdistricts), "只有一个街道的空着。",
              is_rare=True),
    ),
)  # fmt: skip
