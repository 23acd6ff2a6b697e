"""Where the administrator begins: what wants them, what the site does not show yet, what the office
has fed, and the accounts. It shows nothing of any issue."""

from collections.abc import Iterator

from flask import render_template
from msgspec import Struct

from forms_app import queries
from forms_app.backups import record
from forms_app.backups.record import Outcome
from forms_app.community import Circle
from forms_app.content.differences import Difference, unpublished
from forms_app.content.kinds import KINDS
from forms_app.content.offers import names_in
from forms_app.doctor.checks import by_light, examine
from forms_app.doctor.finding import LIGHT_WORDS, Light
from forms_app.issues.access import Actor
from forms_app.office import sample
from forms_app.publishing.releases import made_from
from forms_app.rules.said import said
from forms_app.web.forms.base import Form
from forms_app.web.health import facts_now
from forms_app.web.publishing import press
from forms_app.web.request import current_circle, settings, this_moment
from forms_app.web.staff.accounts import AccountRow, account_rows
from forms_app.web.staff.content import FILES
from forms_app.web.staff.doctor import TAGS
from forms_app.web.staff.first_steps import is_setting_up, steps_now

SHOWN = 5  # of what is to be done, of changes and of accounts


class Tile(Struct, frozen=True):
    """What there is of one kind, and where it is changed."""

    label: str
    count: int
    path: str  # below staff/
    lacks: str = ""


def page(actor: Actor) -> str:
    """The page."""
    circle = current_circle()
    has_sample = sample.is_in(settings())
    steps = steps_now() if not has_sample and is_setting_up() else []
    lines = by_light(examine(facts_now()))
    wanting = [(check, one) for check, one in lines if one.light is not Light.GREEN]
    waiting = unpublished(settings(), made_from(settings().build), names_in(circle)) or ()
    rows = account_rows()
    return render_template(
        "staff/admin_home.html",
        form=Form(formdata=None),
        steps=steps,
        has_sample=has_sample,
        left=sum(not one.is_done for one in steps),
        wanting=wanting[:SHOWN],
        more=max(0, len(wanting) - SHOWN),
        red=sum(one.light is Light.RED for _, one in wanting),
        yellow=sum(one.light is Light.YELLOW for _, one in wanting),
        good=[check for check, one in lines if one.light is Light.GREEN],
        waiting=_grouped(waiting)[:SHOWN],
        waiting_count=len(_grouped(waiting)),
        going=press().now,
        last=press().last,
        tiles=tuple(_tiles(circle)),
        rows=_first(rows),
        account_count=sum(one.disabled_at is None for one, _, _ in rows),
        in_hand=queries.in_hand_counts(),
        failed=queries.failed_notices(actor),
        backups=_backups(),
        now=this_moment(),
        FILES=FILES,
        LIGHT_WORDS=LIGHT_WORDS,
        TAGS=TAGS,
    )


def _grouped(waiting: tuple[Difference, ...]) -> list[Difference]:
    return list(dict.fromkeys(waiting))


def _first(rows: list[AccountRow]) -> list[AccountRow]:
    """Those that want something first: shut out, lost, with a letter that they have not used."""

    def wants(row: AccountRow) -> int:
        account, state, lost = row
        if account.disabled_at:
            return 4
        if state.locked_until:
            return 0
        if lost:
            return 1
        return 2 if state.last_in_at is None and state.has_first_password else 3

    return sorted(rows, key=wants)[:SHOWN]


def _tiles(circle: Circle) -> Iterator[Tile]:
    yield Tile("活动", len(circle.activities), "activities")
    silent = sum(not one.phone for one in circle.departments.values())
    counted = {
        "services": len(circle.services),
        "venues": len(circle.venues),
        "estates": len(circle.estates),
        "entrances": len(circle.entrances),
        "departments": len(circle.departments),
        "zones": len(circle.zones),
        "opinions": len(circle.opinions),
    }
    for kind, count in counted.items():
        lacks = said("%(count)s家没电话", count=silent) if silent and kind == "departments" else ""
        yield Tile(KINDS[kind].name, count, f"records/{kind}", lacks)


def _backups() -> list[tuple[str, Outcome, bool]]:
    """Each place of backups by name, how the last one went, and whether the good one is too old."""
    kept = record.read(settings().private_dir)
    names = ("这台机器上", "第二处")
    found = [kept.get(str(place), record.NEVER) for place in settings().backup_places]
    return [
        (name, one, one.is_late(this_moment())) for name, one in zip(names, found, strict=False)
    ]
