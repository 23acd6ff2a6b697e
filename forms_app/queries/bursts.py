"""What was set aside together, so that it can be taken back together."""

from forms_app.issues.access import Actor, visible_to
from forms_app.store.models import Issue


def set_aside_with(actor: Actor, issue_id: int, limit: int) -> tuple[str, ...]:
    """The numbers of what one press set aside, this issue among them, as far as they see them."""
    own = Issue.select(Issue.aside_press).where(Issue.id == issue_id)
    # The words of the index: of all that there is, it holds what is set aside alone.
    rows = (
        Issue.select(Issue.number)
        .where(Issue.aside_press == own, Issue.aside_press != "", visible_to(actor))
        .order_by(Issue.id)
        .limit(limit)
    )
    return tuple(number for (number,) in rows.tuples().iterator())
