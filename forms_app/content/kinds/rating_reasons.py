"""rating_reasons.yml: why residents are dissatisfied."""

from forms_app.community.shapes import RATED_KINDS
from forms_app.content.inputs import Choice, Choices, Line
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import fixed
from forms_app.rules.steps import URGENCY_NAMES

KIND = Kind(
    file="rating_reasons.yml",
    name="不满意的原因",
    one="原因",
    layout=Listed(("id",)),
    key=("id",),
    made="reason",
    title=named(),
    rank=74,
    about="居民评“不满意”时从这里选，选了就有人去办。",
    fields=(
        Field("name", "原因", Line(40), "用居民自己的话。", is_needed=True),
        Field("kinds", "用在哪些上", Choices(offers=fixed(RATED_KINDS)), is_needed=True,
              is_told=True),
        Field("urgency", "按规则定几级", Choice(offers=fixed(URGENCY_NAMES)),
              "有危险的选一级，不选就是二级。"),
        Field("name_en", "英文叫什么", Line(60), is_rare=True),
    ),
)  # fmt: skip
