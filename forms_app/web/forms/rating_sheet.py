"""The form for a sheet of ratings: what they are of, and ten rows, each with its own errors."""

from forms_app.casework import Complaint, GivenRating
from forms_app.community import Circle
from forms_app.rules.bad_ratings import BAD_LEVELS, WAYS
from forms_app.rules.said import said
from forms_app.rules.steps import SATISFACTION
from forms_app.web.forms.base import OnceForm, day, line, offered, pick, pick_shown

ROWS = range(1, 11)
COMMENT_LETTERS = 200


class RatingSheetForm(OnceForm):
    """With rows of satisfaction_1, reason_1, comment_1 …; a row without anything is none."""

    about = pick("评的是什么", required="请选评的是什么")
    way = pick_shown("怎么问的", WAYS, "请选是怎么问的")
    told_on = day("哪一天的", "请填哪一天的")

    def offer(self, circle: Circle, community_id: str) -> None:
        """Fills in what can be rated in the community, and why one may be dissatisfied with it."""
        things = [
            *(f"service:{key}" for key in circle.services),
            *(f"activity:{key}" for key in circle.activities),
            *(f"venue:{key}" for key in circle.venues),
        ]
        names = {
            about: circle.rated_name(about) or about
            for about in things
            if community_id in circle.rated_communities(about)
        }
        self.about.choices = offered(names, "请选择")
        # All there are: one of another kind of thing stays in sight, with its error beside it.
        fitting = circle.reasons_for(str(self.about.data or ""))
        reasons = fitting | {one.id: one.name for one in circle.rating_reasons.values()}
        for place in ROWS:
            self[f"reason_{place}"].choices = offered(reasons, "没有说")

    def rows(self, community_id: str) -> dict[int, GivenRating]:
        """The rows in which anything was written, by their places."""
        found = {}
        for place in ROWS:
            level = str(self[f"satisfaction_{place}"].data or "")
            reason = str(self[f"reason_{place}"].data or "")
            comment = str(self[f"comment_{place}"].data or "")
            if level:
                complaint = Complaint(reason, community_id) if reason else Complaint()
                found[place] = GivenRating(str(self.about.data), int(level), comment, complaint)
        return found

    def validate(self, extra_validators: object = None) -> bool:
        """Every row says how satisfied somebody was, and gives a reason of what is bad alone."""
        is_valid = super().validate(extra_validators)
        for place in ROWS:
            level, reason, comment = (
                self[f"{name}_{place}"] for name in ("satisfaction", "reason", "comment")
            )
            if not level.data and (reason.data or comment.data):
                self.refuse(level.name, "这一行写了话，请选满意不满意")
                is_valid = False
            elif reason.data and str(level.data) not in map(str, BAD_LEVELS):
                self.refuse(reason.name, "评了满意的不用选原因，请看一下是不是选错了")
                is_valid = False
        return is_valid


for _place in ROWS:
    setattr(
        RatingSheetForm,
        f"satisfaction_{_place}",
        pick(said("第%(place)s张：满意吗", place=_place), SATISFACTION, empty="这一行不填"),
    )
    setattr(RatingSheetForm, f"reason_{_place}", pick("不满意的原因"))
    setattr(RatingSheetForm, f"comment_{_place}", line("写的话", COMMENT_LETTERS))
