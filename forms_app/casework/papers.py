"""Numbered paper forms: printed, handed out, and entered once."""

from datetime import datetime

from forms_app.casework.errors import NotAllowed, NotPossible
from forms_app.casework.reach import check_place, check_reach
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.keys import form_key_hash, paper_serial, parse_paper_serial
from forms_app.rules.procedure import find_move
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.store.counts import Counter
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.sheets import PaperForm

MOST_SHEETS = 50


def print_papers(
    circle: Circle, actor: Actor, community_id: str, count: int, *, form_key: str, now: datetime
) -> list[str]:
    """The serials of a new block of sheets; or of the block that the same form made before."""
    if actor.role is Role.RESIDENT or actor.role not in find_move("submit", None).who:
        raise NotAllowed
    check_place(circle, community_id)
    check_reach(circle, actor, community_id)
    if not 1 <= count <= MOST_SHEETS:
        raise NotPossible("count", said("一次印1到%(most)s张。", most=MOST_SHEETS))
    batch = form_key_hash(form_key)
    with writing():
        printed = PaperForm.select().where(PaperForm.batch == batch).order_by(PaperForm.id)
        serials = [paper.serial for paper in printed]
        if serials:
            return serials
        serials = _next_serials(now, count)
        PaperForm.insert_many(
            [
                {
                    "serial": serial,
                    "batch": batch,
                    "community_id": community_id,
                    "printed_at": now,
                    "printed_by": actor.account_id,
                }
                for serial in serials
            ]
        ).execute()
    return serials


def check_paper(typed: str) -> PaperForm:
    """The sheet of this number, if it was printed and not yet entered; only in a transaction."""
    serial = parse_paper_serial(typed)
    if serial is None:
        raise NotPossible("paper", "纸质编号抄错了，请对照纸上再看一遍，例如 P26-000123-4。")
    paper: PaperForm | None = PaperForm.get_or_none(PaperForm.serial == serial)
    if paper is None:
        raise NotPossible(
            "paper", said("没有印过编号是 %(serial)s 的纸，请对照纸上再看一遍。", serial=serial)
        )
    if paper.issue is not None:
        raise NotPossible(
            "paper", said("这张纸已经登记过了，是问题 %(number)s。", number=paper.issue.number)
        )
    return paper


def enter_paper(paper: PaperForm, issue: Issue) -> None:
    """Keeps which issue the sheet became."""
    PaperForm.update(issue=issue).where(PaperForm.id == paper.id).execute()


def _next_serials(now: datetime, count: int) -> list[str]:
    year = now.astimezone(CHINA).strftime("%y")
    name = f"papers-{year}"
    Counter.insert(name=name, value=0).on_conflict_ignore().execute()
    Counter.update(value=Counter.value + count).where(Counter.name == name).execute()
    last: int = Counter.get(Counter.name == name).value
    return [paper_serial(year, value) for value in range(last - count + 1, last + 1)]
