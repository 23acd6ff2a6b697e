"""What the blueprints share: the circle, the time, who is asking, and which tickets they hold."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from flask import abort, current_app, flash, g, session

from forms_app import reports
from forms_app.access import Actor, resident
from forms_app.current_circle import CurrentCircle
from forms_app.forms.base import OnceForm
from forms_app.procedure import Role
from forms_app.records import Circle

# A browser's session remembers this many opened tickets; a cookie must stay small.
TICKETS_HELD = 20


def circle() -> Circle:
    """The community's data as they are now."""
    return cast(CurrentCircle, current_app.extensions["circle"]).get()


def now() -> datetime:
    """This moment, in whole seconds, UTC; tests give the app a clock of their own."""
    clock = cast(Callable[[], datetime], current_app.extensions["clock"])
    return clock().replace(microsecond=0)


def staff() -> Actor | None:
    """Who is signed in, asked once a request."""
    if "staff" not in g:
        account = session.get("account")
        g.staff = reports.signed_in(*account) if account else None
    return cast(Actor | None, g.staff)


def need_staff(roles: Sequence[Role] | None = None) -> Actor:
    """The signed-in member of staff, of one of these roles if any are given; else an error page."""
    actor = staff()
    if actor is None:
        abort(401)
    if roles is not None and actor.role not in roles:
        abort(403)
    return actor


def hold_ticket(number: str) -> None:
    """Opens the issue in this browser's session."""
    held = [kept for kept in session.get("held", []) if kept != number]
    session["held"] = [*held, number][-TICKETS_HELD:]


def holder() -> Actor:
    """The resident behind this browser's session."""
    return resident(*session.get("held", []))


def say(text: str, kind: str = "ok") -> None:
    """A notice on the next page; kinds: ok, warning, error."""
    flash(text, kind)


def form_key(form: OnceForm) -> str:
    """The form's key, or for one sent without it the same key for the same words from a session."""
    if form.key:
        return form.key
    typed = "\n".join(f"{k}={v}" for k, v in sorted(form.data.items()) if k != "csrf_token")
    seed = f"{session.get('csrf_token', '')}\n{typed}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def server_key() -> str:
    """The key that tickets are derived from."""
    return str(current_app.secret_key)
