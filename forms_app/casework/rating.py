"""Ratings of services, activities and venues; a bad one that says why, or whom to call, is work.

Of the same thing and reason one issue is worked on in a community; whoever says so next follows it,
with an issue and a ticket of their own, whose answer they get and which they judge for themselves.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field
from peewee import SQL

from forms_app.casework.conversation import add_words
from forms_app.casework.errors import CaseError, NotPossible
from forms_app.casework.holding import Browser, let_in
from forms_app.casework.intake import Report, take_in
from forms_app.casework.photos import attach
from forms_app.casework.turn import turn_among
from forms_app.community import Circle
from forms_app.files.photos import Taken
from forms_app.issues import sums
from forms_app.issues.access import Actor, resident
from forms_app.rules.bad_ratings import BAD_LEVELS, CHANNEL, OTHER, WAYS, matter_of
from forms_app.rules.keys import form_key_hash
from forms_app.rules.phones import dialled
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, ENDED, OPEN_OR_MERGED, SATISFACTION, Step
from forms_app.rules.told_by import TellBy
from forms_app.store.database import writing
from forms_app.store.models import Issue, Rating
from forms_app.store.sealing import look, touched

_ENDED = [step.value for step in ENDED]
_IN_WORK = [step.value for step in (*BEFORE_VERDICT, Step.MERGED)]


class ThingUnknown(CaseError):
    status = 404
    sentence = (
        "要评的这一项没有找到，可能已经不办了，或者网址不完整。"
        "有什么不满意，可以反映问题，或者打值班电话，照样有人去办。"
    )


class Complaint(Struct, frozen=True):
    """What is wrong, in which community, and where to call; of a bad rating alone."""

    reason: str = ""  # of Circle.reasons_for
    community_id: str = ""  # of Circle.rated_communities; "" where there is only one
    phone: str = ""
    photos: Sequence[Taken] = ()

    @property
    def leads_to_work(self) -> bool:
        """Whether there is something to do: a reason, or somebody to ask."""
        return bool(self.reason or self.phone)


class Holder(Struct, frozen=True):
    """With whose ticket the issue of a bad rating is opened, and where it is open afterwards."""

    ticket_hash: str = ""  # "": nobody holds one
    browser: Browser | None = None


class Opened(Struct, frozen=True):
    """The issue that a bad rating led to, and whether the holder's ticket is the one of it."""

    number: str
    is_theirs: bool


class Given(Struct, frozen=True):
    """A rating of `service:<id>`, `activity:<uid>` or `venue:<id>`, as somebody gave it."""

    about: str
    satisfaction: int
    comment: str = ""
    complaint: Complaint = field(default_factory=Complaint)


def rate(
    circle: Circle,
    about: str,
    satisfaction: int,
    comment: str,
    *,
    form_key: str,
    complaint: Complaint = Complaint(),
    holder: Holder = Holder(),
    browser_hash: str = "",
    now: datetime,
) -> Opened | None:
    """Keeps one rating, once a form; the issue that came of it, None where none did.

    Of those with the same `browser_hash` (of a browser, a thing and a day) the newest counts, and
    only the first of them that is bad opens an issue: what the others say is added to that one.
    Raises NotPossible when there is no such thing to rate, an activity has not begun, or a bad one
    leaves out where it was.
    """
    given = Given(about, satisfaction, comment, complaint)
    check_given(circle, given, now)
    key = form_key_hash(form_key)
    with writing():
        known = Rating.get_or_none(Rating.form_key_hash == key)
        if known is not None:
            return _made_before(known, holder, now)
        before = _newest_of(browser_hash) if browser_hash else None
        issue = _issue_of_today(browser_hash) if browser_hash else None
        is_bad = satisfaction in BAD_LEVELS
        if browser_hash:
            _replace(browser_hash, now)
        if issue is not None:
            if before is None or _words_of(before) != (satisfaction, complaint.reason, comment):
                _say_so(circle, issue, given, now)
        elif is_bad and complaint.leads_to_work:
            issue = open_issue(circle, resident(), given, key, holder, now)
        keep_rating(given, key, now, now=now, browser_hash=browser_hash, issue=issue)
        return _opened(issue, holder) if issue is not None and is_bad else None


def check_given(circle: Circle, given: Given, now: datetime) -> None:
    """Raises NotPossible for what is none that can be kept."""
    if circle.rated_name(given.about) is None:
        raise NotPossible("about", "没有找到要评价的对象。")
    begins = circle.rated_from(given.about)
    if begins is not None and now < begins:
        raise NotPossible("about", "还没有开始，开始以后才能评。")
    if given.satisfaction not in SATISFACTION:
        raise NotPossible("satisfaction", "请从五个选项中选一个。")
    if given.satisfaction not in BAD_LEVELS:
        return
    complaint = given.complaint
    if complaint.reason and complaint.reason not in circle.reasons_for(given.about):
        raise NotPossible("reason", "没有这个原因，请重新选择。")
    if complaint.photos and not complaint.leads_to_work:
        raise NotPossible("reason", "放了照片，请选一个原因，好有人去看。")
    if complaint.leads_to_work:
        _home_of(circle, given)


def _home_of(circle: Circle, given: Given) -> str:
    """In which community somebody has to see to it."""
    known = circle.rated_communities(given.about)
    wanted = given.complaint.community_id or (known[0] if len(known) == 1 else "")
    if wanted not in known:
        raise NotPossible("community_id", "请选是哪个社区，好知道由谁去办。")
    return wanted


