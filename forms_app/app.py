"""The app put together: settings, blueprints, what every page knows, headers and error pages."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from peewee import DatabaseError, InterfaceError
from werkzeug.exceptions import HTTPException

from forms_app.casework import CaseError
from forms_app.community import Circle
from forms_app.community.current_circle import CurrentCircle
from forms_app.files.photos import Photos
from forms_app.rules.criteria import CLASS_CRITERIA, URGENCY_CRITERIA
from forms_app.rules.elsewhere import CHANNELS
from forms_app.rules.procedure import (
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
from forms_app.rules.worktime import CalendarUnknown
from forms_app.settings import Settings
from forms_app.spreadsheets.uploads import Uploads
from forms_app.store.database import proxy
from forms_app.web import answer, site
from forms_app.web.compression import compress
from forms_app.web.languages import (
    COOKIE,
    LANGUAGES,
    SOURCE,
    as_written,
    depends_on_choice,
    language,
    other_language,
    speak,
    spoken,
)
from forms_app.web.request import circle as current_circle
from forms_app.web.request import staff as signed_in
from forms_app.web.residents import report
from forms_app.web.staff import (
    board,
    case,
    handover,
    imports,
    intake,
    offline,
    paper,
    register,
    summons,
)
from forms_app.web.words import FILTERS

# The largest form is a few thousand characters.
LARGEST_BODY = 256 * 1024
STAFF_PAGES = (
    case.bp,
    board.bp,
    register.bp,
    intake.bp,
    offline.bp,
    imports.bp,
    paper.bp,
    summons.bp,
    handover.bp,
)
STAFF = frozenset(pages.name for pages in STAFF_PAGES)
PRIVATE = STAFF | {report.bp.name, answer.bp.name}
CHOICE_AGE = 365 * 24 * 3600

MAIN_STEPS = (Step.COLLECTED, Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING, Step.EVALUATING)

ERROR_PAGES: Mapping[int, tuple[str, str]] = {
    400: ("请求不完整", "浏览器发来的内容不完整，请返回上一页再试一次。"),
    401: ("请先登录", "这一页要工作人员登录后才能看。"),
    403: ("不能看这一页", "您现在不能看这一页，或不能办理这一步。"),
    404: ("没有这一页", "网址可能写错了，或者这一页已经不在了。"),
    405: ("不能这样打开", "这个网址不能这样打开，请从首页进入。"),
    408: ("网络太慢", "等了很久没有收完您发来的内容，请再试一次。"),
    413: ("内容太大", "发来的内容太大了，请返回上一页，少选几张照片，或删减一些再提交。"),
    414: ("网址太长", "这个网址太长了，请从首页进入。"),
    431: ("请求太大", "浏览器带来的信息太多，请清除本站的浏览数据再试。"),
    500: ("系统出错了", "这一步没有办成，不是您的问题。请稍后再试，或打值班电话。"),
    503: ("系统暂时不能用", "数据库暂时连不上，请稍后再试，或打值班电话。"),
}


def create_app(
    settings: Settings, circle: Circle, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Flask:
    """The WSGI app. The database must have been opened; `clock` gives the present, aware."""
    app = Flask("forms_app", static_folder="static", static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SESSION_COOKIE_NAME="circle",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH=settings.prefix or "/",
        SESSION_COOKIE_SECURE=urlsplit(settings.public_url or "").scheme == "https",
        # Slow writers must not lose their text.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        PUBLIC_URL=settings.public_url,
    )
    app.extensions["circle"] = CurrentCircle(settings.community_dir, circle)
    app.extensions["clock"] = clock
    app.extensions["settings"] = settings
    app.extensions["photos"] = Photos(settings.photos_dir)
    app.extensions["uploads"] = Uploads(settings.uploads_dir)
    overrides = settings.root / "site" / "overrides"
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(__file__).parent / "templates"), FileSystemLoader(overrides)]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    speak(app)
    app.jinja_env.filters.update({name: spoken(words) for name, words in FILTERS.items()})
    app.register_blueprint(report.bp)
    for pages in (*STAFF_PAGES, answer.bp):
        app.register_blueprint(pages)
    app.register_blueprint(site.blueprint(settings))
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/elder", view_func=choose_version)
    app.add_url_rule("/language", view_func=choose_language)
    _add_context(app)
    _add_headers(app, overrides)
    app.after_request(compress)
    _add_errors(app)
    _keep_connections(app, settings)
    return app


def healthz() -> tuple[Response, int]:
    """200 when the database answers, else 503."""
    try:
        proxy.execute_sql("SELECT 1")
    except (DatabaseError, InterfaceError):
        return jsonify(status="database unavailable"), 503
    return jsonify(status="ok"), 200


def choose_version() -> Response:
    """Keeps the choice between the ordinary and the elder version, and goes back to the page."""
    return _kept("elder", "1" if request.args.get("on") == "1" else "")


def choose_language() -> Response:
    """Keeps the language that was chosen, and goes back to the page."""
    chosen = request.args.get("to", "")
    return _kept(COOKIE, chosen if chosen in LANGUAGES and chosen != SOURCE else "")


def _kept(cookie: str, choice: str) -> Response:
    back = request.args.get("back", "").lstrip("/")
    # Only our own pages: behind our own slash, without a way up. Browsers read "\\" as "/".
    if not re.fullmatch(r"[\w\-./%?=&:+,~]*", back) or ".." in back:
        back = ""
    response = make_response(redirect(f"{request.script_root}/{back}", 303))
    path = request.script_root or "/"
    if choice:
        response.set_cookie(cookie, choice, max_age=CHOICE_AGE, path=path, samesite="Lax")
    else:
        response.delete_cookie(cookie, path=path, samesite="Lax")
    response.headers["Cache-Control"] = "no-store"
    return response


def _add_context(app: Flask) -> None:
    @cache
    def digest(name: str) -> str:
        return _digest(Path(app.static_folder or "") / name)

    def asset(name: str) -> str:
        return f"{request.script_root}/static/{name}?v={digest(name)}"

    def words_before(name: str) -> str:
        """The address of what scripts say in the reader's language, to stand before theirs."""
        return "" if language() == SOURCE else f"{asset(f'{name}.{language()}.js')} "

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
            "asset": asset,
            "words_before": words_before,
            "staff": signed_in(),
            "notices": _notices(),
            "csrf_token": generate_csrf,
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


