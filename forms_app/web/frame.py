"""What every page knows: the circle, who reads it, its language, and its words for codes."""

import re
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, get_flashed_messages, request
from markupsafe import Markup

from forms_app import queries
from forms_app.community import Circle
from forms_app.community.rules import TO_FILL
from forms_app.community.workday_hints import missing_workdays
from forms_app.rules.criteria import CLASS_CRITERIA, URGENCY_CRITERIA
from forms_app.rules.elsewhere import CHANNELS
from forms_app.rules.figures import AFTER_PROJECT
from forms_app.rules.incidents import EVENT_LABELS
from forms_app.rules.incidents import KINDS as INCIDENT_KINDS
from forms_app.rules.procedure import OPENING, SAID_AFTER
from forms_app.rules.projects import EVENT_LABELS as PROJECT_EVENTS
from forms_app.rules.projects import KINDS as PROJECT_KINDS
from forms_app.rules.projects import yuan
from forms_app.rules.said import said
from forms_app.rules.standing import RESIDENTS_WORDS, STAGES
from forms_app.rules.steps import (
    ANSWER_LABELS,
    BEFORE_VERDICT,
    NATURES,
    RESULTS,
    RESULTS_TOLD,
    ROLE_LABELS,
    SATISFACTION,
    SEVERITY_CLASSES,
    STEPS,
    URGENCIES,
    Role,
    Step,
)
from forms_app.rules.told_by import NEWS_WORDS, WAYS_OF_TELLING
from forms_app.web import incidents
from forms_app.web.assets import digest as content_digest
from forms_app.web.blank_forms import filled_in
from forms_app.web.blueprints import STAFF
from forms_app.web.forms.base import csrf_token
from forms_app.web.kept_pieces import KeptPieces
from forms_app.web.languages import LANGUAGES, SOURCE, as_written, language, other_language
from forms_app.web.request import answered_when, current_circle, is_elder, this_day
from forms_app.web.request import staff as signed_in
from forms_app.web.slowly import limits
from forms_app.web.staff import offline

MAIN_STEPS = (*BEFORE_VERDICT, Step.EVALUATING)
KEPT_FRAMES = 64  # of some kilobytes
_NO_WORKDAYS = (
    "%(year)s年哪天放假、哪天补班还没有录入，有的期限快要算不出来了。"
    "放假通知公布后，请在“内容”的“放假和补班”里贴进来。"
)
# The same for every request, and known to imported macros, too.
CONSTANTS = {
    "STEPS": STEPS,
    "BEFORE_VERDICT": BEFORE_VERDICT,
    "MAIN_STEPS": [(step, STEPS[step].label) for step in MAIN_STEPS],
    "STAGES": [(name, label) for name, label, _ in STAGES],
    "AFTER_PROJECT": AFTER_PROJECT,
    "OPENING": OPENING,
    "SAID_AFTER": SAID_AFTER,
    "RESIDENTS_WORDS": RESIDENTS_WORDS,
    "ROLE_LABELS": ROLE_LABELS,
    "ANSWER_LABELS": ANSWER_LABELS,
    "CHANNELS": CHANNELS,
    "INCIDENT_KINDS": INCIDENT_KINDS,
    "INCIDENT_EVENTS": EVENT_LABELS,
    "PROJECT_EVENTS": PROJECT_EVENTS,
    "PROJECT_KINDS": PROJECT_KINDS,
    "yuan": yuan,
    "NATURES": NATURES,
    "NEWS_WORDS": NEWS_WORDS,
    "WAYS_OF_TELLING": WAYS_OF_TELLING,
    "RESULTS": RESULTS,
    "RESULTS_TOLD": RESULTS_TOLD,
    "CLASS_CRITERIA": CLASS_CRITERIA,
    "URGENCY_CRITERIA": URGENCY_CRITERIA,
    "SATISFACTION": SATISFACTION,
    "SEVERITY_CLASSES": SEVERITY_CLASSES,
    "URGENCIES": URGENCIES,
}


