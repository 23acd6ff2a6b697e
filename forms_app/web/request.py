"""What the blueprints share: the circle, the time, and who of the staff is asking."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from flask import Flask, Request, abort, current_app, flash, g, request, session
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.community import Circle, DataError
from forms_app.community.current_circle import CurrentCircle
from forms_app.issues.access import Actor
from forms_app.queries import SignedIn
from forms_app.rules.day_parts import first_answer_when
from forms_app.rules.keys import CodeKey
from forms_app.rules.said import listed, said
from forms_app.rules.sessions import ACTIVE_EVERY, PRESSED_TWICE, Kind, browser_words, key_after
from forms_app.rules.steps import ENDED, HANDED, NATURES, Role
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings
from forms_app.web.forms.base import GATE_FIELDS, OnceForm
from forms_app.web.languages import translated

# What a view returns.
Page = str | tuple[str, int] | Response

# What pages ask for by themselves.
RENEWALS = ("board.renewed", "board.wall")


def current_circle() -> Circle:
    """The community's data as they are now."""
    return cast(CurrentCircle, current_app.extensions["circle"]).get()


def current_state() -> str:
    """What tells these data from others."""
    return cast(CurrentCircle, current_app.extensions["circle"]).state


def data_changed_at() -> datetime:
    """When a file of these data was changed last."""
    return cast(CurrentCircle, current_app.extensions["circle"]).changed_at


def current_mistakes() -> tuple[DataError, ...]:
    """What is wrong with the community's files; `current_circle` is older then."""
    return cast(CurrentCircle, current_app.extensions["circle"]).refused


def this_moment() -> datetime:
    """This moment, in whole seconds, UTC; tests give the app a clock of their own."""
    return moment_of(current_app)


def this_day() -> date:
    """The day that this moment is of."""
    return local_day(this_moment())


def moment_of(app: Flask) -> datetime:
    """This moment by the clock of an app."""
    clock = cast(Callable[[], datetime], app.extensions["clock"])
    return clock().replace(microsecond=0)


def answered_when() -> str:
    """By when whoever reports something at this moment is answered."""
    return first_answer_when(current_circle().clocks, this_moment())


def settings() -> Settings:
    """The settings of this installation."""
    return cast(Settings, current_app.extensions["settings"])


def staff() -> Actor | None:
    """Who is signed in, asked once a request; nobody as long as they have something to do first.

    So every page and every form is shut to them, but those that ask for `halfway`.
    """
    found = _at_desk()
    return found.actor if found is not None and found.wants is None else None


def halfway() -> SignedIn | None:
    """Who is signed in and has something to do before anything opens to them."""
    found = _at_desk()
    return found if found is not None and found.wants is not None else None


def look_again() -> None:
    """Whoever is signed in is somebody else now, or has done what they had to do."""
    g.pop("signed_in", None)
    g.pop("csrf_token", None)  # of the session before


def _at_desk() -> SignedIn | None:
    if "signed_in" not in g:
        g.signed_in = _signed_in(Kind.DESK) or _signed_in(Kind.HALF) or _pressed_twice()
    return cast(SignedIn | None, g.signed_in)


def _pressed_twice() -> SignedIn | None:
    """Whose code was taken a moment ago, when they pressed the button for the first time."""
    half = session_key(Kind.HALF)
    if not half:
        return None
    key = key_after(server_key(), half, Kind.DESK)
    found = queries.signed_in(current_circle(), key, Kind.DESK, this_moment(), PRESSED_TWICE)
    if found is not None:
        _hold_whole(key)
    return found


def called_here() -> str:
    """How a list of sessions calls this browser."""
    return browser_words(request.user_agent.string)


def hold_session(key: str, kind: Kind) -> None:
    """This browser holds a session that was begun: for a working day, for the wall alone and beyond
    the browser's end, or until the code of a second factor.
    """
    session.permanent = kind is Kind.WALL
    session[kind.value] = key


def keep_wholly_signed_in() -> None:
    """Signs in who has proved their second factor as well, with a key that nobody had before."""
    half = session_key(Kind.HALF)
    key = key_after(server_key(), half, Kind.DESK)
    casework.make_whole(half, key, now=this_moment())
    _hold_whole(key)


def _hold_whole(key: str) -> None:
    session.pop(Kind.HALF.value, None)
    session[Kind.DESK.value] = key


