"""The tickets that this browser holds: opened, given here, let go; the server keeps which."""

from typing import cast

from flask import g, session

from forms_app import casework, queries
from forms_app.casework import Browser
from forms_app.issues.access import Actor, resident
from forms_app.rules import keys
from forms_app.rules.sessions import key_after
from forms_app.web.forms.base import OnceForm
from forms_app.web.request import server_key, this_moment

# A browser's session remembers this many answers; a cookie must stay small.
ALONE_KEPT = 20
# So many of what was reported here shows its ticket again.
GIVEN_KEPT = 5
# What cookies held before tickets were kept on the server.
_FORMER = ("held", "new_ticket", "own_ticket")


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
