"""activities.yml: what takes place when; its form and its sheet say it as people do."""

from forms_app.community import ACTIVITY_CATEGORIES, ACTIVITY_STATUSES
from forms_app.content.activities import FILE, KEY
from forms_app.content.activity_sheet import ACTIVITIES
from forms_app.content.inputs import Choice, Line, Number, Paragraph, Phone, Words
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import fixed, venues

KIND = Kind(
    file=FILE,
    name="活动",
    one="活动",
    layout=Listed(KEY),
    key=KEY,
    made="activity",
    title=named("summary"),
    rank=10,
    about="什么时候、在哪里办什么，日历和居民手机里都看得到。",
    shown_on="calendar/",
    own_page="activities",
    shape=ACTIVITIES,
    fields=(
        Field("summary", "叫什么", Line(40), is_needed=True),
        Field("category", "哪一类", Choice(offers=fixed(ACTIVITY_CATEGORIES)), is_needed=True),
        Field("location_id", "在哪里", Choice(offers=venues), is_needed=True, refers="venues"),
        Field("audience", "给谁", Line(100)),
        Field("phone", "联系电话", Phone()),
        Field("capacity", "限多少人", Number()),
        Field("description", "带什么、注意什么", Paragraph(500)),
        Field("words", "居民会用哪些词来找", Words(100)),
        Field("status", "还办不办", Choice(offers=fixed(ACTIVITY_STATUSES))),
    ),
)
