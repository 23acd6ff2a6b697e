"""How an issue stands, in the words that its resident reads first, and what is promised next.

One table of sentences, by step and by what else is so of the issue; the first row that holds is
read. A step, a clock or a fact more is a row more. It knows no database; whether a moment has
passed is the server's to say, never a page's own clock.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from forms_app.rules.clocks import Running, first_of, is_past
from forms_app.rules.day_parts import part_of_day, to_the_minute
from forms_app.rules.move import Clock, VerdictBy
from forms_app.rules.procedure import names_where
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, STEPS, Role, Step

# Whose note is what a resident wrote, to be shown back to them.
RESIDENTS_WORDS = names_where(
    lambda move: Role.RESIDENT in move.who and not {"comment", "reason"}.isdisjoint(move.needs)
)


class So(StrEnum):
    """What may be so of an issue beside its step."""

    AGAIN = "again"  # not the first round
    OFF_DUTY = "off_duty"  # its first answer waits until somebody is on duty again
    LATE = "late"  # by now its first answer should have been given
    ANSWERED = "answered"  # the first answer was given in this round
    ASKED = "asked"  # the resident was asked something and has not answered
    TOGETHER = "together"  # of a class that several handle
    HEARD = "heard"  # all that were called have answered
    SETTLED = "settled"  # answered at the first desk
    DONE = "done"
    NOT_DONE = "not_done"
    EXPLAINED = "explained"  # not solved; a day is named on which it is looked at again
    BY_STAFF = "by_staff"  # its verdict counts as one that staff wrote down
    BY_TICKET = "by_ticket"  # whoever gave its verdict held the ticket
    JUDGEABLE = "judgeable"  # it follows an issue that has come to its result
    TAKEN_OVER = "taken_over"  # it goes on with what a neighbour had reported, who was told so far
    HERE_AGAIN = "here_again"  # it was transferred along with one that is handled here again
    GONE = "gone"  # it follows an issue that nobody works on any more


class Sentence(Struct, frozen=True):
    """One row: at these steps, where all of `so` is so, `words` are read."""

    steps: tuple[Step, ...]
    words: str
    so: frozenset[So] = frozenset()


class Promised(Struct, frozen=True):
    """What a clock promises: until `%(moment)s`, after it, and where it has no end; "": nothing.

    `to_the_minute` where minutes count: else the part of a day is said.
    """

    ahead: str = ""
    late: str = ""
    open: str = ""
    to_the_minute: bool = False


class Next(Struct, frozen=True):
    """What comes next, to be read beside how it stands; `ends_at` where there is a moment."""

    clock: Clock | None
    promised: Promised
    ends_at: datetime | None
    is_late: bool

    def words(self, now: datetime) -> str:
        """The sentence, with the moment as its readers call it; "" for none.

        What is late is told to the minute: the part of its day may not be over.
        """
        if self.ends_at is None:
            return said(self.promised.open) if self.promised.open else ""
        if self.is_late:
            return said(self.promised.late, moment=to_the_minute(self.ends_at, now))
        called = to_the_minute if self.promised.to_the_minute else part_of_day
        return said(self.promised.ahead, moment=called(self.ends_at, now))


def _row(step: Step, words: str, *so: So) -> Sentence:
    return Sentence((step,), words, frozenset(so))


SENTENCES: tuple[Sentence, ...] = (
    _row(Step.COLLECTED, "正在安排谁来办", So.ANSWERED, So.TAKEN_OVER),
    _row(Step.COLLECTED, "答复您了，正在安排谁来办", So.ANSWERED),
    _row(Step.COLLECTED, "重新办了，还没有给您回话", So.AGAIN, So.LATE),
    _row(Step.COLLECTED, "重新办了，一上班就给您回话", So.AGAIN, So.OFF_DUTY),
    _row(Step.COLLECTED, "重新办了，马上给您回话", So.AGAIN),
    _row(Step.COLLECTED, "收到了，还没有给您答复", So.LATE),
    _row(Step.COLLECTED, "收到了，一上班就给您答复", So.OFF_DUTY),
    _row(Step.COLLECTED, "收到了，马上给您答复"),
    _row(Step.CLASSIFIED, "正在请几家一起来办", So.TOGETHER, So.TAKEN_OVER),
    _row(Step.CLASSIFIED, "正在找人去办", So.TAKEN_OVER),
    _row(Step.CLASSIFIED, "答复您了，正在请几家一起来办", So.TOGETHER),
    _row(Step.CLASSIFIED, "答复您了，正在找人去办"),
    _row(Step.RESPONDING, "几家都回话了，正在商量怎么办", So.HEARD),
    _row(Step.RESPONDING, "请了几家一起来办，正等他们回话"),
    _row(Step.HANDLING, "几家一起在办", So.TOGETHER),
    _row(Step.HANDLING, "有人在办了"),
    _row(Step.REPORTED, "办的单位报来结果了，核对过就告诉您"),
    _row(Step.EVALUATING, "社区答复了，您看行不行？", So.SETTLED, So.TAKEN_OVER),
    _row(Step.EVALUATING, "当场答复您了，您看行不行？", So.SETTLED),
    _row(Step.EVALUATING, "办好了，您看行不行？", So.DONE),
    _row(Step.EVALUATING, "这次没能办成，原因在下面，您看行不行？", So.NOT_DONE),
    _row(Step.EVALUATING, "现在还办不成，原因在下面，您看行不行？", So.EXPLAINED),
    _row(Step.EVALUATING, "有结果了，您看行不行？"),
    _row(Step.SHELVED, "早就有结果了，您看行不行？", So.TAKEN_OVER),
    _row(Step.SHELVED, "有结果了，一直没联系上您，您看行不行？"),
    _row(Step.CLOSED, "办完了，您的评价算工作人员代记的", So.BY_STAFF, So.BY_TICKET),
    _row(Step.CLOSED, "办完了，评价是工作人员替您记的", So.BY_STAFF),
    _row(Step.CLOSED, "办完了，谢谢您"),
    _row(Step.TRANSFERRED, "一起转走的那件又在这里办了，您这件还要办吗？", So.HERE_AGAIN),
    _row(Step.TRANSFERRED, "这件事归别的部门管，已经转过去了"),
    _row(Step.MERGED, "一起办的那件不在这里办了，您这件还要办吗？", So.GONE),
    _row(Step.MERGED, "一起办的那件有结果了，您看行不行？", So.JUDGEABLE),
    _row(Step.MERGED, "和邻居说的是同一件事，正在一起办"),
    _row(Step.WITHDRAWN, "您撤回了，没有再办"),
    _row(Step.SET_ASIDE, "一下子来了很多件，您这件先放在一边；是真的，请在下面说一声"),
)  # fmt: skip
# A question stops nothing: what else is so is still said.
ASKED_TOO = "%(stands)s；还想问您一件事"

_ANSWER_LATE = "说好%(moment)s前答复您，已经过了，社区和街道都看得到。着急请打值班电话。"
PROMISES: dict[Clock, Promised] = {
    Clock.OPINION: Promised(
        "%(moment)s前给您第一个答复",
        _ANSWER_LATE,
        "社区一上班就给您第一个答复",
        to_the_minute=True,
    ),
    Clock.GRADE: Promised(
        "最晚%(moment)s告诉您谁来办",
        "说好%(moment)s前告诉您谁来办，已经过了，街道看得到。着急请打值班电话。",
        "接着告诉您哪天以前有结果",
    ),
    Clock.REPLY: Promised(
        "他们最晚%(moment)s回话",
        "说好%(moment)s前回话，还没有回齐，社区和街道都看得到。",
    ),
    Clock.RESULT: Promised(
        "最晚%(moment)s给您结果",
        "说好%(moment)s前给您结果，已经过了，社区和街道都看得到。着急请打值班电话。",
    ),
    Clock.RELAY: Promised(
        "最晚%(moment)s告诉您结果",
        "说好%(moment)s前告诉您结果，已经过了，街道看得到。着急请打值班电话。",
    ),
    Clock.REVIEW: Promised(
        "最晚%(moment)s再研究一次，告诉您结果",
        "说好%(moment)s前再研究一次，已经过了，街道看得到。着急请打值班电话。",
    ),
    Clock.VERDICT: Promised(open="您说办好了，这件事才算办完"),
}
# In a later round, where the first answer was given long ago.
PROMISES_AGAIN: dict[Clock, Promised] = {
    Clock.OPINION: Promised(
        "%(moment)s前给您回话", _ANSWER_LATE, "社区一上班就给您回话", to_the_minute=True
    ),
}
# What the office owes itself: no resident was promised it.
AMONG_STAFF = frozenset({Clock.RULING, Clock.DISTRICT, Clock.URGE})
NOTHING = Promised()
FOLLOWS = Promised(open="那边有了结果就告诉您，由您自己评")
SENT_ON = Promised(open="那边说不归他们管的，请打值班电话，街道可以让这件事重新办")

# The way of an issue as its resident sees it, in four words.
STAGES: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("received", STEPS[Step.COLLECTED].resident_label, (Step.COLLECTED,)),
    ("arranged", "找人办", (Step.CLASSIFIED, Step.RESPONDING)),
    ("worked_on", STEPS[Step.HANDLING].resident_label, (Step.HANDLING, Step.REPORTED)),
    ("judged", STEPS[Step.EVALUATING].resident_label, (Step.EVALUATING, Step.SHELVED)),
)


class Stands(Protocol):
    """Anything with the facts of an issue that its sentence follows from."""

    @property
    def step(self) -> str: ...
    @property
    def round_no(self) -> int: ...
    @property
    def severity_class(self) -> str | None: ...
    @property
    def opined_at(self) -> datetime | None: ...
    @property
    def asked_since(self) -> datetime | None: ...
    @property
    def answers_due_at(self) -> datetime | None: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def result(self) -> str: ...
    @property
    def review_on(self) -> str: ...
    @property
    def verdict_by(self) -> str: ...


def so_of(issue: Stands, follows: Step | None = None) -> frozenset[So]:
    """What is so of an issue; `follows` is the step of the one that it follows."""
    is_so = {
        So.AGAIN: issue.round_no > 1,
        So.ANSWERED: issue.opined_at is not None,
        So.ASKED: issue.asked_since is not None,
        So.TOGETHER: issue.severity_class in ("B", "A"),
        So.HEARD: issue.answers_due_at is None,
        So.SETTLED: issue.settled_at is not None,
        So.DONE: issue.result == "done",
        So.NOT_DONE: issue.result == "not_done",
        So.EXPLAINED: not issue.result and bool(issue.review_on),
        So.BY_STAFF: issue.verdict_by == VerdictBy.STAFF,
        So.GONE: follows in (Step.WITHDRAWN, Step.TRANSFERRED),
        So.JUDGEABLE: follows is not None and follows not in BEFORE_VERDICT,
    }
    return frozenset(one for one, holds in is_so.items() if holds)


def how_it_stands(step: Step, so: Collection[So]) -> str:
    """The sentence of an issue at this step of which this is so. Raises LookupError for none."""
    for row in SENTENCES:
        if step in row.steps and row.so <= frozenset(so):
            is_asked = So.ASKED in so and step in BEFORE_VERDICT
            return said(ASKED_TOO, stands=said(row.words)) if is_asked else said(row.words)
    raise LookupError(step)


def what_comes_next(
    step: Step, so: Collection[So], running: Sequence[Running], now: datetime
) -> Next:
    """What its resident may count on next, of the clocks that run on the issue."""
    if step is Step.MERGED and So.JUDGEABLE not in so:
        return Next(None, FOLLOWS, None, is_late=False)
    if step is Step.MERGED and So.GONE in so:
        return Next(None, NOTHING, None, is_late=False)
    if step is Step.TRANSFERRED:
        return Next(None, SENT_ON, None, is_late=False)
    found = first_of(promised_of(running))
    if found is None:
        return Next(None, NOTHING, None, is_late=False)
    return _promised_by(found, so, now)


def promised_beside(
    step: Step, so: Collection[So], running: Sequence[Running], now: datetime
) -> tuple[Next, ...]:
    """What else they were promised for a moment, the soonest first.

    Without it, a reply that is late would hide for how long the result has been.
    """
    if step is Step.MERGED:
        return ()
    promised = promised_of(running)
    first = None if step is Step.TRANSFERRED else first_of(promised)
    ending = [(one.ends_at, one.clock, one) for one in promised if one.ends_at is not None]
    return tuple(_promised_by(one, so, now) for _, _, one in sorted(ending) if one is not first)


def _promised_by(one: Running, so: Collection[So], now: datetime) -> Next:
    clock = Clock(one.clock)
    again = PROMISES_AGAIN.get(clock) if So.AGAIN in so else None
    return Next(clock, again or PROMISES[clock], one.ends_at, is_past(one.ends_at, now))


def promised_of(running: Sequence[Running]) -> tuple[Running, ...]:
    """Of the clocks that run on an issue those by which its resident was promised something."""
    return tuple(one for one in running if one.clock not in AMONG_STAFF)


def stage_of(step: Step, follows: Step | None = None) -> str:
    """Which of the four it stands at; the step itself beside the way, or behind it.

    What follows another issue stands where that one does, and in the end waits for a verdict of
    its own.
    """
    if step is Step.MERGED and follows is not None:
        step = Step.EVALUATING if follows is Step.CLOSED else follows
    return next((name for name, _, steps in STAGES if step in steps), step.value)
