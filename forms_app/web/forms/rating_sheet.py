"""The form for a sheet of ratings: what they are of, and ten rows, each with its own errors.

Whoever was dissatisfied may leave a telephone, to be told what came of it, and a photo.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, MultipleFileField
from wtforms.fields.core import UnboundField

from forms_app.casework import Complaint, GivenRating
from forms_app.community import Circle
from forms_app.files.photos import Taken
from forms_app.radius.rated import is_over
from forms_app.rules.bad_ratings import BAD_LEVELS, WAYS
from forms_app.rules.said import said
from forms_app.rules.steps import SATISFACTION
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.fields import day, line, offered, pick, pick_shown
from forms_app.web.forms.photos import ACCEPT, RowPhoto
from forms_app.web.forms.resident import PHONE_LETTERS, phone_only

ROWS = range(1, 11)
COMMENT_LETTERS = 200
ONLY_BAD = {
    "reason": "评了满意的不用选原因，请看一下是不是选错了",
    "reporter_phone": "评了满意的不用留电话，请看一下是不是选错了",
    "photo": "评了满意的不用放照片，请看一下是不是选错了",
}


class RatingSheetForm(OnceForm):
    """With rows of satisfaction_1, reason_1, photo_1 …; a row without anything is none."""

    about = pick("评的是什么", required="请选评的是什么")
    way = pick_shown("怎么问的", WAYS, "请选是怎么问的")
    told_on = day("哪一天的", "请填哪一天的")

    def offer(self, circle: Circle, community_id: str, today: date) -> None:
        """Fills in what can be rated in the community on a day, and why one may be dissatisfied."""
        things = [
            *(f"service:{key}" for key in circle.services),
            *(f"activity:{key}" for key in circle.activities),
            *(f"venue:{key}" for key in circle.venues),
        ]
        names = {
            about: circle.known_as(about)
            for about in things
            if community_id in circle.rated_communities(about) and not is_over(circle, about, today)
        }
        self.about.choices = offered(names, "请选择")
        # All there are: one of another kind of thing stays in sight, with its error beside it.
        fitting = circle.reasons_for(str(self.about.data or ""))
        reasons = fitting | {one.id: one.name for one in circle.rating_reasons.values()}
        for place in ROWS:
            self[f"reason_{place}"].choices = offered(reasons, "没有说")

    def row_photos(self) -> dict[int, RowPhoto]:
        """The photo of each row, by its place; they wait under keys of their own."""
        return {place: RowPhoto(self[f"photo_{place}"], f"{self.key} {place}") for place in ROWS}

    def rows(
        self, community_id: str, photos: Mapping[int, Sequence[Taken]]
    ) -> dict[int, GivenRating]:
        """The rows in which anything was written, by their places, with the photos of each."""
        found = {}
        for place in ROWS:
            row = self._row(place)
            level = str(row["satisfaction"].data or "")
            if level:
                reason, phone = str(row["reason"].data or ""), row["reporter_phone"].data or ""
                staged = tuple(photos.get(place, ()))
                is_said = reason or phone or staged
                home = community_id if is_said else ""
                complaint = Complaint(reason, home, phone, staged)
                comment = str(row["comment"].data or "")
                found[place] = GivenRating(str(self.about.data), int(level), comment, complaint)
        return found

    def check_rows(self, photos: Mapping[int, Sequence[Taken]]) -> bool:
        """Whether every row says how satisfied somebody was, and what is for bad ones alone stands
        in no other; what is wrong is said beside its field.
        """
        wrong = [self._wrong(place, bool(photos.get(place))) for place in ROWS]
        for name, sentence in filter(None, wrong):
            self.refuse(name, sentence)
        return not any(wrong)

    def _wrong(self, place: int, has_photo: bool) -> tuple[str, str] | None:
        row = self._row(place)
        level, phone = row["satisfaction"], row["reporter_phone"]
        told = [name for name in ("reason", "reporter_phone") if row[name].data]
        told += ["photo"] if has_photo else []
        if not level.data:
            is_empty = not told and not row["comment"].data
            return None if is_empty else (level.name, "这一行填了东西，请选满意不满意")
        if str(level.data) not in map(str, BAD_LEVELS):
            return (f"{told[0]}_{place}", ONLY_BAD[told[0]]) if told else None
        if phone.data and not row["consent"].data:
            return row["consent"].name, "记了电话，要本人同意，请打勾；不同意就把电话空着"
        return None

    def _row(self, place: int) -> dict[str, Field]:
        return {name: self[f"{name}_{place}"] for name in _FIELDS}


_FIELDS = ("satisfaction", "reason", "comment", "reporter_phone", "consent", "photo")


def _of_card(place: int, field: "UnboundField[Any]") -> "UnboundField[Any]":
    """A row's field: in the list of errors, away from its row, it says of which card it is."""
    called = said("第%(place)s张：%(label)s", place=place, label=said(field.args[0]))
    field.kwargs["description"] = called
    return field


for _place in ROWS:
    _fields = {
        "satisfaction": pick(
            said("第%(place)s张：满意吗", place=_place), SATISFACTION, empty="这一行不填"
        ),
        "reason": _of_card(_place, pick("不满意的原因")),
        "comment": _of_card(_place, line("写的话", COMMENT_LETTERS)),
        "reporter_phone": _of_card(
            _place,
            line("本人的电话", PHONE_LETTERS, type="tel", autocomplete="off", inputmode="tel"),
        ),
        "consent": _of_card(_place, BooleanField("本人同意为办这件事留下电话")),
        "photo": _of_card(_place, MultipleFileField("照片", render_kw=dict(ACCEPT))),
    }
    for _name, _field in _fields.items():
        setattr(RatingSheetForm, f"{_name}_{_place}", _field)
    setattr(RatingSheetForm, f"validate_reporter_phone_{_place}", staticmethod(phone_only))