def _notices() -> list[dict[str, str]]:
    # The page that phones keep is nobody's: a notice waits for a page of its own reader.
    if request.blueprint == offline.bp.name:
        return []
    told = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    return [{"kind": kind, "text": text} for kind, text in told]


def _add_headers(app: Flask, overrides: Path) -> None:
    source = (overrides / "partials" / "elder_script.html").read_text(encoding="utf-8")
    script = re.search(r"<script>(.*?)</script>", source, re.DOTALL)
    if script is None:
        raise ValueError("partials/elder_script.html has no script")
    script_hash = b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; script-src 'self' 'sha256-{script_hash}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
    )

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if depends_on_choice():
            response.vary.add("Cookie")
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = _kept_as_asked(Path(app.static_folder or ""))
        elif response.cache_control.private:
            pass  # a photo, that only its own page may show again
        elif request.blueprint in PRIVATE or response.status_code >= 400:
            # Tickets and cases must not stay in a shared computer's cache.
            response.headers["Cache-Control"] = "no-store"
        return response


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _kept_as_asked(folder: Path) -> str:
    """How long a static file may be kept: for good under the address that names this content.

    A page of another version gets the file as well, but never to keep it under its own address.
    """
    name, asked = (request.view_args or {}).get("filename", ""), request.args.get("v")
    is_current = asked and (folder / name).is_file() and _digest(folder / name) == asked
    return "public, max-age=31536000, immutable" if is_current else "no-cache"


def _add_errors(app: Flask) -> None:
    def page(status: int, sentence: str | None = None) -> tuple[str, int]:
        title, usual = ERROR_PAGES.get(status, ERROR_PAGES[500])
        links = [("staff/", "回待办")] if request.blueprint in STAFF else []
        body = render_template(
            "error.html", title=title, sentence=sentence or usual, advice="", links=links
        )
        return body, status

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.response is not None:  # abort() with a finished answer
            return error.response
        status = error.code or 500
        if status == 401 and request.blueprint in STAFF:
            return case.unsigned()
        if status == 403 and request.blueprint == "resident":
            return report.ticket_needed()
        if status == 403 and request.blueprint == "answering":
            return answer.code_needed()
        if 300 <= status < 400:
            return error
        return *page(status), [header for header in error.get_headers() if header[0] == "Allow"]

    @app.errorhandler(CaseError)
    def case_error(error: CaseError) -> tuple[str, int]:
        return page(error.status, error.sentence)

    @app.errorhandler(CalendarUnknown)
    def calendar_unknown(error: CalendarUnknown) -> tuple[str, int]:
        return page(503, cast(str, error.args[0]))

    @app.errorhandler(InterfaceError)
    @app.errorhandler(DatabaseError)
    def database_error(error: Exception) -> tuple[str, int]:
        app.logger.error("database: %s", type(error).__name__)
        return page(503)


def _keep_connections(app: Flask, settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        return  # one connection a thread, kept

    @app.teardown_request
    def release(_error: BaseException | None) -> None:
        if not proxy.is_closed():
            proxy.close()
