"""opinions.yml: first answers to start from."""

from forms_app.content.inputs import Choice, Line, Paragraph
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import categories

KIND = Kind(
    file="opinions.yml",
    name="初步意见的写法",
    one="写法",
    layout=Listed(("id",)),
    key=("id",),
    made="opinion",
    title=named(),
    rank=70,
    about="给初步意见时点一下就填好，改好再发。",
    fields=(
        Field("name", "按钮上的短名称", Line(20), is_needed=True),
        Field("category", "哪一类问题", Choice(offers=categories), "哪一类都能用的不选。",
              is_told=True, refers="categories"),
        Field("text", "内容", Paragraph(1000), "只写打算怎么办，不写没有把握的话。",
              is_needed=True, is_told=True),
    ),
)  # fmt: skip
