"""Paper forms: which are still out, and what became of one."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor, visible_issue
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.keys import parse_paper_serial
from forms_app.store.accounts import Account
from forms_app.store.sheets import PaperForm

LISTED = 200


class PaperFacts(Struct, frozen=True):
    """A numbered sheet that was printed."""

    serial: str
    community_id: str
    printed_at: datetime
    printed_by: str
    is_entered: bool


def papers_out(community_ids: Iterable[str]) -> tuple[list[PaperFacts], int]:
    """Sheets printed for these communities and not entered yet: the oldest ones, and how many."""
    is_out = PaperForm.issue.is_null() & PaperForm.community_id.in_(list(community_ids))
    rows = PaperForm.select(PaperForm, Account).join(Account).where(is_out)
    listed = [_paper(row) for row in rows.order_by(PaperForm.id).limit(LISTED)]
    return listed, PaperForm.select().where(is_out).count()


def paper(actor: Actor, typed: str) -> tuple[PaperFacts | None, ListedIssue | None]:
    """The sheet of this number, and its issue where this actor may see it.

    Other sub-districts' sheets are as unknown as those that were never printed.
    """
    serial = parse_paper_serial(typed)
    rows = PaperForm.select(PaperForm, Account).join(Account).where(PaperForm.serial == serial)
    found: PaperForm | None = rows.first() if serial else None
    if found is None or not actor.reaches(found.community_id):
        return None, None
    issue = visible_issue(actor, found.issue.number) if found.issue is not None else None
    return _paper(found), None if issue is None else facts(ListedIssue, issue)


def paper_of(issue_id: int) -> str:
    """The serial of the sheet that the issue came on; "" if it came otherwise."""
    found = PaperForm.get_or_none(PaperForm.issue == issue_id)
    return "" if found is None else found.serial


def _paper(row: PaperForm) -> PaperFacts:
    return facts(
        PaperFacts,
        row,
        printed_by=row.printed_by.display_name,
        is_entered=row.__data__["issue"] is not None,
    )
