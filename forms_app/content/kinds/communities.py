"""circle.yml, `communities`: the communities with their telephones."""

from forms_app.content.inputs import Choice, Line, Phone
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Section
from forms_app.content.offers import subdistricts

KIND = Kind(
    file="circle.yml",
    name="社区和值班电话",
    one="社区",
    layout=Section("communities", ("id",)),
    key=("id",),
    made="community",
    title=named(),
    rank=60,
    about="社区叫什么、打什么电话、在哪里。",
    fields=(
        Field("name", "叫什么", Line(40), is_needed=True),
        Field("hotline", "值班电话", Phone(), is_needed=True, is_told=True),
        Field("address", "地址", Line(100), is_needed=True, is_told=True,
              others=("位置",)),
        Field("street", "哪个街道", Choice(offers=subdistricts), "有几个街道、镇时才选。",
              is_rare=True),
    ),
)  # fmt: skip
