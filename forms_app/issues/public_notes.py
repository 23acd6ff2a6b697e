"""Who may write the public note of an issue, and who reviews it: rules with their SQL beside them.

It writes nothing. Either rule is asked of issues that somebody may see.
"""

from peewee import Expression

from forms_app.issues.access import ACTS_AS, EVERY, Actor, Rule
from forms_app.issues.own_photos import are_residents
from forms_app.rules.steps import Role
from forms_app.store.models import Entry, Issue, Photo
from forms_app.store.public_notes import PublicNote

# Whose account may have to do with public notes at all.
NOTE_ROLES = (
    Role.WORKER,
    Role.COMMUNITY_LEADER,
    Role.SUBDISTRICT_LEADER,
    Role.DISTRICT_OFFICE,
)
# The community's leader, or whoever stands in.
REVIEWS: Rule[Actor] = ACTS_AS[Role.COMMUNITY_LEADER]


def _writes(actor: Actor, issue: Issue) -> bool:
    return actor.role is Role.WORKER or REVIEWS.holds(actor, issue)


def _written_by(actor: Actor) -> Expression:
    return EVERY if actor.role is Role.WORKER else REVIEWS.where(actor)


WRITES: Rule[Actor] = Rule(_writes, _written_by)


def is_running() -> Expression:
    """The condition on notes that nobody has taken back or down, in words that an index knows."""
    condition: Expression = PublicNote.ended_at.is_null()
    return condition


def running_note(issue_id: int) -> PublicNote | None:
    """The consent that an issue has now, with what came of it."""
    found: PublicNote | None = (
        PublicNote.select().where(PublicNote.issue == issue_id, is_running()).first()
    )
    return found


def staff_photos(issue_id: int) -> list[str]:
    """The keys of an issue's photos that no resident took or sent, in their order."""
    rows = (
        Photo.select(Photo.key)
        .join(Entry)
        .where(Photo.issue == issue_id, ~are_residents())
        .order_by(Photo.id)
    )
    return [row.key for row in rows]
