"""circle.yml, `rules`: when somebody is on duty."""

from forms_app.community.rules import DUTY_DAYS
from forms_app.content.inputs import Choice, Hours, Line
from forms_app.content.kind import Field, Kind, always
from forms_app.content.layouts import Section
from forms_app.content.offers import fixed

KIND = Kind(
    file="circle.yml",
    name="值守时间",
    one="值守时间",
    layout=Section("rules"),
    key=(),
    is_single=True,
    title=always("值守时间"),
    rank=61,
    about="几点到几点有人值守，十分钟只在这段时间里算。",
    fields=(
        Field("duty_hours", "几点到几点", Hours(), "例如 08:30-12:00,14:30-17:30，全天写“全天”。",
              is_told=True),
        Field("duty_days", "哪些日子", Choice(offers=fixed(DUTY_DAYS)),
              is_told=True),
        Field("quiet_hours", "夜里什么时间不发不急的通知", Line(20),
              "例如 22:00-07:00，不要就写 none。"),
    ),
)  # fmt: skip
