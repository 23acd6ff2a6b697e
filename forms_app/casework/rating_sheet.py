"""Ratings that staff were told at the door or got on paper: a sheet at once, and counted apart."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from forms_app.casework.errors import CaseError, NotAllowed, NotPossible
from forms_app.casework.intake import ENTERED_WITHIN_DAYS
from forms_app.casework.rating import Given, Holder, check_given, keep_rating, open_issue
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.bad_ratings import BAD_LEVELS, WAYS
from forms_app.rules.keys import form_key_hash
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA, local_day
from forms_app.store.database import writing
from forms_app.store.models import Rating

ENTERERS = (Role.COLLECTOR, Role.WORKER, Role.COMMUNITY_LEADER)


class RowsRefused(CaseError):
    """Some rows cannot be kept, so none was; `rows` says what is wrong with each, by its place."""

    def __init__(self, rows: Mapping[int, NotPossible]) -> None:
        self.rows = rows
        super().__init__()


def enter_ratings(
    circle: Circle,
    actor: Actor,
    rows: Mapping[int, Given],
    *,
    way: str,
    told_on: date,
    form_key: str,
    now: datetime,
) -> list[str]:
    """Keeps all rows of a sheet, by their places on it, or none; once a form.

    The numbers of the issues that bad ones with a reason led to, of the actor's own community:
    nobody holds their tickets until one is given out. Raises RowsRefused, and NotPossible for what
    is wrong with the sheet as a whole.
    """
    if actor.role not in ENTERERS or not actor.community_id:
        raise NotAllowed
    if way not in WAYS:
        raise NotPossible("way", "请选是怎么问的。")
    today = local_day(now)
    if told_on > today:
        raise NotPossible("told_on", "日期不能晚于今天。")
    if told_on < today - timedelta(days=ENTERED_WITHIN_DAYS):
        raise NotPossible(
            "told_on", said("最多补录%(days)s天以内的评价。", days=ENTERED_WITHIN_DAYS)
        )
    if not rows:
        raise NotPossible("", "一行也没有填。请至少填一行。")
    # Of an earlier day nobody knows the hour; its end is surely after what was rated began.
    made_at = now if told_on == today else datetime.combine(told_on, time(23, 59), CHINA)
    _check(circle, rows, made_at)
    keys = {place: form_key_hash(f"{form_key} {place}") for place in rows}
    opened = []
    with writing():
        if Rating.select().where(Rating.form_key_hash.in_(list(keys.values()))).exists():
            made = Rating.select().where(Rating.form_key_hash.in_(list(keys.values())))
            return [row.issue.number for row in made.order_by(Rating.id) if row.issue is not None]
        for place, given in sorted(rows.items()):
            issue = None
            if given.satisfaction in BAD_LEVELS and given.complaint.leads_to_work:
                issue = open_issue(circle, actor, given, keys[place], Holder(), now)
                opened.append(issue.number)
            keep_rating(
                given,
                keys[place],
                made_at,
                now=now,
                issue=issue,
                way=way,
                entered_by=actor.account_id,
            )
    return opened


def _check(circle: Circle, rows: Mapping[int, Given], made_at: datetime) -> None:
    refused = {}
    for place, given in rows.items():
        try:
            check_given(circle, given, made_at)
        except NotPossible as error:
            if error.field == "about":
                raise
            refused[place] = error
    if refused:
        raise RowsRefused(refused)
