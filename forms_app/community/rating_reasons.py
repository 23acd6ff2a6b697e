"""rating_reasons.yml: why residents are dissatisfied with what they rate; it may be missing."""

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import RATED_KINDS, RatingReason
from forms_app.community.sources import Folder
from forms_app.community.values import TEXT, choice, whole
from forms_app.rules.bad_ratings import BY_RULE_URGENCY, OTHER
from forms_app.rules.said import named as called


def read_rating_reasons(folder: Folder) -> dict[str, RatingReason]:
    """The reasons by id, in the office's order."""

    def make(row: Row, name: str) -> RatingReason:
        if name == OTHER:
            row.refuse(
                "id", f"「{OTHER}」是系统自己的编号", "换一个编号；“别的原因”不用写，总在最后"
            )
        return RatingReason(
            id=name,
            name=called(named(row), row.maybe("name_en", TEXT, "")),
            kinds=row.some("kinds", choice(RATED_KINDS)),
            urgency=row.maybe("urgency", whole(1, 3), BY_RULE_URGENCY),
        )

    if not folder.has("rating_reasons.yml"):
        return {}
    required = ("id", "name", "kinds")
    return keyed(folder.items("rating_reasons.yml", required, ("name_en", "urgency")), make)
