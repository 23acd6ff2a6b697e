"""walks.csv: how many minutes it is on foot."""

from collections.abc import Mapping

from forms_app.community import PACES, WALK_BASES
from forms_app.community.places import WALK_COLUMNS
from forms_app.content.inputs import Choice, Day, Line, Number
from forms_app.content.kind import Field, Kind, Names
from forms_app.content.layouts import Sheet
from forms_app.content.listing import Value
from forms_app.content.offers import estates, fixed, venues

_KEY = ("estate_id", "entrance", "venue_id", "pace", "stairs", "basis", "measured_on")


def _title(values: Mapping[str, Value], names: Names) -> str:
    estate, venue = str(values.get("estate_id", "")), str(values.get("venue_id", ""))
    return f"{names('estates', estate)} {values.get('entrance', '')} → {names('venues', venue)}"


KIND = Kind(
    file="walks.csv",
    name="步行时间",
    one="步行时间",
    layout=Sheet(_KEY, WALK_COLUMNS),
    key=_KEY,
    title=_title,
    rank=42,
    about="从小区的门走到场所要几分钟，实地走过的最可信。",
    fields=(
        Field("estate_id", "哪个小区", Choice(offers=estates), is_needed=True, refers="estates"),
        Field("entrance", "哪个门", Line(40), "和小区出入口里的名称一样。", is_needed=True),
        Field("venue_id", "走到哪里", Choice(offers=venues), is_needed=True, refers="venues"),
        Field("minutes", "几分钟", Number(is_whole=False), "从门口算，可以有小数。", is_needed=True,
              is_told=True),
        Field("stairs", "几级台阶", Number(), "没有写 0。", is_needed=True, is_told=True,
              usual="0"),
        Field("measured_on", "哪天走的", Day(), is_needed=True, is_told=True),
        Field("pace", "什么步速", Choice(offers=fixed(PACES)), is_needed=True, usual="elder"),
        Field("basis", "怎样知道的", Choice(offers=fixed(WALK_BASES)), is_needed=True,
              usual="walked"),
    ),
)  # fmt: skip
