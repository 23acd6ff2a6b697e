"""Serves site and forms on the sockets it was handed: checks everything first, then says `ready`
once site and forms answer.

Only here do settings, data, database, site and server meet. MkDocs runs in a process of its own.
"""

import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from socket import socket
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, cast

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from forms_app import casework
from forms_app.app import create_app
from forms_app.backups.encryption import OPENED
from forms_app.casework.servers import PUBLISH
from forms_app.commands import claims, nightly, watch
from forms_app.commands.arguments import start_parser
from forms_app.commands.photos import erase_photos
from forms_app.commands.restore import CHECKING
from forms_app.commands.with_data import CHANGES_TABLES, bring_up, loaded_or_last_good
from forms_app.community import Circle, DataRefused
from forms_app.community.current_circle import CurrentCircle
from forms_app.demo.laying import fill, first_administrator, password_needed, use_password
from forms_app.files import believed
from forms_app.files.running_lock import InUse, in_use
from forms_app.front import Front, listen
from forms_app.keeper.line import Line, handed
from forms_app.keeper.sockets import bind, cannot_listen
from forms_app.limits import household
from forms_app.logs import keep_log
from forms_app.notices.push import is_key_missing
from forms_app.notices.robots import office_robots
from forms_app.office import upgrading
from forms_app.office.settle import settle
from forms_app.publishing.outcome import BuildFailed, PublishBusy
from forms_app.publishing.publish import publish
from forms_app.queries import published_money, published_notes, tallies_json
from forms_app.radius.coverage import count_from
from forms_app.radius.ledger import rows_of
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import local_day
from forms_app.settings import CodeKeyLost, Settings, need_limits
from forms_app.settings.owners import Ground
from forms_app.spreadsheets.uploads import Uploads
from forms_app.store.database import proxy
from forms_app.store.faults import DATABASE_ERRORS, MAY_BE_FAULTS, fault_of, in_words, told
from forms_app.web.bodies import TOO_LARGE, largest_body
from forms_app.web.errors import sentence_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ROOT = Path(__file__).resolve().parent.parent
LAST_WAIT_SECONDS = 1.5
_told_to_stop = threading.Event()
PUBLISH_WAITS_SECONDS = 300.0  # for another server
_NOT_UNDONE = (
    "升级以前的数据没有换回来：那一台已经收下的会丢。请在这一台再装上新版本；"
    "一定要退回去的，先停下那一台（断电的等三分钟），再启动这一台，升级以后收下的就不在里面了。"
)
_SERVED_ELSEWHERE = (
    "这些数据还有另一个程序在用（多半是旧版本，还在另一个窗口或者别的端口运行）。"
    "这个新版本要改数据库的表，还没有改，什么也没有动。请先停下那一个，再启动这一个。"
)
ASKED_FIRST = ("/healthz", "/issues/new", "/staff/login")


class UpgradeRefused(Refused):
    """The new version does not serve; the text says why."""


