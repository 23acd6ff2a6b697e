"""What a move is: the shape of the procedure's rows, and the words in which they speak.

It knows no move; which ones there are, procedure says.
"""

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from forms_app.rules.steps import Part, Role, Step

Who = Role | Part


class Clock(StrEnum):
    """What runs until somebody has done their part."""

    OPINION = "opinion"
    GRADE = "grade"
    REPLY = "reply"
    RESULT = "result"
    RULING = "ruling"
    DISTRICT = "district"
    RELAY = "relay"
    URGE = "urge"
    REVIEW = "review"
    VERDICT = "verdict"


class Hearer(StrEnum):
    """Which of the staff hear of it, as they stand around the issue at that time."""

    LEADERS = "leaders"
    WORKERS = "workers"
    LEVEL = "level"  # the leaders who call others together for an issue of its class
    SUBDISTRICT_LEADERS = "subdistrict_leaders"
    DISTRICT = "district"  # the office of the level above all sub-districts
    CALLER = "caller"
    PARTIES = "parties"
    LEADS = "leads"
    ASSISTANTS = "assistants"
    URGED = "urged"
    RULERS = "rulers"  # who say whose it is, where a unit says that it is not theirs


class Telling(Struct, frozen=True):
    """What some of the staff are asked to do next; `{due}` says until when by this clock."""

    hearers: tuple[Hearer, ...]
    staff_line: str
    clock: Clock | None = None


class Between(StrEnum):
    """Between whom it is in dispute whose an issue is."""

    HOME = "home"  # one unit, which says that it is the community's
    UNITS = "units"


class VerdictBy(StrEnum):
    """Whose a verdict counts as: the resident's own, or one that staff entered."""

    RESIDENT = "resident"
    STAFF = "staff"


def verdict_by(actor_role: str, asked_how: str) -> VerdictBy:
    """Whose an entry's verdict counts as.

    A resident's own says nothing of how they were asked; one that came by a ticket from the hands
    that did the work says that it did.
    """
    is_own = actor_role == Role.RESIDENT.value and not asked_how
    return VerdictBy.RESIDENT if is_own else VerdictBy.STAFF


class Promise(StrEnum):
    """What the resident may count on from a move on."""

    WORDS = "words"
    DEADLINE = "deadline"  # the result's, set anew
    LATER_DEADLINE = "later_deadline"  # the result's, put off and never brought forward


class When(StrEnum):
    """As long as what an issue waits for a move."""

    ALWAYS = "always"
    NOT_OPINED = "not_opined"
    OPINED = "opined"
    UNANSWERED = "unanswered"  # a party that was called has not answered
    ANSWERED = "answered"  # all have, or their time is up
    DECLINED = "declined"  # a unit says that it is not theirs, and nobody has ruled
    DECLINED_HOME = "declined_home"  # but the community's
    DECLINED_UNITS = "declined_units"  # but another's
    REFERRED = "referred"  # the district was asked, and has done nothing since


class Only(StrEnum):
    """What must be so of an issue, beside its step and class, for it to take a row."""

    OWN_HANDS = "own_hands"  # a worker or leader of the community leads, or the community itself
    UNITS_HANDS = "units_hands"
    UNDER_REVIEW = "under_review"  # it was said when it is looked at again
    # A unit said that it is not theirs, and nobody has ruled: between it and the community, or
    # between units.
    DECLINED = "declined"
    DECLINED_HOME = "declined_home"
    DECLINED_UNITS = "declined_units"
    NOT_EXTENDED = "not_extended"  # in this round and class
    EXTENDED_BELOW = "extended_below"  # put off once, and not yet by the level above
    # The district has an account in use, and nothing that it was asked is open.
    REFERABLE = "referable"
    # Its resident's deadline has passed, and the district is not its caller already.
    TAKEABLE = "takeable"
    # It came among very many at once, in its first round, and its resident has not said otherwise.
    IN_BURST = "in_burst"
    TO_RING = "to_ring"  # its resident is to be telephoned with news
    PASSED = "passed"  # its result passed on by itself, and nobody has added their words since


