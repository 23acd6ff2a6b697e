"""What the blueprints share: the circle, the time, who is asking, and which tickets they hold."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from flask import Flask, Request, abort, current_app, flash, g, request, session
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.casework import Browser
from forms_app.community import Circle, DataError
from forms_app.community.current_circle import CurrentCircle
from forms_app.issues.access import Actor, resident
from forms_app.queries import SignedIn
from forms_app.rules import keys
from forms_app.rules.keys import CodeKey
from forms_app.rules.sessions import ACTIVE_EVERY, PRESSED_TWICE, Kind, browser_words, key_after
from forms_app.rules.steps import HANDED, NATURES, Role
from forms_app.settings import Settings
from forms_app.web.forms.base import GATE_FIELDS, OnceForm
from forms_app.web.languages import translated

# What a view returns.
Page = str | tuple[str, int] | Response

# A browser's session remembers this many answers; a cookie must stay small.
ALONE_KEPT = 20
# What pages ask for by themselves.
RENEWALS = ("board.renewed", "board.wall")
# So many of what was reported here shows its ticket again.
GIVEN_KEPT = 5
# What cookies held before tickets were kept on the server.
_FORMER = ("held", "new_ticket", "own_ticket")


def current_circle() -> Circle:
    """The community's data as they are now."""
    return cast(CurrentCircle, current_app.extensions["circle"]).get()


def current_state() -> str:
    """What tells these data from others."""
    return cast(CurrentCircle, current_app.extensions["circle"]).state


def current_mistakes() -> tuple[DataError, ...]:
    """What is wrong with the community's files; `current_circle` is older then."""
    return cast(CurrentCircle, current_app.extensions["circle"]).refused


def this_moment() -> datetime:
    """This moment, in whole seconds, UTC; tests give the app a clock of their own."""
    return moment_of(current_app)


def moment_of(app: Flask) -> datetime:
    """This moment by the clock of an app."""
    clock = cast(Callable[[], datetime], app.extensions["clock"])
    return clock().replace(microsecond=0)


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


def keep_signed_in(account_id: int, kind: Kind = Kind.DESK) -> None:
    """Signs somebody in: for a working day, for the wall alone and beyond the browser's end, or
    until the code of their second factor.
    """
    browser = browser_words(request.user_agent.string)
    key = casework.begin_session(account_id, kind=kind, browser=browser, now=this_moment())
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


def sign_out() -> None:
    """Ends this browser's sessions, here and on the server: a copy of its cookie opens nothing."""
    for kind in Kind:
        if session_key(kind):
            casework.end_session(session_key(kind), now=this_moment())
    let_tickets_go()
    session.clear()


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


def browser_with(secret: str) -> Browser:
    """This browser, which shows the secret of a ticket; `keep_open` gives it its new key."""
    came_with = tickets_key()
    return Browser(came_with, key_after(server_key(), came_with, secret))


def keep_open(browser: Browser) -> None:
    """Keeps the key by which the browser's tickets are open on the server."""
    forget_former()
    session["tickets"] = browser.key
    g.pop("held", None)


def forget_former() -> None:
    """Takes out of a cookie of before what it no longer holds: tickets among it."""
    for name in _FORMER:
        session.pop(name, None)


def tickets_key() -> str:
    """The key that this browser holds its tickets by; "" for none."""
    key = session.get("tickets")
    return key if isinstance(key, str) else ""


def give_ticket(number: str, seed: str) -> None:
    """Has the page of an issue that was reported here show its ticket: once in full, then folded.

    The seed is nothing without the server's key, by which the ticket is derived from it.
    """
    session["given"] = [*_given_but(number), [number, seed]][-GIVEN_KEPT:]
    session["shown"] = number


def given_ticket(number: str) -> str:
    """The ticket that this browser was given of an issue which is open in it; "" for none."""
    seeds = [seed for given, seed in session.get("given", []) if given == number]
    if not seeds or number not in held_numbers():
        return ""
    return keys.format_ticket(number, keys.ticket_secret(server_key(), seeds[-1]))


def forget_given(number: str) -> None:
    """Shows the ticket that was given of this issue no more: another one has come."""
    session["given"] = _given_but(number)


def _given_but(number: str) -> list[list[str]]:
    return [kept for kept in session.get("given", []) if kept[0] != number]


def keep_alone(number: str) -> None:
    """This browser's resident has looked at the offers: the issue is not the same as another."""
    looked = [kept for kept in session.get("alone", []) if kept != number]
    session["alone"] = [*looked, number][-ALONE_KEPT:]


def is_woken_here(number: str, public_key: str) -> bool:
    """Whether this browser is woken when there is news of the issue."""
    return bool(public_key) and queries.is_woken(number, tickets_key(), public_key)


def is_kept_alone(number: str) -> bool:
    """Whether they have said so."""
    return number in session.get("alone", [])


def holder(form: OnceForm | None = None) -> Actor:
    """The resident behind this browser's session, pressing this form if any."""
    return resident(*held_numbers(), press=form.key if form else "")


def held_numbers() -> frozenset[str]:
    """The issues that are open in this browser, asked once a request; without a key not at all."""
    if "held" not in g:
        key = tickets_key()
        g.held = queries.held_numbers(key, this_moment()) if key else frozenset()
    return cast(frozenset[str], g.held)


def let_tickets_go() -> None:
    """Ends every ticket open in this browser, which may be a shared one, here and on the server."""
    if tickets_key():
        casework.leave_tickets(tickets_key())
    for name in ("tickets", "given", "shown", "alone"):
        session.pop(name, None)
    forget_former()
    g.pop("held", None)


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


def unit_names(handlers: Iterable[queries.HandlerFacts]) -> str:
    """Who leads or assists, as people call them."""
    return "、".join(
        one.person or current_circle().unit_name(one.organization_id) for one in handlers
    )


def named(field: str, value: str, people: Mapping[str, str]) -> str:
    """A corrected value as people call it; `people` are the case's own."""
    if field == "nature":
        return NATURES.get(value, "（空）")
    if field in HANDED:
        return people.get(value, value)
    known: Mapping[str, Any] = {
        "community_id": current_circle().communities,
        "estate_id": current_circle().estates,
        "category": current_circle().categories,
    }.get(field, {})
    return known[value].name if value in known else value or "（空）"
