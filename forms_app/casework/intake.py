"""Issues coming in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict
from peewee import ModelInsert, ModelSelect

from forms_app.casework.desk import check_settling, settle_taken_in
from forms_app.casework.entries import write_entry
from forms_app.casework.errors import NotAllowed, NotPossible
from forms_app.casework.holding import Browser, let_in
from forms_app.casework.papers import check_paper, enter_paper
from forms_app.casework.photos import attach
from forms_app.casework.reach import check_place, check_reach
from forms_app.casework.rounds import fresh_round
from forms_app.casework.telling import tell
from forms_app.casework.turn import Turn, keep_words
from forms_app.community import Circle
from forms_app.files.photos import Taken
from forms_app.issues import sums
from forms_app.issues.access import Actor
from forms_app.rules.folding import says_nothing
from forms_app.rules.keys import form_key_hash
from forms_app.rules.procedure import find_move
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES, Step
from forms_app.rules.worktime import CHINA, duty_at, time_words
from forms_app.store.counts import Counter as Given
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.prepared import add, prepared

ENTERED_WITHIN_DAYS = 90


class Report(Struct, frozen=True):
    """What a resident tells, or staff for them."""

    description: str
    community_id: str
    estate_id: str = ""
    location: str = ""
    category: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_email: str = ""
    channel: str = "web"
    nature: str = ""
    service: str = ""  # from whose page it came (Service.wanted)
    tell_by: str = ""  # of told_by.TellBy


class Intake(Struct, frozen=True):
    """What staff enter after it happened; None is now.

    `opinion` is what they answered there and then, `opined_at` when; `paper` the number of the
    sheet that it was written on. `settles`: the answer was all that it needed; `verdict` is what
    the caller said of it, of an inquiry only (steps.SATISFACTION).
    """

    received_at: datetime | None = None
    opinion: str = ""
    opined_at: datetime | None = None
    paper: str = ""
    settles: bool = False
    verdict: int | None = None


class Received(Struct, frozen=True):
    """A report that was taken in, as its receipt says it."""

    id: int
    number: str
    community_id: str
    received_at: datetime


def may_opine(actor: Actor) -> bool:
    """Whether an opinion given by word of mouth can be entered along with this actor's report."""
    return actor.role in find_move("opine", Step.COLLECTED).who


def submit(
    circle: Circle,
    actor: Actor,
    report: Report,
    *,
    form_key: str,
    ticket_hash: str,
    now: datetime,
    intake: Intake = Intake(),
    photos: Sequence[Taken] = (),
    browser: Browser | None = None,
) -> Received:
    """The new issue at `collected`; or the one that the same form made before.

    `form_key` is the form's own unique key, `ticket_hash` what is kept of the ticket's secret
    (keys.ticket_secret, keys.CodeKey); in `browser` it is open afterwards. The 10-minute clock
    runs from the true time of receipt. Raises NotPossible when the community, estate, category,
    nature, service or channel is none that is known, a time cannot be true, or the paper was not
    printed or is entered already.
    """
    move = find_move("submit", None)
    if actor.role not in move.who or (intake.opinion and not may_opine(actor)):
        raise NotAllowed
    if intake.settles:
        check_settling(circle, actor, report.nature, intake.opinion, intake.verdict)
    if says_nothing(report.description):
        raise NotPossible("description", "请写一下遇到了什么问题。")
    check_place(circle, report.community_id, report.estate_id)
    check_reach(circle, actor, report.community_id)
    if report.category and report.category not in circle.categories:
        raise NotPossible("category", "没有这个类别，请重新选择。")
    if report.nature:
        check_nature("nature", report.nature)
    if report.service and report.service not in circle.wanted_services:
        raise NotPossible("service", "没有这项服务，请重新选择。")
    if report.channel not in circle.channels:
        raise NotPossible("channel", "没有这个收集渠道，请重新选择。")
    _check_times(intake, now)
    key_hash = form_key_hash(form_key)
    if browser is None:
        known = _made_by.first(key_hash)
        if known is not None:
            return _received(known)
    with writing():
        # Somebody may have been faster with the same form; then theirs is the issue.
        known = _made_by.first(key_hash)
        if known is not None:
            # A form that is sent again must not bring back a ticket that was replaced.
            if browser is not None and known.ticket_hash == ticket_hash:
                let_in(browser, known.id, now)
            return _received(known)
        issue = take_in(
            circle, actor, report, key_hash=key_hash, ticket_hash=ticket_hash, now=now,
            intake=intake, photos=photos, browser=browser,
        )  # fmt: skip
        return _received(issue)


