"""What each move is on the web: its form, filled for one case, and what it says to casework."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from msgspec import Struct
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from forms_app import queries
from forms_app.casework import StaleCase
from forms_app.community import Circle
from forms_app.web.forms.attachments import WithFiles
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.photos import WithPhotos

NO_MOMENT = "请填写完整的日期和时间"

# Of the frame around every form, not of what somebody says in it.
_FRAME = ("csrf_token", "form_key", "version")

# A text of ours, or which one for a case.
Words = str | Callable[[queries.Case], str]


class Press(Struct, frozen=True):
    """One of several buttons of a form, which says a field's value by being pressed."""

    field: str
    value: str
    label: str
    is_main: bool = False


class MoveForm(SeenForm):
    """A move on the case as its maker last saw it."""

    folded: tuple[str, ...] = ()  # fields that are hardly ever needed: behind one press
    of_one: ClassVar[tuple[str, ...]] = ()  # fields whose choices are those of one issue alone
    presses: tuple[Press, ...] = ()  # the buttons, where one is not enough

    @classmethod
    def for_case(
        cls,
        circle: Circle,
        case: queries.Case,
        typed: MultiDict[str, str] | None,
        draft: Mapping[str, str],
    ) -> Self:
        """With its suggestions and what is prepared, or with what was typed; and its choices."""
        form = cls(formdata=typed, **cls.suggested(case) | dict(draft))
        form.offer(circle, case)
        return form

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:  # noqa: ARG003 (others ask it)
        """What stands in an empty form, by field."""
        return {}

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG003
        """Text to start from that a link on the case page asked for, by field."""
        return {}

    def offer(self, circle: Circle, case: queries.Case) -> None:
        """Fills in the choices that this case has, and takes away what it has no use for."""

    def take_focus(self) -> None:
        """Lets the first text that it needs take the keys: whoever asked for it comes to write."""
        texts = (field for field in self if isinstance(field, TextAreaField) and not field.data)
        first = next((field for field in texts if field.flags.required), None)
        if first is not None:
            first.render_kw = {**(first.render_kw or {}), "autofocus": True}

    def to_compare(self) -> str:
        """The number of an issue to be looked at beside this one before it is made; "": of none."""
        return ""

    def shown_beside(self, number: str) -> None:
        """The issue of this number stands beside this one on the page that is sent now."""

    def said(self, case: queries.Case) -> dict[str, Any]:  # noqa: ARG002 (others ask it)
        """What a valid form says, as casework's arguments: each field by its name."""
        return {field.name: field.data for field in self if field.name not in _FRAME}


class StaffMove(Struct, frozen=True):
    """One move as the case page offers it, and how it is made."""

    make: Callable[..., object]  # casework's function
    form: type[MoveForm]
    title: Words
    hint: Words = ""
    fields: str = "staff/moves/_fields.html"  # the template that draws them
    tells_of_case: bool = False  # that template shows something of the case beside them
    # Two of them do not contradict each other, whichever version of the case they came from.
    is_independent: bool = False
    is_rare: bool = False  # hardly ever what somebody came for: it does not lie open
    is_apart: bool = False  # it has a place of its own on the case page
    is_handy: bool = False  # often what somebody came for though another one is due
    is_for_several: bool = False  # its form says the same of several issues
    compares: bool = False  # says whether two issues are the same thing
    too_late: Words = StaleCase.sentence  # why it is not offered any more
    # Whether the community's own files let it be made on this case; else it is not offered.
    fits: Callable[[Circle, queries.Case], bool] = lambda _circle, _case: True
    # The address to go on to once it is made; None: back to the case.
    leads_to: Callable[[Any, queries.Case], str] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether its empty form is the same on every case."""
        asked = ("for_case", "suggested", "offer")
        own = [vars(kind).keys() & asked for kind in self.form.__mro__ if kind is not MoveForm]
        return not any(own) and not self.tells_of_case and not self.is_apart

    @property
    def takes_photos(self) -> bool:
        """Whether what was done can be shown."""
        return issubclass(self.form, WithPhotos)

    @property
    def takes_files(self) -> bool:
        """Whether files may lie beside its words."""
        return issubclass(self.form, WithFiles)

    def title_of(self, case: queries.Case) -> str:
        return _for(case, self.title)

    def hint_of(self, case: queries.Case) -> str:
        return _for(case, self.hint)

    def too_late_for(self, case: queries.Case) -> str:
        return _for(case, self.too_late)


def _for(case: queries.Case, words: Words) -> str:
    return words if isinstance(words, str) else words(case)
