"""Pieces of pages that come again and again, drawn once for each content: `piece` in a template.

A piece is a template of its own, drawn with nothing but the values that it is asked for with, where
the app stands and the community's data: it cannot hang on who asks, what they may do, their session
or the time, unless a value says so. A digest of all that is its key: equal pieces are one, whoever
reads them, and none is ever taken for another. tests/web/test_kept_pieces.py holds the templates to
that.
"""

import sys
from collections.abc import Callable
from time import monotonic

from flask import request
from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from forms_app.community import Circle
from forms_app.web.contents import digest
from forms_app.web.languages import SOURCE, as_written, language
from forms_app.web.request import current_circle

# What was not asked for while so much was drawn, or so long, is forgotten: a resident's words do
# not stay for hours when they are erased.
BYTES = 1_000_000
SECONDS = 600
_OF_A_KEY = 100  # bytes, about


class _Held(Struct):
    """The pieces of a while, and those of the while before that nobody has asked for since."""

    circle: Circle | None
    since: float
    before: dict[bytes, Markup]
    pieces: dict[bytes, Markup]
    size: int = 0  # bytes


class KeptPieces:
    """The pieces of one state of the community's data, in Chinese: other pages are few."""

    def __init__(self, environment: Environment, clock: Callable[[], float] = monotonic) -> None:
        self._environment, self._clock = environment, clock
        self._held = _Held(None, 0.0, {}, {})

    def here(self) -> Callable[..., Markup]:
        """What draws a template with these values on this page, by their names."""
        circle, root = current_circle(), request.script_root
        held = self._held_now(circle) if language() == SOURCE else None

        def piece(template: str, **values: object) -> Markup:
            if held is None:
                return self._draw(circle, root, template, values)
            key = digest(root, template, values)
            found = held.pieces.get(key)
            if found is None:
                found = held.before.get(key) or self._draw(circle, root, template, values)
                held.pieces[key] = found
                held.size += sys.getsizeof(found) + _OF_A_KEY
            return found

        return piece

    def _held_now(self, circle: Circle) -> _Held:
        held, now = self._held, self._clock()
        age = now - held.since
        if held.circle is not circle or age >= 2 * SECONDS:
            held = self._held = _Held(circle, now, {}, {})
        elif held.size >= BYTES or age >= SECONDS:
            held = self._held = _Held(circle, now, held.pieces, {})
        return held

    def _draw(self, circle: Circle, root: str, template: str, values: dict[str, object]) -> Markup:
        drawn = self._environment.get_template(template).render(
            circle=circle, site_root=f"{root}/", as_written=as_written(), **values
        )
        return Markup(drawn)  # noqa: S704 (a template of ours has escaped it)