def take_in(
    circle: Circle,
    actor: Actor,
    report: Report,
    *,
    key_hash: str,
    ticket_hash: str,
    now: datetime,
    intake: Intake = Intake(),
    photos: Sequence[Taken] = (),
    browser: Browser | None = None,
    of_incident: str = "",
    rated: str = "",
    follows: Issue | None = None,
) -> Issue:
    """Writes a report that was checked, in the transaction that is open: the issue, what came with
    it, its first entry, and whoever must be told.

    One that `follows` another from the first is told to nobody: that is worked on already.
    """
    move = find_move("submit", None)
    received_at = intake.received_at or now
    paper = check_paper(intake.paper) if intake.paper else None
    columns = fresh_round(circle.clocks, received_at) | asdict(report)
    new = Issue(
        number=next_numbers(now, 1)[0],
        form_key_hash=key_hash,
        ticket_hash=ticket_hash,
        step="collected",
        received_at=received_at,
        consented_at=now,
        collector=actor.account_id,
        of_incident=of_incident,
        rated=rated,
        **columns,
    )
    issue = add(new)
    keep_words(issue)
    told = "收到的时间是{received_at}。" if intake.received_at else ""
    line = move.resident_line + told.format(received_at=time_words(received_at))
    entry = write_entry(
        issue, actor, move.name, now, round_no=1, from_step=None,
        resident_line=line, asked_at=intake.received_at,
        duty=duty_at(circle.clocks, received_at) or "",
        note=f"纸质登记表 {paper.serial}" if paper else "",
    )  # fmt: skip
    attach(entry, photos, now)
    if browser is not None:
        let_in(browser, issue.id, now, is_new=True)
    if paper:
        enter_paper(paper, issue)
    if intake.settles:
        settle_taken_in(
            circle,
            actor,
            issue,
            answer=intake.opinion,
            answered_at=intake.opined_at or now,
            verdict=intake.verdict,
            now=now,
        )
    elif intake.opinion:
        _opine(circle, actor, issue, intake, now)
    if follows is not None:
        joined = Turn(issue, find_move("join", Step.COLLECTED), actor, now, circle.clocks)
        joined.record(changes={"merged_into": follows.id}, note=f"并入 {follows.number}")
    sums.came(issue)
    if follows is None:
        tell(circle, issue, entry, actor)
    return issue


@prepared
def _made_by(key_hash: str) -> "ModelSelect[Issue]":
    """The issue that the form with this key has made, as far as its receipt goes."""
    shown = (Issue.id, Issue.number, Issue.community_id, Issue.received_at, Issue.ticket_hash)
    return Issue.select(*shown).where(Issue.form_key_hash == key_hash)


def _received(issue: Issue) -> Received:
    return Received(issue.id, issue.number, issue.community_id, issue.received_at)


def _opine(circle: Circle, actor: Actor, issue: Issue, intake: Intake, now: datetime) -> None:
    turn = Turn(issue, find_move("opine", Step.COLLECTED), actor, now, circle.clocks)
    turn.record(
        changes={"initial_opinion": intake.opinion, "opined_at": intake.opined_at or now},
        line={"note": intake.opinion},
        note=intake.opinion,
        asked_at=intake.opined_at,
    )


def _check_times(intake: Intake, now: datetime) -> None:
    received_at, opined_at = intake.received_at or now, intake.opined_at or now
    if received_at > now:
        raise NotPossible("received_at", "收到的时间不能晚于现在。")
    if received_at < now - timedelta(days=ENTERED_WITHIN_DAYS):
        raise NotPossible(
            "received_at", said("最多补登%(days)s天以内收到的问题。", days=ENTERED_WITHIN_DAYS)
        )
    if intake.opined_at is not None and not intake.opinion.strip():
        raise NotPossible("initial_opinion", "填了答复时间，也请写下答复了什么。")
    if opined_at > now:
        raise NotPossible("opined_at", "答复的时间不能晚于现在。")
    if opined_at < received_at:
        raise NotPossible("opined_at", "答复的时间不能早于收到的时间。")


def check_nature(field: str, nature: str) -> None:
    """Raises NotPossible where there is no such nature."""
    if nature not in NATURES:
        raise NotPossible(field, "没有这种性质，请重新选择。")


def next_numbers(now: datetime, count: int) -> list[str]:
    """The next numbers of issues, by the year in China; only within a transaction."""
    year = now.astimezone(CHINA).strftime("%y")
    name = f"issues-{year}"
    last: int = _counted_on.tuples(name, count)[0][0]
    return [f"{year}{value:04}" for value in range(last - count + 1, last + 1)]


@prepared
def _counted_on(name: str, count: int) -> ModelInsert:
    return (
        Given.insert(name=name, value=count)
        .on_conflict(conflict_target=[Given.name], update={Given.value: Given.value + count})
        .returning(Given.value)
    )