class Window(Struct, frozen=True):
    """How long a move may still be made: so many days and minutes after a fact of the issue.

    `days` is a number, or the name of one of the circle's clocks. `verdict_by` narrows it to what
    was closed by the resident's own verdict, or by one that staff entered. `binds` says whom alone
    it binds, while others may at any time; None: everybody.
    """

    since: str  # as the issue calls it
    days: int | str = 0
    minutes: int = 0
    verdict_by: VerdictBy | None = None
    binds: frozenset[Who] | None = None


class Move(Struct, frozen=True):
    """One row of the table.

    `from_steps` empty: the move makes the issue. `to_step` None: the issue stays where it is.
    `severity_classes` None: of any class. `satisfied` says which verdict takes this row, `only`
    what else must be so; None: whatever is so.
    `resident_line` is what the resident reads; `{...}` names one of the entry's values.

    The facts below `next_class` are what other files need to know of a move. An entry keeps no
    more than its name: rows of one name agree in all that is asked of a name.
    """

    name: str
    label: str
    from_steps: tuple[Step, ...]
    to_step: Step | None
    who: frozenset[Who]
    needs: tuple[str, ...]
    resident_line: str
    severity_classes: tuple[str, ...] | None = None
    satisfied: bool | None = None
    only: Only | None = None
    new_round: bool = False
    next_class: bool = False
    begins_again: bool = False  # ungraded in the same round, with a clock of its own
    comes_back: bool = False  # to the step that it left when it came here
    takes_over: bool = False  # step and class of what it followed, which was taken back
    # Its resident is asked whether it is to be handled here after all, and has their days anew.
    asks_anew: bool = False
    window: Window | None = None  # None: as long as it stands there
    allowed_by: str = ""  # the circle's setting that must say yes
    grades: bool = False  # says the class
    sets_class: str | None = None  # always this one
    gives_work: bool = False  # to people or units, whose part begins with it
    replaces: bool = False  # whatever was planned: who has no part in it has none any more
    ends_handling: bool = False  # tells what came of it
    gives_back: bool = False  # what was told is no result yet: whoever led goes on
    # Whatever was merged into it: nobody works on that any more, unless one of them takes over.
    leaves_alone: bool = False
    stops: tuple[Clock, ...] = ()  # by doing what they run for, not by leaving the step
    promises: Promise | None = None
    awaited: When | None = None  # as what brings the issue on
    # Of whom, if not of all who may make it; what somebody is asked for is waited for of them.
    awaited_of: frozenset[Who] | None = None
    awaited_as: str = ""  # what they are to do, where that is not to make it themselves
    telling: Telling | None = None  # None: the staff read it on their pages
    is_mailed: bool = True  # to the resident, too; else they read it on their page
    recap: str = ""  # what a later summons calls its words
    hands_on: bool = False  # whoever made it has worked on it
    bars_hands: bool = False  # of those who worked on it: they do not judge themselves
    asks_reporter: bool = False  # there must be somebody who reported it
    are_residents: bool = False  # its words and photos, whoever of the staff wrote them down
    shows_ticket: str = ""  # to staff who make it; what a verdict by that ticket is called then
    is_internal: bool = False  # no resident ever reads it, nor who may not make it

    def applies(self, step: Step | None, severity_class: str | None) -> bool:
        """Whether an issue at this step and of this class can take the move at all."""
        if step is None:
            return not self.from_steps
        return step in self.from_steps and (
            self.severity_classes is None or severity_class in self.severity_classes
        )

    def holds_where(self, so: Collection[Only] | None) -> bool:
        """Whether an issue of which this is so can take the row; None: of whichever it is asked."""
        return self.only is None or so is None or self.only in so
