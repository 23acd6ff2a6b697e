"""The app put together: settings, blueprints, what every page knows, headers and error pages."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from forms_app import queries
from forms_app.community import Circle
from forms_app.community.current_circle import CurrentCircle
from forms_app.content.plans import Plans
from forms_app.content.press import Press
from forms_app.limits import Limits
from forms_app.office.last_good import keep
from forms_app.settings import Settings
from forms_app.spreadsheets.uploads import Uploads
from forms_app.store.database import rest
from forms_app.web import site
from forms_app.web.addresses import KeyConverter
from forms_app.web.blueprints import PAGES
from forms_app.web.bodies import add_bodies
from forms_app.web.choices import choose_language, choose_version
from forms_app.web.compression import compress
from forms_app.web.errors import add_errors
from forms_app.web.frame import add_context
from forms_app.web.headers import add_headers, with_headers
from forms_app.web.health import healthz
from forms_app.web.hot import Hot
from forms_app.web.incidents import above_page
from forms_app.web.kept_pages import KeptPages
from forms_app.web.languages import speak
from forms_app.web.own_flask import App
from forms_app.web.request_log import add_request_log
from forms_app.web.slowly import add_waits
from forms_app.web.templates import add_words
from forms_app.web.well_known import add_well_known
from forms_app.web.words import FILTERS


def create_app(
    settings: Settings, circle: Circle, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Flask:
    """The WSGI app. The database must have been opened; `clock` gives the present, aware."""
    is_secure = urlsplit(settings.public_url or "").scheme == "https"
    app = App("forms_app", static_folder="static", static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=_cookie_name(settings, is_secure=is_secure),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH=settings.prefix or "/",
        SESSION_COOKIE_SECURE=is_secure,
        # Slow writers must not lose their text.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        PUBLIC_URL=settings.public_url,
    )
    app.extensions["circle"] = CurrentCircle(
        settings.community_dir, circle, taken_up=partial(keep, settings),
        with_names=lambda circle: queries.with_names(circle, clock()),
    )  # fmt: skip
    app.extensions["clock"] = clock
    app.extensions["kept_pages"] = KeptPages()
    app.extensions["settings"] = settings
    app.extensions["photos"] = settings.photos
    app.extensions["attachments"] = settings.attachments
    app.extensions["limits"] = Limits(settings.limits_file, is_on=settings.has_limits)
    app.extensions["press"] = Press(settings.root)
    app.extensions["plans"] = Plans()
    app.extensions["uploads"] = Uploads(
        settings.uploads_dir, settings.objects(settings.uploads_dir)
    )
    overrides = settings.root / "site" / "overrides"
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(__file__).parent / "templates"), FileSystemLoader(overrides)]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = KeyConverter
    add_request_log(app)
    add_bodies(app)
    add_waits(app)
    speak(app)
    add_words(app.jinja_env, FILTERS)
    for pages in PAGES:
        app.register_blueprint(pages)
    app.register_blueprint(site.blueprint(settings, above_page))
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/elder", view_func=choose_version)
    app.add_url_rule("/language", view_func=choose_language)
    add_well_known(app)
    add_context(app)
    always = add_headers(app, overrides)
    app.after_request(compress)
    add_errors(app)
    _rest_between_requests(app)
    app.extensions["hot"] = Hot(app, rest)
    app.wsgi_app = with_headers(app.extensions["hot"], always)  # type: ignore[method-assign, assignment]
    return app


def _cookie_name(settings: Settings, *, is_secure: bool) -> str:
    """Of an installation's own, so that two on one server never sign each other out. The prefix has
    browsers take it from this very host alone, where all of that is ours.
    """
    own = hashlib.sha256(f"cookie:{settings.secret_key}".encode()).hexdigest()[:8]
    prefix = "" if not is_secure else "__Secure-" if settings.prefix else "__Host-"
    return f"{prefix}circle-{own}"


def _rest_between_requests(app: Flask) -> None:
    @app.teardown_request
    def release(_error: BaseException | None) -> None:
        rest()