def main(argv: list[str]) -> int:
    """Runs until it is told to stop; the exit code, 1 after a sentence on standard error."""
    arguments = start_parser().parse_args(argv)
    held = ExitStack()
    line, sockets = handed()
    signal.signal(signal.SIGTERM, _stop)
    # The keys of a terminal reach the keeper as well, and it ends its servers.
    signal.signal(signal.SIGINT, signal.SIG_IGN if line else _stop)
    keep_log()
    try:
        sockets = sockets or bind(arguments.host, arguments.port)
    except OSError as error:
        print(cannot_listen(arguments.host, arguments.port, error), file=sys.stderr)
        return 1
    if line:
        line.listen()
    try:
        settled = settle(os.environ, ROOT, is_demo=arguments.demo)
        for sentence in settled.said:
            print(sentence, flush=True)
        os.environ["CIRCLE_DATA"] = str(settled.folder)  # of the commands that it starts, too
        settings = Settings.from_environment(os.environ, ROOT)
        need_limits(settings, arguments.host)
        circle = loaded_or_last_good(settings)
        _look_at_robots(settings, circle)
        undone = upgrading.undo(settings, lambda: claims.need_alone(settings, _NOT_UNDONE))
        if undone:
            print(undone, file=sys.stderr, flush=True)
        _clear_leftovers(settings)
        _keep_bodies_beside(settings)
        # Until the process ends: a restore must not change the database below a server.
        held.enter_context(in_use(settings.private_dir, alone=False))
        database = bring_up(
            settings,
            may_be_empty=arguments.new_office or arguments.demo,
            keeps_connections=True,
            before_change=partial(_before_change, settings, line, held),
        )
        now = datetime.now(UTC)
        if not casework.is_code_key(settings.code_key):
            raise CodeKeyLost(settings.code_key_file)
        claims.arrive(settings, now)
        _first_accounts(settings, circle, arguments.demo, now)
        _erase(settings, circle, now)
        app = create_app(settings, circle)
        coming = upgrading.pending(settings)
        # The old program, started again, serves as well as it can: on a full disk, too.
        if coming is not None and coming.to == str(ROOT):
            _need_answers(app)
    except DataRefused as refused:
        print(f"社区数据有 {len(refused.errors)} 处要改，改好再启动：\n{refused}", file=sys.stderr)
        return _told_of_owners()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return _told_of_owners()
    except MAY_BE_FAULTS as error:
        if fault_of(error) is None:
            raise  # a mistake of ours: its traceback is wanted
        words = f"{in_words(error)}（{told(error)}）"
        print(f"没有启动：数据库或放数据的磁盘现在不行：{words}。", file=sys.stderr)
        return _told_of_owners()
    database.close()  # this thread's; the workers open their own
    _serve(app, settings, sockets, arguments.host, line)
    return 0


def _told_of_owners() -> int:
    """Says what another user's files have to do with it; the exit code."""
    ground = Ground.before(os.environ, ROOT)
    kept_out = None if ground is None else ground.kept_out()
    if kept_out is not None:
        print(kept_out, file=sys.stderr)
    return 1


def _look_at_robots(settings: Settings, circle: Circle) -> None:
    """Tells what is wrong in notify.yml. A group of a place that is gone keeps nobody from
    serving: who has dissolved a community is not there when the machine starts at night.
    """
    office_robots(settings.private_dir, circle, needs_places=False)
    try:
        office_robots(settings.private_dir, circle)
    except DataRefused as refused:
        print(refused, file=sys.stderr, flush=True)


def _clear_leftovers(settings: Settings) -> None:
    """Removes what a crash left half done, unless somebody else is using these data."""
    with suppress(InUse), in_use(settings.private_dir, alone=True):
        settings.photos.clear()
        Uploads(settings.uploads_dir).clear()
        for path in settings.private_dir.glob("*.restoring*"):
            path.unlink(missing_ok=True)
        for pattern in (f"{OPENED}*", f"{CHECKING}*"):
            for folder in settings.private_dir.glob(pattern):
                shutil.rmtree(folder)


def _keep_bodies_beside(settings: Settings) -> None:
    """What comes with requests lies on the disk of the data until it is read. The system's place
    for such files may be memory, in a container for one: a dozen bodies at once were all of it.
    """
    if os.access(settings.private_dir, os.W_OK):
        tempfile.tempdir = str(settings.private_dir)


def _before_change(settings: Settings, line: Line | None, held: ExitStack) -> None:
    """Alone from here on: what the database is now can be put back. Raises UpgradeRefused, and
    OtherThere where another server would work on tables that it does not know. `held` has this
    server's part of the data.
    """
    claims.need_alone(settings, CHANGES_TABLES)
    if line:
        line.be_alone()
    held.close()
    try:
        with in_use(settings.private_dir, alone=True):
            upgrading.keep_copy(settings)
    except InUse as busy:
        raise UpgradeRefused(_SERVED_ELSEWHERE) from busy
    except OSError as error:
        raise UpgradeRefused(
            f"没有升级：升级以前的数据留不下来（{why(error)}），请清出磁盘空间再升级。"
        ) from error
    held.enter_context(in_use(settings.private_dir, alone=False))


def _note_served(settings: Settings) -> None:
    try:
        done = upgrading.served(settings, ROOT)
    except OSError as error:
        print(f"没有升级：{error.filename}（{why(error)}）。", file=sys.stderr, flush=True)
        raise SystemExit(1) from error
    if done:
        print(done, flush=True)