def add_context(app: Flask) -> None:
    """Gives every template what it may ask for without being handed it."""

    @cache
    def digest(name: str) -> str:
        return content_digest(Path(app.static_folder or "") / name)

    def asset(name: str) -> str:
        return f"{request.script_root}/static/{name}?v={digest(name)}"

    def words_before(name: str) -> str:
        """The address of what scripts say in the reader's language, to stand before theirs."""
        return "" if language() == SOURCE else f"{asset(f'{name}.{language()}.js')} "

    frame, pieces = KeptFrame(app), KeptPieces(app.jinja_env)
    app.jinja_env.globals.update(
        CONSTANTS,
        framed=frame.part,
        filled_in=filled_in,
        asset=asset,
        words_before=words_before,
        csrf_token=csrf_token,
        incident_banners=incidents.banners,
        in_chinese=as_written,
        answered_when=answered_when,
    )

    @app.context_processor
    def known_everywhere() -> dict[str, Any]:
        circle, here = current_circle(), _here()
        return {
            "circle": circle,
            "circle_name": circle.name,
            "site_root": request.script_root + "/",
            "here": here,
            "where": _where(here),
            "language": language(),
            "language_tag": LANGUAGES[language()].tag,
            "as_written": as_written(),
            "piece": pieces.here(),
            "elder": is_elder(),
            "staff": signed_in(),
            "reminders": _reminders(),
            "limits_off": not limits().is_on,
            "notices": _notices(),
            # The desk shows them where they are acted upon.
            "incidents": () if request.blueprint in STAFF else incidents.running(),
        }


def _reminders() -> tuple[str, ...]:
    """What the administrator is told on every page, as nothing else can be relied on without it."""
    actor = signed_in()
    if actor is None or actor.role is not Role.ADMIN:
        return ()
    circle = current_circle()
    missing = missing_workdays(circle.clocks, this_day())
    # Where the first steps have not come so far, they say so themselves.
    homes = circle.communities.values()
    vacant = () if any(TO_FILL in one.name for one in homes) else queries.vacancies(circle)
    workdays = (said(_NO_WORKDAYS, year=missing.year),) if missing else ()
    return (*vacant, *workdays)


class KeptFrame:
    """Header and footer, which all pages of one part of the site have in common, drawn once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._circle: Circle | None = None
        self._state = 0  # of the community's data: what was drawn of an older one is asked no more
        self._back = token_hex(8)  # stands in for the address that their links come back to
        self._drawn = lru_cache(KEPT_FRAMES)(self._draw)

    def part(self, partial: str) -> Markup:
        """The header or the footer of the page that is asked for."""
        if self._circle is not current_circle():
            self._circle = current_circle()
            self._state += 1
        # The page that phones keep is nobody's: one for both versions, with no other language.
        is_nobodys = request.blueprint == offline.bp.name
        here = "staff/offline" if is_nobodys else _here()
        elder = None if is_nobodys else is_elder()
        where, root = _where(here), request.script_root
        drawn = self._drawn(self._state, partial, root, elder, language(), where, not is_nobodys)
        return Markup(drawn.replace(self._back, quote(here)))  # noqa: S704 (our own, and quoted)

    def _draw(
        self,
        _state: int,
        partial: str,
        root: str,
        elder: bool | None,
        spoken: str,
        place: str,
        offers_language: bool,
    ) -> str:
        circle = current_circle()
        return self._app.jinja_env.get_template(partial).render(
            root=f"{root}/",
            here=place,
            back=self._back,
            masthead=circle.masthead,
            hotlines=circle.hotlines,
            sample=circle.sample,
            menu_pages=circle.menu_pages,
            elder=elder,
            language=spoken,
            other_language=other_language(self._back) if offers_language else None,
        )


def _here() -> str:
    """The path of this page, with its query: another version of it is about the same thing."""
    return request.full_path.lstrip("/").removesuffix("?")


def _where(here: str) -> str:
    """Where all pages are that differ by a number alone, or by what is asked of them: header, bar
    and footer lead to no issue.
    """
    return re.split("[0-9?]", here, maxsplit=1)[0]


def _notices() -> list[dict[str, str]]:
    # The page that phones keep is nobody's: a notice waits for a page of its own reader.
    if request.blueprint == offline.bp.name:
        return []
    told = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    return [{"kind": kind, "text": text} for kind, text in told]
