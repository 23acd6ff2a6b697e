"""Issues that may be the same thing as this one, for its reporter and for the staff.

Looked for among all that share its telling words, found along the search's index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import nlargest

from msgspec import Struct
from peewee import Expression, ModelSelect

from forms_app.issues.access import Actor, visible_issue, visible_to
from forms_app.issues.driving import beside
from forms_app.issues.following import households
from forms_app.issues.likeness import Compared, alike, alike_in_public
from forms_app.issues.search import NEWEST, newest
from forms_app.issues.words import Letter, Rarity, parts, read
from forms_app.queries.case_facts import Case
from forms_app.queries.facts import ListedIssue, facts
from forms_app.queries.incidents import IncidentFacts, mains_of
from forms_app.rules.steps import BEFORE_VERDICT, OPEN_STEPS, Step
from forms_app.store.models import Issue, KeptApart
from forms_app.store.prepared import prepared

ASKED = 30  # parts of a letter's words, those that tell most; each is one look into the index
SHARING = 200  # issues that share most of them; closed ones and other communities' fall out
TOLD_BEFORE = timedelta(days=1)  # an incident is opened after the first who tell of it
COMPARED = 40  # letters that are read and weighed

Code = Callable[[str], str]  # an issue's number → what stands for it on the page
KindOf = Callable[[str], str]  # a letter → the code of the kind that it tells of, or ""


class Alike(Struct, frozen=True):
    """Another issue that may be the same thing. The reasons may hold both reporters' words."""

    issue: ListedIssue
    step: Step
    because: tuple[str, ...]
    households: int
    is_visible: bool  # whether this actor may read what it says
    incident: str = ""  # of which it is the main issue: its title, told in public


class Offer(Struct, frozen=True):
    """What a resident may know of another's issue: nothing that anybody wrote."""

    code: str
    category: str
    estate_id: str
    community_id: str
    step: Step
    received_at: datetime
    households: int
    own_number: str  # where they hold that ticket themselves
    incident: IncidentFacts | None = None  # of which it is the main issue


def alike_to(
    actor: Actor, issue: ListedIssue, incidents: Sequence[IncidentFacts] = ()
) -> tuple[Alike, ...]:
    """What the staff should compare an open issue with, the likeliest first.

    Before all others the main issues of `incidents`, those that run where it is. What was kept
    apart from it is left out.
    """
    of_incidents = _of_incidents(actor, issue, incidents)
    known = {one.issue.id for one in of_incidents}
    found = [
        like
        for like in alike(_told(issue), *_candidates(issue, OPEN_STEPS))
        if like.key not in known
    ]
    rows = _rows([like.key for like in found])
    listed = [facts(ListedIssue, row) for row in rows]
    seen = readable(actor, listed)
    told_by = households(rows)
    return of_incidents + tuple(
        Alike(one, Step(one.step), like.because, told_by[one.id], one.id in seen)
        for one, like in zip(listed, found, strict=True)
    )


def _of_incidents(
    actor: Actor, issue: ListedIssue, incidents: Sequence[IncidentFacts]
) -> tuple[Alike, ...]:
    mains = _joinable(issue, incidents)
    listed = [facts(ListedIssue, row) for _, row in mains]
    seen, told_by = readable(actor, listed), households(row for _, row in mains)
    return tuple(
        Alike(one, Step(one.step), (), told_by[one.id], one.id in seen, incident.title)
        for (incident, _), one in zip(mains, listed, strict=True)
    )


def _joinable(
    issue: ListedIssue, incidents: Sequence[IncidentFacts]
) -> list[tuple[IncidentFacts, Issue]]:
    """The incidents whose main issue the issue may follow, each with that one: not what somebody
    told long before.
    """
    mains = mains_of(incidents)
    if not mains:
        return []
    first = KeptApart.select(KeptApart.second).where(KeptApart.first == issue.id)
    second = KeptApart.select(KeptApart.first).where(KeptApart.second == issue.id)
    apart = {key for (key,) in first.union_all(second).tuples()}
    return [
        (one, mains[one.issue_id])
        for one in incidents
        if one.issue_id not in {issue.id, *apart}
        and Step(mains[one.issue_id].step) in BEFORE_VERDICT
        and issue.received_at >= mains[one.issue_id].received_at - TOLD_BEFORE
    ]


def alike_followed(actor: Actor, found: Case) -> Alike | None:
    """The issue that a merged one follows, to be compared with it; None where it follows none."""
    other = found.follows
    if other is None or found.step is not Step.MERGED:
        return None
    return Alike(
        other, Step(other.step), (), found.households, other.id in readable(actor, [other])
    )


def alike_numbered(actor: Actor, issue: ListedIssue, number: str) -> Alike | None:
    """The open issue of this number, to be compared with it; None where there is none to see."""
    other = visible_issue(actor, number)
    if other is None or other.id == issue.id or Step(other.step) not in OPEN_STEPS:
        return None
    listed = facts(ListedIssue, other)
    told_by = households([other])[other.id]
    return Alike(listed, Step(other.step), (), told_by, is_visible=True)


def readable(actor: Actor, issues: Sequence[ListedIssue]) -> set[int]:
    """The ids of those among the issues that this actor may see."""
    ids = [issue.id for issue in issues]
    return {key for (key,) in _readable.tuples(actor, ids)} if ids else set()


@prepared
def _readable(actor: Actor, ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).where(Issue.id.in_(ids), beside(visible_to(actor)))