def session_key(kind: Kind = Kind.DESK) -> str:
    """The key of this browser's session; "" where nobody signed in."""
    key = session.get(kind.value)
    return key if isinstance(key, str) else ""


def _signed_in(kind: Kind) -> SignedIn | None:
    key, now = session_key(kind), this_moment()
    found = queries.signed_in(current_circle(), key, kind, now) if key else None
    if found is not None and now - found.active_at >= ACTIVE_EVERY and _is_somebodys():
        casework.still_active(key, now=now)
    return found


def _is_somebodys() -> bool:
    """Whether somebody did this, and not a page that renews itself or looks for a line."""
    is_sent = request.method == "POST"
    return is_sent or (opens_page() and request.endpoint not in RENEWALS)


def opens_page() -> bool:
    """Whether a page is opened, and it is no script that asks for it. Old browsers do not tell.

    Asked by its mode: where the staff's worker passes it on, its destination is gone.
    """
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def wall_viewer() -> Actor | None:
    """On whose behalf this browser shows the wall; None once that is over or their password new."""
    found = _signed_in(Kind.WALL)
    return found.actor if found is not None and found.wants is None else None


def need_staff(roles: Sequence[Role] | None = None) -> Actor:
    """The signed-in member of staff, of one of these roles if any are given; else an error page."""
    actor = staff()
    if actor is None:
        abort(401)
    if roles is not None and actor.role not in roles:
        abort(403)
    return actor


def say(text: str, kind: str = "ok") -> None:
    """A notice on the next page; kinds: ok, warning, error."""
    flash(translated(text), kind)


def form_key(form: OnceForm) -> str:
    """The same for the same words sent by one form again; other words are another submit.

    A form sent without its own key counts once for the same words from a session.
    """
    left_out = {"csrf_token", "form_key", "photos"} | GATE_FIELDS
    typed = [f"{name}={value}" for name, value in sorted(form.data.items()) if name not in left_out]
    seed = "\n".join([form.key or session.get("csrf_token", ""), *typed])
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def public_address() -> str:
    """Where residents reach the forms, with its closing slash."""
    known = current_app.config["PUBLIC_URL"]
    return f"{known}/" if known else request.root_url


def tag_of(*state: object) -> str:
    """What tells this state of a page from others: 24 hexadecimal digits."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:24]


def page_number(name: str = "page") -> int | None:
    """Which page of a long list the address asks for, 1 … 9999; None where it asks for none."""
    asked = request.args.get(name, "")
    return int(asked) if re.fullmatch(r"[1-9][0-9]{0,3}", asked) else None


def private_link(ticket: str) -> str:
    """What opens an issue with its ticket; that stands behind `#`, where no server reads it."""
    return f"{public_address()}issues/#{ticket}"


def is_elder() -> bool:
    """Whether the reader of this page has chosen the elder version."""
    return chose_elder(request)


def chose_elder(request: Request) -> bool:
    """Whether whoever asks has chosen the elder version."""
    return request.cookies.get("elder") == "1"


def server_key() -> str:
    """The key that tickets are derived from."""
    return str(current_app.secret_key)


def code_key() -> CodeKey:
    """The key under which tickets and one-time links are kept."""
    return settings().code_key


def as_called(found: queries.Case) -> Circle:
    """The circle with the names that a case is told with: once it is over, those of then."""
    circle = current_circle()
    if found.step not in ENDED:
        return circle
    return circle.as_of(found.issue.closed_at or found.newest.made_at)


def unit_names(handlers: Iterable[queries.HandlerFacts], circle: Circle) -> str:
    """Who leads or assists, as people call them; of whoever has left, that they have."""
    names = [
        (one.person or circle.unit_name(one.organization_id), one.has_left) for one in handlers
    ]
    return listed(
        said("%(name)s（账号已停用）", name=name) if has_left else name for name, has_left in names
    )


def named(field: str, value: str, people: Mapping[str, str]) -> str:
    """A corrected value as people call it; `people` are the case's own."""
    if field == "nature":
        return NATURES.get(value, "（空）")
    if field in HANDED:
        return people.get(value, value)
    circle = current_circle()
    known = {
        "community_id": circle.unit_name,
        "estate_id": circle.estate_name,
        "category": circle.category_name,
    }
    return known.get(field, str)(value) or "（空）"
