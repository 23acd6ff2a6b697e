"""estates.csv: where people live."""

from forms_app.community.places import ESTATE_COLUMNS
from forms_app.content.inputs import Choice, Line, Number
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Sheet
from forms_app.content.offers import communities

KIND = Kind(
    file="estates.csv",
    name="小区",
    one="小区",
    layout=Sheet(("id",), ESTATE_COLUMNS),
    key=("id",),
    made="estate",
    title=named(),
    rank=40,
    about="居民报问题时选的小区；每个小区至少要有一个出入口。",
    shown_on="near/",
    fields=(
        Field("name", "叫什么", Line(40), is_needed=True),
        Field("community_id", "哪个社区", Choice(offers=communities), is_needed=True,
              is_told=True, refers="communities"),
        Field("households", "总户数", Number(), is_needed=True, is_told=True,
              others=("户数",)),
        Field("households_60plus", "有60岁以上老人的户数", Number(), is_needed=True,
              others=("60岁以上户数", "老人户数", "老年户数", "老年人户数", "老人户")),
    ),
)  # fmt: skip
