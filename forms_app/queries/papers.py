"""Paper forms: which are still out, and what became of one."""

from collections.abc import Iterable

from forms_app.issues.access import Actor, visible_issue
from forms_app.rules.keys import parse_paper_serial
from forms_app.store.models import Issue, PaperForm

LISTED = 200


def papers_out(community_ids: Iterable[str]) -> tuple[list[PaperForm], int]:
    """Sheets printed for these communities and not entered yet: the oldest ones, and how many."""
    out = PaperForm.select().where(
        PaperForm.issue.is_null(), PaperForm.community_id.in_(list(community_ids))
    )
    return list(out.order_by(PaperForm.id).limit(LISTED)), out.count()


def paper(actor: Actor, typed: str) -> tuple[PaperForm | None, Issue | None]:
    """The sheet of this number, and its issue where this actor may see it.

    Other sub-districts' sheets are as unknown as those that were never printed.
    """
    serial = parse_paper_serial(typed)
    found = PaperForm.get_or_none(PaperForm.serial == serial) if serial else None
    if found is None or not actor.reaches(found.community_id):
        return None, None
    if found.issue is None:
        return found, None
    return found, visible_issue(actor, found.issue.number)


def paper_of(issue: Issue) -> str:
    """The serial of the sheet that the issue came on; "" if it came otherwise."""
    found = PaperForm.get_or_none(PaperForm.issue == issue)
    return "" if found is None else found.serial
