"""Serves site and forms on one port: checks everything first, then says `ready` once it answers.

Only here do settings, data, database, site and server meet. MkDocs runs in a process of its own.
"""

import json
import os
import secrets
import signal
import sys
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, cast

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from forms_app import casework
from forms_app.app import create_app
from forms_app.commands import half_minutely, nightly
from forms_app.commands.arguments import start_parser
from forms_app.commands.photos import erase_photos
from forms_app.commands.with_data import bring_up
from forms_app.community import Circle, DataRefused, load
from forms_app.community.current_circle import CurrentCircle
from forms_app.demo import fill, first_administrator, password_needed, use_password
from forms_app.files.photos import Photos
from forms_app.files.running_lock import InUse, in_use
from forms_app.front import Front, listen
from forms_app.logs import keep_log
from forms_app.notices.robots import read_robots
from forms_app.publishing.outcome import BuildFailed, PublishBusy
from forms_app.publishing.publish import publish
from forms_app.queries import tallies
from forms_app.radius.coverage import count_from
from forms_app.radius.ledger import rows_of
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import CHINA
from forms_app.settings import CodeKeyLost, Settings, need_limits
from forms_app.spreadsheets.uploads import Uploads
from forms_app.web.bodies import TOO_LARGE, largest_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ROOT = Path(__file__).resolve().parent.parent
LAST_WAIT_SECONDS = 1.5


def main(argv: list[str]) -> int:
    """Runs until it is told to stop; the exit code, 1 after a sentence on standard error."""
    arguments = start_parser().parse_args(argv)
    held = ExitStack()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    keep_log()
    try:
        settings = Settings.from_environment(os.environ, ROOT)
        need_limits(settings, arguments.host)
        circle = load(settings.community_dir)
        read_robots(
            settings.private_dir, circle.communities, circle.subdistrict_ids
        )  # only to tell what is wrong there
        _clear_leftovers(settings)
        # Until the process ends: a restore must not change the database below a server.
        held.enter_context(in_use(settings.private_dir, alone=False))
        database = bring_up(settings, may_be_empty=arguments.new_office or arguments.demo)
        now = datetime.now(UTC)
        if not casework.is_code_key(settings.code_key):
            raise CodeKeyLost(settings.code_key_file)
        _first_accounts(settings, circle, arguments.demo, now)
        casework.erase_contacts(circle, now=now)
        erase_photos(settings, circle, now=now)
        _publish(settings, circle, now)
        app = create_app(settings, circle)
    except DataRefused as refused:
        print(f"社区数据有 {len(refused.errors)} 处要改，改好再启动：\n{refused}", file=sys.stderr)
        return 1
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    database.close()  # this thread's; the workers open their own
    return _serve(app, settings, arguments.host, arguments.port)


def _clear_leftovers(settings: Settings) -> None:
    """Removes what a crash left half done, unless somebody else is using these data."""
    with suppress(InUse), in_use(settings.private_dir, alone=True):
        Photos(settings.photos_dir).clear()
        Uploads(settings.uploads_dir).clear()
        for path in settings.private_dir.glob("*.restoring*"):
            path.unlink(missing_ok=True)


def below_prefix(app: Flask, prefix: str) -> "WSGIApplication":
    """The app at the path prefix of the public address; the root leads there."""
    if not prefix:
        return app
    return DispatcherMiddleware(_elsewhere(prefix), {prefix: app})


def largest_below(app: Flask, prefix: str, method: str, path: str, content_type: str) -> int:
    """How many bytes a request may carry; its path comes as WSGI writes it."""
    address = path.removeprefix(prefix).encode("latin-1").decode("utf-8", "replace")
    return largest_body(app, method, address, content_type)


def _elsewhere(prefix: str) -> "WSGIApplication":
    @Request.application
    def elsewhere(request: Request) -> Response:
        if request.path == "/":
            return redirect(f"{prefix}/")
        text = f"这个网站的网址都以 {prefix}/ 开头。"
        return Response(text, status=404, content_type="text/plain; charset=utf-8")

    return elsewhere


def _first_accounts(settings: Settings, circle: Circle, demo: bool, now: datetime) -> None:
    if demo:
        password = settings.demo_password or secrets.token_urlsafe(9)
        # Told before the sample is made: should that be interrupted, it is known all the same.
        if password_needed(settings.demo_password):
            print(f"示例账号的密码：{password}（只显示这一次）", flush=True)
        for ticket in fill(circle, password, settings.code_key, now):
            print(f"示例查询码：{ticket}", flush=True)
        if settings.demo_password:
            use_password(settings.demo_password, now)
        return
    made = first_administrator(now)
    if made:
        username, password = made
        print(
            f"管理员账号：{username}，首次密码：{password}（只显示这一次，请记下，登录后修改）",
            flush=True,
        )


def _publish(settings: Settings, circle: Circle, now: datetime) -> None:
    print("正在检查网站，有变化就重新生成……", file=sys.stderr, flush=True)
    figures = json.dumps(tallies(circle, now), ensure_ascii=False)
    rows = rows_of(circle, count_from(circle, now.astimezone(CHINA).date()))
    try:
        done = publish(settings, figures, coverage=rows, now=now)
        if done.warning:
            print(done.warning, file=sys.stderr, flush=True)
    except (BuildFailed, PublishBusy) as failure:
        # Residents can still report a problem, and the old site is still there.
        print(failure, file=sys.stderr, flush=True)


def _serve(app: Flask, settings: Settings, host: str, port: int) -> int:
    secure = (settings.public_url or "").startswith("https://")
    try:
        front = Front(
            lambda *asked: largest_below(app, settings.prefix, *asked),
            TOO_LARGE,
            secure,
            settings.proxy or "",
        )
        server = listen(below_prefix(app, settings.prefix), front, host, port)
    except OSError as error:
        sentence = f"无法在 {host} 的端口 {port} 上监听（{error.strerror}），请换一个 --port。"
        print(sentence, file=sys.stderr)
        return 1
    # A name such as localhost may stand for two addresses, each with a socket.
    listening = getattr(server, "effective_listen", None) or [(host, server.effective_port)]
    shown = f"[{host}]" if ":" in host else host
    print(f"ready http://{shown}:{listening[0][1]}{settings.prefix}/", flush=True)
    nightly.keep(ROOT)
    watch = half_minutely.Watch(ROOT, cast(CurrentCircle, app.extensions["circle"]).get)
    app.extensions["looked_at"] = lambda: watch.looked_at
    server.run()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Waitress would wait five seconds for a slow request. Nothing acknowledged can be lost.
    last = threading.Timer(LAST_WAIT_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
