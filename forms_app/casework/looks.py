"""Who unfolded a resident's name and phone: written before either is shown."""

from datetime import datetime

from forms_app.casework.errors import NotAllowed
from forms_app.casework.turn import load
from forms_app.issues.access import Actor
from forms_app.rules.worktime import local_day
from forms_app.store.database import writing
from forms_app.store.models import ContactLook, Issue


def look_at_contacts(actor: Actor, number: str, *, now: datetime) -> None:
    """Notes that the actor looks at the contacts of this issue; again on the same day counts once.

    Nothing is noted where none were left. Raises IssueUnknown, and NotAllowed for those whom
    contacts do not concern.
    """
    if not actor.sees_contacts or actor.account_id is None:
        raise NotAllowed
    with writing():
        issue = load(actor, number)
        columns = (Issue.reporter_name, Issue.reporter_phone, Issue.reporter_email)
        if not any(column.is_left(issue) for column in columns):
            return
        # Writers wait for one another: nobody can have come in between.
        look = {
            "issue": issue.id,
            "account": actor.account_id,
            "looked_on": local_day(now).isoformat(),
        }
        if ContactLook.get_or_none(**look) is None:
            ContactLook.create(
                **look, made_at=now, actor_name=actor.name, actor_role=actor.role.value,
                place_id=actor.place_id,
            )  # fmt: skip
