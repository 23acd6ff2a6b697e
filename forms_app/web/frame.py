"""What every page knows: the circle, who reads it, its language, and its words for codes."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf

from forms_app.rules.criteria import CLASS_CRITERIA, URGENCY_CRITERIA
from forms_app.rules.elsewhere import CHANNELS
from forms_app.rules.steps import (
    ANSWERS,
    BEFORE_VERDICT,
    NATURES,
    ROLE_LABELS,
    SATISFACTION,
    SEVERITY_CLASSES,
    STEPS,
    URGENCIES,
    Step,
)
from forms_app.web.assets import digest as content_digest
from forms_app.web.languages import LANGUAGES, SOURCE, as_written, language, other_language
from forms_app.web.request import current_circle
from forms_app.web.request import staff as signed_in
from forms_app.web.staff import offline

MAIN_STEPS = (Step.COLLECTED, Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING, Step.EVALUATING)
# The same for every request, and known to imported macros, too.
CONSTANTS = {
    "STEPS": STEPS,
    "BEFORE_VERDICT": BEFORE_VERDICT,
    "MAIN_STEPS": [(step, STEPS[step].label) for step in MAIN_STEPS],
    "ROLE_LABELS": ROLE_LABELS,
    "ANSWERS": ANSWERS,
    "CHANNELS": CHANNELS,
    "NATURES": NATURES,
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

    app.jinja_env.globals.update(
        CONSTANTS, asset=asset, words_before=words_before, csrf_token=generate_csrf
    )

    @app.context_processor
    def known_everywhere() -> dict[str, Any]:
        circle = current_circle()
        # With the query: another version of the page is about the same thing.
        here = request.full_path.lstrip("/").removesuffix("?")
        return {
            "circle": circle,
            "circle_name": circle.name,
            "hotlines": [
                {"name": c.name, "phone": c.hotline}
                for c in circle.spelled_out().communities.values()
            ],
            "sample": circle.sample,
            "site_root": request.script_root + "/",
            "here": here,
            "language": language(),
            "language_tag": LANGUAGES[language()].tag,
            "other_language": other_language(here),
            "as_written": as_written(),
            "elder": request.cookies.get("elder") == "1",
            "staff": signed_in(),
            "notices": _notices(),
        }


def _notices() -> list[dict[str, str]]:
    # The page that phones keep is nobody's: a notice waits for a page of its own reader.
    if request.blueprint == offline.bp.name:
        return []
    told = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    return [{"kind": kind, "text": text} for kind, text in told]
