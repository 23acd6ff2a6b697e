"""The forms of residents' meetings: the record as its paper asks for it, and what is published."""

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import BooleanField, Field, IntegerField, ValidationError
from wtforms.validators import Optional

from forms_app.casework import AgendaItem, Minutes
from forms_app.queries import MeetingItemFacts, MeetingPage
from forms_app.rules.meetings import (
    ATTENDED,
    DECISION_LETTERS,
    ITEMS,
    MOST_PEOPLE,
    OUTCOMES,
    PLACE_LETTERS,
    REASON_LETTERS,
    RESULT_LETTERS,
    TOLD_LETTERS,
    TOPIC_LETTERS,
)
from forms_app.rules.projects import fen_of, yuan
from forms_app.rules.steps import SATISFACTION
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import amount_only, day, line, offered, pick
from forms_app.web.forms.told import told_each

PLACES = range(1, ITEMS + 1)
# Of an item: what it asks, in the order of the paper.
ITEM_FIELDS = ("topic", "about", "number", "outcome", "decision", "cost", "result")
ATTENDED_FIELDS = tuple(ATTENDED)
RATED_FIELDS = tuple(f"rated_{level}" for level in SATISFACTION)
WRONG_COUNT = f"人数请写0到{MOST_PEOPLE}的整数"


def _people(label: str) -> IntegerField:
    return IntegerField(
        label,
        validators=[Optional(), _within],
        invalid_value_message=WRONG_COUNT,
        render_kw={"inputmode": "numeric"},
    )


def _within(_form: object, field: Field) -> None:
    if field.data is not None and not 0 <= field.data <= MOST_PEOPLE:
        raise ValidationError(WRONG_COUNT)


class MeetingForm(SeenForm):
    """With topic_1, about_1 … for each item; an item of which nothing is written is none."""

    held_on = day("哪天开的", "请写明哪天开的")
    place = line("在哪里开", PLACE_LETTERS, "请写明在哪里开")
    is_over = BooleanField("每一项都有了结果，结束这次记录")
    reason = line("为什么更正", REASON_LETTERS)
    is_another = BooleanField("核对过了，这是另外一次议事")

    def offer(self, projects: Mapping[str, str]) -> None:
        """The projects that an item may be about, by "project:3"; those chosen before stay."""
        known = {"issue": "一件问题（下面填编号）", **projects}
        for place in PLACES:
            field = self[f"about_{place}"]
            chosen = str(field.data or "")
            kept = {chosen: "原来选的专项"} if chosen.startswith("project:") else {}
            field.choices = offered({**kept, **known}, "不针对哪一件")

    def fill(self, found: MeetingPage) -> None:
        """Puts a record into the form, as if it had just been typed."""
        meeting = found.meeting
        self.held_on.data = date.fromisoformat(meeting.held_on)
        self.place.data = meeting.place
        for name in ATTENDED_FIELDS:
            self[name].data = meeting.attended.get(name)
        for level in SATISFACTION:
            self[f"rated_{level}"].data = meeting.rated.get(str(level))
        self.is_over.data = meeting.closed_at is not None
        for item in found.items:
            self._fill_item(item)

    def _fill_item(self, item: MeetingItemFacts) -> None:
        kind, _, key = item.about.partition(":")
        values = {
            "topic": item.topic,
            "about": "issue" if kind == "issue" else item.about,
            "number": key if kind == "issue" else "",
            "outcome": item.outcome,
            "decision": item.decision,
            "cost": yuan(item.cost_fen) if item.cost_fen else "",
            "result": item.result,
        }
        for name, value in values.items():
            self[f"{name}_{item.place}"].data = value

    def is_used(self, place: int) -> bool:
        """Whether anything is written of the item, or wrong with it."""
        fields = [self[f"{name}_{place}"] for name in ITEM_FIELDS]
        return any(field.data or field.errors for field in fields)

    @property
    def minutes(self) -> Minutes:
        """What was typed; of a form that was found right."""
        return Minutes(
            held_on=self.held_on.data,
            place=self.place.data,
            items={place: self._item(place) for place in PLACES if self.is_used(place)},
            attended={name: self[name].data or 0 for name in ATTENDED_FIELDS},
            rated={str(level): self[f"rated_{level}"].data or 0 for level in SATISFACTION},
            is_over=bool(self.is_over.data),
        )

    def _item(self, place: int) -> AgendaItem:
        typed = {name: str(self[f"{name}_{place}"].data or "") for name in ITEM_FIELDS}
        is_issue = typed["about"] == "issue" or (typed["number"] and not typed["about"])
        return AgendaItem(
            topic=typed["topic"],
            about=f"issue:{typed['number']}" if is_issue else typed["about"],
            outcome=typed["outcome"],
            decision=typed["decision"],
            cost_fen=fen_of(typed["cost"] or "0") or 0,
            result=typed["result"],
        )


for _name, _label in ATTENDED.items():
    setattr(MeetingForm, _name, _people(f"{_label}来了几人"))
for _level, _label in SATISFACTION.items():
    setattr(MeetingForm, f"rated_{_level}", _people(f"评{_label}的几人"))
for _place in PLACES:
    for _name, _field in {
        "topic": line(f"第{_place}项议什么", TOPIC_LETTERS),
        "about": pick(f"第{_place}项为哪件事"),
        "number": line(f"第{_place}项的问题编号", 20),
        "outcome": pick(f"第{_place}项的结论", OUTCOMES, empty="还没有"),
        "decision": line(f"第{_place}项定了什么", DECISION_LETTERS),
        "cost": line(f"第{_place}项同意花多少钱（元）", 20, inputmode="decimal"),
        "result": line(f"第{_place}项办得怎么样", RESULT_LETTERS),
    }.items():
        setattr(MeetingForm, f"{_name}_{_place}", _field)
    setattr(MeetingForm, f"validate_cost_{_place}", staticmethod(amount_only))


class UntellForm(SeenForm):
    reason = line("为什么撤下", REASON_LETTERS, "请写明为什么撤下")


def told_form(items: Sequence[MeetingItemFacts]) -> type[SeenForm]:
    """A form with a field told_<place> for each item."""
    return told_each({one.place: f"第{one.place}项公示时写什么" for one in items}, TOLD_LETTERS)
