"""organizations.yml: the tree of Party organisations."""

from forms_app.community import ORGANIZATION_KINDS
from forms_app.content.inputs import Choice, Line, Lines, Phone
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import communities, estates, fixed, organizations, subdistricts

KIND = Kind(
    file="organizations.yml",
    name="党组织",
    one="党组织",
    layout=Listed(("id",)),
    key=("id",),
    made="party",
    title=named(),
    rank=54,
    about="街道大工委、社区大党委、小区党支部、楼栋党小组，逐级往下写。",
    fields=(
        Field("name", "叫什么", Line(60), is_needed=True),
        Field("kind", "哪一级", Choice(offers=fixed(ORGANIZATION_KINDS)), is_needed=True,
              is_told=True, others=("类别", "级别")),
        Field("parent_id", "上一级", Choice(offers=organizations), "街道大工委不选。",
              refers="organizations", is_told=True, others=("上级党组织", "上级")),
        Field("community_id", "哪个社区", Choice(offers=communities), "只有社区大党委要选。",
              refers="communities"),
        Field("estate_id", "哪个小区", Choice(offers=estates), "只有小区党支部要选。",
              refers="estates"),
        Field("members", "由哪些岗位组成", Lines(), "一个岗位一行，不写姓名。", is_needed=True,
              others=("组成人员", "成员")),
        Field("duty", "负责的范围", Line(200), is_needed=True,
              others=("职责范围", "职责")),
        Field("phone", "值守电话", Phone(), is_needed=True, is_told=True),
        Field("street", "哪个街道", Choice(offers=subdistricts),
              "有几个街道时，街道大工委要选。", is_rare=True),
    ),
)  # fmt: skip