def open_issue(
    circle: Circle, actor: Actor, given: Given, key_hash: str, holder: Holder, now: datetime
) -> Issue:
    """The issue of a bad rating, in the transaction that is open; it follows the one that is
    worked on already, if there is one.
    """
    reason = given.complaint.reason or OTHER
    kind, _, thing = given.about.partition(":")
    service = circle.services.get(thing) if kind == "service" else None
    told = said(
        "对“%(thing)s”%(level)s：%(reason)s。",
        thing=circle.rated_name(given.about),
        level=SATISFACTION[given.satisfaction],
        reason=circle.reasons_for(given.about)[reason],
    )
    report = Report(
        description=f"{told}\n{given.comment}".strip(),
        community_id=_home_of(circle, given),
        category=service.problem if service else "",
        reporter_phone=given.complaint.phone,
        channel=CHANNEL,
        tell_by=TellBy.PHONE.value if dialled(given.complaint.phone) else "",
    )
    matter = matter_of(given.about, reason)
    return take_in(
        circle, actor, report, key_hash=key_hash, ticket_hash=holder.ticket_hash, now=now,
        photos=given.complaint.photos, browser=holder.browser, rated=matter,
        follows=_in_work(matter, report.community_id),
    )  # fmt: skip


def keep_rating(
    given: Given,
    key_hash: str,
    made_at: datetime,
    *,
    now: datetime,
    browser_hash: str = "",
    issue: Issue | None,
    way: str = "",
    entered_by: int | None = None,
) -> None:
    """Writes the row, said at `made_at`, and counts it.

    `way` (of bad_ratings.WAYS) marks what staff entered.
    """
    is_bad = given.satisfaction in BAD_LEVELS
    made = Rating.insert(
        form_key_hash=key_hash,
        about=given.about,
        satisfaction=given.satisfaction,
        comment=given.comment,
        made_at=made_at,
        browser_hash=browser_hash,
        reason=given.complaint.reason if is_bad else "",
        issue=issue if is_bad else None,
        way=way if way in WAYS else "",
        entered_by=entered_by,
    ).execute()
    touched(Rating, made, now)
    sums.add(sums.rated(given.about, given.satisfaction, made_at, way))


def _made_before(known: Rating, holder: Holder, now: datetime) -> Opened | None:
    """What the same form made before; a browser that shows its ticket is let in again."""
    issue: Issue | None = known.issue
    if issue is None:
        return None
    opened = _opened(issue, holder)
    if opened.is_theirs and holder.browser is not None:
        let_in(holder.browser, issue.id, now)
    return opened


def _opened(issue: Issue, holder: Holder) -> Opened:
    return Opened(
        issue.number, bool(holder.ticket_hash) and issue.ticket_hash == holder.ticket_hash
    )


def _newest_of(browser_hash: str) -> Rating | None:
    """The rating that this browser gave the same thing last on the same day."""
    given = Rating.select().where(Rating.browser_hash == browser_hash)
    newest: Rating | None = given.order_by(Rating.id.desc()).first()
    return newest


def _words_of(rating: Rating) -> tuple[int, str, str]:
    return rating.satisfaction, rating.reason, rating.comment


def _issue_of_today(browser_hash: str) -> Issue | None:
    """What a rating of this browser, thing and day has opened, unless that has come to an end."""
    opened = (
        Rating.select()
        .join(Issue)
        .where(Rating.browser_hash == browser_hash, Issue.step.not_in(_ENDED))
        .order_by(Rating.id.desc())
    )
    newest = opened.first()
    return newest.issue if newest is not None else None


def _say_so(circle: Circle, issue: Issue, given: Given, now: datetime) -> None:
    """Whoever rates again on that day adds to their issue: it stays, for better or worse."""
    if Step(issue.step) not in OPEN_OR_MERGED:
        return
    words: str = said("同一天又评了一次：%(level)s。", level=SATISFACTION[given.satisfaction])
    if given.satisfaction in BAD_LEVELS and given.complaint.reason:
        words += f"{circle.reasons_for(given.about)[given.complaint.reason]}。"
    actor = resident(issue.number)
    with turn_among(circle, actor, issue.number, None, "reply", now) as t:
        entry = add_words(t, f"{words}\n{given.comment}".strip())
        attach(entry, given.complaint.photos, now)


def _in_work(matter: str, community_id: str) -> Issue | None:
    """The issue of the same matter that is worked on: the newest, or what it follows."""
    # Said as in the index of what was rated, whose issues are few.
    is_rated = (Issue.rated != SQL("''")) & (Issue.rated == matter)
    told = Issue.select().where(
        is_rated, Issue.community_id == community_id, Issue.step.in_(_IN_WORK)
    )
    own = told.where(Issue.step != Step.MERGED.value)
    newest = own.order_by(Issue.id.desc()).first() or told.order_by(Issue.id.desc()).first()
    if newest is None:
        return None
    target: Issue = newest.followed or newest
    return target if Step(target.step) in BEFORE_VERDICT else None


def _replace(browser_hash: str, now: datetime) -> None:
    """Lets the ratings so far of this browser, thing and day stay, uncounted."""
    counted = Rating.select().where(
        Rating.browser_hash == browser_hash, Rating.replaced_at.is_null()
    )
    for older in list(counted):
        change = sums.rated(older.about, older.satisfaction, older.made_at, older.way)
        sums.add(Counter({key: -number for key, number in change.items()}))
        look(older)
        Rating.update(replaced_at=now).where(Rating.id == older.id).execute()
        touched(Rating, older.id, now)