def _need_answers(app: Flask) -> None:
    """A new version proves itself before the first visitor comes. Raises UpgradeRefused."""
    with app.test_client(use_cookies=False) as visitor:
        for path in ASKED_FIRST:
            status = visitor.get(path).status_code
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise UpgradeRefused(f"没有升级：新版本的页面 {path} 打不开（{status}）。")


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
            f"管理员账号：{username}，首次密码：{password}（只显示这一次；打开网站后面加 staff/ "
            f"的网址登录，马上要换成自己的；丢了用 scripts/circle staff reset {username} 重设）",
            flush=True,
        )


def _erase(settings: Settings, circle: Circle, now: datetime) -> None:
    """What residents' time is over of, where the day is believed; on a disk that takes nothing,
    reading goes on without."""
    if believed.note(settings.private_dir, local_day(now)).believed_again is not None:
        return  # the night says so
    try:
        casework.erase_contacts(circle, now=now)
        erase_photos(settings, circle, now=now)
    except MAY_BE_FAULTS as error:
        if fault_of(error) is None:
            raise
        print(
            f"写不进数据（{told(error)}）：网站和办事页面照常可以看，但不能提交。"
            "请清出磁盘空间，或检查磁盘为什么变成只读。",
            file=sys.stderr,
            flush=True,
        )


def _publish(settings: Settings, circle: Circle, now: datetime) -> None:
    print("正在检查网站，有变化就重新生成……", file=sys.stderr, flush=True)
    count = partial(tallies_json, circle, now)
    rows = rows_of(circle, count_from(circle, local_day(now)))
    try:
        with claims.alone(settings, PUBLISH, PUBLISH_WAITS_SECONDS):
            done = publish(
                settings, count, coverage=rows, notes=published_notes(), money=published_money(),
                now=now,
            )  # fmt: skip
        if done.warning:
            print(done.warning, file=sys.stderr, flush=True)
    except (BuildFailed, PublishBusy, claims.Claimed) as failure:
        # Residents can still report a problem, and the old site is still there.
        print(failure, file=sys.stderr, flush=True)


def _serve(
    app: Flask, settings: Settings, sockets: list[socket], host: str, line: Line | None
) -> None:
    secure = (settings.public_url or "").startswith("https://")
    front = Front(
        lambda *asked: largest_below(app, settings.prefix, *asked),
        TOO_LARGE,
        secure,
        sentence_of,
        settings.proxy or "",
        household,
    )
    server = listen(below_prefix(app, settings.prefix), front, sockets)
    circle = cast(CurrentCircle, app.extensions["circle"]).get
    clocks = watch.Watch(settings, circle, ticks_first=is_key_missing(settings))
    app.extensions["looked_at"] = lambda: clocks.looked_at
    nights = nightly.Nights(settings)

    def leave(is_soon: bool) -> None:
        clocks.end()
        nights.end()
        server.leave(is_soon)

    app.extensions["making_first_site"] = not (settings.build / "site").exists()
    _note_served(settings)
    if line:
        line.serving(leave)
    shown = f"[{host}]" if ":" in host else host
    ready = f"ready http://{shown}:{sockets[0].getsockname()[1]}{settings.prefix}/"
    threading.Thread(
        target=_publish_behind, args=(app, settings, circle(), ready), daemon=True, name="publish"
    ).start()
    server.run()  # Waitress ends it at any SystemExit, and passes none on
    if _told_to_stop.is_set():  # rather than followed by another one of this machine
        clocks.end()  # else it takes again what is given back
        claims.leave(settings)


def _publish_behind(app: Flask, settings: Settings, circle: Circle, ready: str) -> None:
    """Brings the site up to date while the forms answer; the last one stands until then."""
    has_site = not app.extensions["making_first_site"]
    if has_site:
        print(ready, flush=True)
    try:
        _publish(settings, circle, datetime.now(UTC))
    except DATABASE_ERRORS as error:
        print(f"这次没有更新网站：{told(error)}", file=sys.stderr, flush=True)
    finally:
        if not proxy.is_closed():
            proxy.close()
    app.extensions["making_first_site"] = False
    if not has_site:
        print(ready, flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Waitress would wait five seconds for a slow request. Nothing acknowledged can be lost.
    _told_to_stop.set()
    last = threading.Timer(LAST_WAIT_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
