"""What a resident left of themselves, for whoever may see it, and who of the staff looked at it."""

from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor, visible_issue, visible_to
from forms_app.issues.driving import beside
from forms_app.queries.facts import facts
from forms_app.rules.steps import Role
from forms_app.store.models import ContactLook, Issue

LOOKS_SHOWN = 200
LOOK_READERS = (Role.SUPERVISOR, Role.SUBDISTRICT_LEADER, Role.COMMUNITY_LEADER)


class Contacts(Struct, frozen=True):
    """How a resident is called and reached; "" for what they did not leave."""

    name: str
    phone: str
    email: str

    @property
    def left(self) -> tuple[str, ...]:
        """Which of them they left, by name."""
        return tuple(one for one in ("name", "phone", "email") if getattr(self, one))


class LookFacts(Struct, frozen=True):
    """Somebody looked at the contacts of an issue; the first time of that day."""

    made_at: datetime
    actor_name: str
    actor_role: str
    place_id: str
    number: str


def is_theirs_to_see(actor: Actor) -> bool:
    """Whether contacts are shown to them at all: to their owner, and to who calls residents."""
    return actor.sees_contacts or actor.role is Role.RESIDENT


def contacts_in(issue: Issue) -> Contacts:
    """All of them, of a row; whoever asks knows that they may be shown."""
    return Contacts(issue.reporter_name, issue.reporter_phone, issue.reporter_email)


def left_in(issue: Issue) -> tuple[str, ...]:
    """Which of them were left, by name; they are not opened."""
    columns = {
        "name": Issue.reporter_name,
        "phone": Issue.reporter_phone,
        "email": Issue.reporter_email,
    }
    return tuple(name for name, column in columns.items() if column.is_left(issue))


def contacts_of(actor: Actor, number: str) -> Contacts | None:
    """Those of an issue; None where the issue or its contacts are not the actor's to see."""
    issue = visible_issue(actor, number) if is_theirs_to_see(actor) else None
    return contacts_in(issue) if issue is not None else None


def looks(actor: Actor, number: str = "") -> list[LookFacts]:
    """The newest looks at the issues that the actor sees, of one issue if a number is given.

    None for those who do not oversee them: a resident reads of their own.
    """
    if actor.role not in (*LOOK_READERS, Role.RESIDENT):
        return []
    found = (
        ContactLook.select(ContactLook, Issue)
        .join(Issue)
        .where(beside(visible_to(actor)))
        .order_by(ContactLook.id.desc())
        .limit(LOOKS_SHOWN)
    )
    if number:
        found = found.where(Issue.number == number)
    return [facts(LookFacts, row, number=row.issue.number) for row in found]