def offers(
    actor: Actor,
    issue: ListedIssue,
    code: Code,
    incidents: Sequence[IncidentFacts] = (),
    *,
    kind_of: KindOf = lambda _: "",
) -> tuple[Offer, ...]:
    """What the reporter of a new issue may join: open ones that nobody has handled yet.

    Before all others the main issues of `incidents`, those that run where it is. Whose reporter
    chose no kind has the one that `kind_of` hears in the letter, or none: elders are not asked.
    """
    of_incidents = {main.id: (one, main) for one, main in _joinable(issue, incidents)}
    here = _candidates(issue, BEFORE_VERDICT, issue.estate_id)
    found = [like.key for like in alike_in_public(_told(issue), *here)]
    rows = [main for _, main in of_incidents.values()]
    rows += _rows([key for key in found if key not in of_incidents])
    told_by = households(rows)
    return tuple(
        Offer(
            code(row.number),
            row.category or kind_of(row.description),
            row.estate_id,
            row.community_id,
            Step(row.step),
            row.received_at,
            told_by[row.id],
            row.number if row.number in actor.held_numbers else "",
            of_incidents[row.id][0] if row.id in of_incidents else None,
        )
        for row in rows
    )


def offered_number(
    issue: ListedIssue, code: Code, chosen: str, incidents: Sequence[IncidentFacts] = ()
) -> str | None:
    """The number behind a code that was offered, also where it was merged or taken back since."""
    mains = [row.number for row in mains_of(incidents).values()]
    if chosen in map(code, mains):
        return next(number for number in mains if code(number) == chosen)
    sharing, _ = sharing_with(issue.description, issue.id)
    at_these = _at(issue.community_id, (*BEFORE_VERDICT, Step.MERGED, Step.WITHDRAWN))
    numbers = Issue.select(Issue.number).where(Issue.id.in_(sharing), *at_these).tuples()
    return next((number for (number,) in numbers.iterator() if code(number) == chosen), None)


def _candidates(
    issue: ListedIssue, steps: Sequence[Step], estate_id: str | None = None
) -> tuple[list[Compared], Rarity]:
    """Those at these steps that share most with the issue and were not kept apart from it.

    Of its community, or of one estate of it.
    """
    sharing, rarity = sharing_with(issue.description, issue.id)
    found = _comparable.tuples(sharing, issue.id, issue.community_id, frozenset(steps), estate_id)
    told = {row[0]: Compared._make(row) for row in found}
    return [told[one] for one in sharing if one in told][:COMPARED], rarity


@prepared
def _comparable(
    ids: Sequence[int],
    own_id: int,
    community_id: str,
    steps: frozenset[Step],
    estate_id: str | None,
) -> "ModelSelect[Issue]":
    later = KeptApart.select(KeptApart.second).where(KeptApart.first == own_id)
    earlier = KeptApart.select(KeptApart.first).where(KeptApart.second == own_id)
    # Plain columns: building hundreds of rows would cost more than comparing them. Chosen by id
    # alone, whatever index the planner would prefer for community and step.
    found = Issue.select(
        Issue.id,
        Issue.description,
        Issue.location,
        Issue.estate_id,
        Issue.category,
        Issue.received_at,
    ).where(
        Issue.id.in_(ids),
        *_at(community_id, steps),
        Issue.id.not_in(later),
        Issue.id.not_in(earlier),
    )
    return found if estate_id is None else found.where(Issue.estate_id == estate_id)


def _at(community_id: str, steps: Iterable[Step]) -> tuple[Expression, Expression]:
    here: Expression = Issue.community_id.concat("") == community_id
    return here, Issue.step.concat("").in_(sorted(step.value for step in steps))


def sharing_with(text: str, own_id: int = 0) -> tuple[list[int], Rarity]:
    """The issues that share most of a text's words, and how rare those are in the register."""
    letter = read(text)
    wanted = _wanted(letter)
    last, found = newest(wanted)
    hits = dict(zip(wanted, found, strict=True))
    counts = {part: _counted(ids, last) for part, ids in hits.items()}
    for word in letter.words:
        known = [counts[part] for part in parts(word) if part in counts]
        if known:
            counts[word] = min(known)
    rarity = Rarity(last, counts)
    shared: dict[int, float] = {}
    for part, told in rarity.weights(letter.words).items():
        for one in hits.get(part, ()):
            shared[one] = shared.get(one, 0.0) + told
    shared.pop(own_id, None)
    return nlargest(SHARING, shared, key=lambda one: (shared[one], one)), rarity


def _wanted(letter: Letter) -> list[str]:
    """The parts of a letter's words that tell most."""
    told: Mapping[str, float] = Rarity().weights(letter.words)
    return sorted((part for part in told if len(part) > 1), key=lambda p: -told[p])[:ASKED]


def _counted(ids: Sequence[int], last: int) -> int:
    """About how many issues there are like these, of which the newest are known."""
    return len(ids) if len(ids) < NEWEST else round(NEWEST * last / (last - ids[-1] + 1))


def _rows(ids: Sequence[int]) -> list[Issue]:
    """These issues, in this order."""
    rows = {row.id: row for row in _these.rows(ids)} if ids else {}
    return [rows[key] for key in ids]


@prepared
def _these(ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.id.in_(ids))


def _told(issue: ListedIssue) -> Compared:
    return Compared(
        issue.id,
        issue.description,
        issue.location,
        issue.estate_id,
        issue.category,
        issue.received_at,
    )
