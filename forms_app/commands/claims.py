"""Work that one server of several does: claimed in the database, renewed while it goes on.

On SQLite there is one server, and its locks are files: nothing is claimed.
"""

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from forms_app.casework import servers
from forms_app.rules.refused import Refused
from forms_app.settings import Settings
from forms_app.store.database import rest
from forms_app.store.faults import DATABASE_ERRORS, told

_LOOK_AGAIN_SECONDS = 1.0
_RENEW_SECONDS = servers.WORK_LEASE.total_seconds() / 3

_log = logging.getLogger(__name__)


class ServersDiffer(Refused):
    """Another server on the same database does not go with this one; the text says what to do."""


class OtherThere(Refused):
    """Another server is using the database, and what is to be done needs it alone."""


class Claimed(Refused):
    """Another server is at it."""


def arrive(settings: Settings, now: datetime) -> None:
    """This server begins to serve. Raises ServersDiffer."""
    if not settings.server:
        return
    key = hashlib.sha256(f"servers:{settings.secret_key}".encode()).hexdigest()[:32]
    place = "" if settings.bucket is None else settings.bucket.address
    known = servers.Known(settings.server, socket.gethostname(), key, place)
    misfit = servers.arrive(known, now=now)
    if misfit is None:
        return
    why, other = misfit
    if why is servers.Misfit.KEY:
        raise ServersDiffer(
            f"另一台服务器（{other}）正在用同一个数据库，可是两台的密钥 secret_key 不一样，"
            "在一台登录、填表，到另一台就不认。什么也没有改。请把那一台 private 文件夹里的 "
            f"secret_key、code_key、contact_key（有 push_key、push_key.pub 的也要）拷到 "
            f"{settings.private_dir}，再启动。"
        )
    raise ServersDiffer(
        f"另一台服务器（{other}）正在用同一个数据库，可是两台的照片放在不同的地方，"
        "交到一台的照片，另一台看不见。什么也没有改。请给每一台写同一个 CIRCLE_S3_URL"
        "（对象存储），再启动；只有一台的，先停下另一台，等三分钟。"
    )


def need_alone(settings: Settings, told_why: str) -> None:
    """No other server is using the open database, as far as that can be asked. Raises OtherThere,
    which says why it matters and what to do.
    """
    if not settings.server:
        return
    try:
        others = servers.others_there(settings.server, now=datetime.now(UTC))
    except DATABASE_ERRORS:
        return  # it may be what is broken, or older than other servers are
    if others:
        raise OtherThere(f"另一台服务器（{others[0]}）还在用这个数据库，{told_why}")


def leave(settings: Settings) -> None:
    """This server serves no more. Where the database is gone, its claims run out by themselves."""
    if not settings.server:
        return
    try:
        servers.leave(settings.server, now=datetime.now(UTC))
    except DATABASE_ERRORS as error:
        _log.warning("servers: %s", told(error))
    finally:
        rest()


def has_tick(settings: Settings) -> bool:
    """Whether what falls due is this server's to tell."""
    if not settings.server:
        return True
    now = datetime.now(UTC)
    return servers.claim(servers.TICK, settings.server, servers.TICK_LEASE, now=now)


def note_there(settings: Settings) -> None:
    """This server goes on serving."""
    if settings.server:
        servers.is_still_there(settings.server, now=datetime.now(UTC))


@contextmanager
def alone(settings: Settings, work: str, wait_seconds: float) -> Iterator[None]:
    """Has the work alone among the servers for a block. Raises Claimed."""
    if not settings.server:
        yield
        return
    until = time.monotonic() + wait_seconds
    while not _claimed(settings, work):
        if time.monotonic() >= until:
            raise Claimed("另一台服务器正在做同一件事，请过几分钟再试。")
        time.sleep(_LOOK_AGAIN_SECONDS)
    with _renewed(settings, work):
        try:
            yield
        finally:
            servers.give_back(work, settings.server, now=datetime.now(UTC))
            rest()


@contextmanager
def night(settings: Settings, day: date) -> Iterator[bool | None]:
    """Whether what is done once a night by one server is this one's to do for this day; None while
    another one is at it. Done to the block's end, it is done for all.
    """
    if not settings.server:
        yield True
        return
    if servers.is_done(servers.NIGHT, day):
        rest()
        yield False
        return
    if not _claimed(settings, servers.NIGHT):
        yield None
        return
    with _renewed(settings, servers.NIGHT):
        try:
            yield True
        except BaseException:
            servers.give_back(servers.NIGHT, settings.server, now=datetime.now(UTC))
            raise
        now = datetime.now(UTC)
        servers.give_back(servers.NIGHT, settings.server, now=now, done=day.isoformat())
        rest()


def _claimed(settings: Settings, work: str) -> bool:
    now = datetime.now(UTC)
    try:
        return servers.claim(work, settings.server, servers.WORK_LEASE, now=now)
    finally:
        rest()


@contextmanager
def _renewed(settings: Settings, work: str) -> Iterator[None]:
    """Renews the claim again and again while the block goes on."""
    is_over = threading.Event()

    def renew() -> None:
        while not is_over.wait(_RENEW_SECONDS):
            try:
                _claimed(settings, work)
            except DATABASE_ERRORS as error:
                _log.warning("claim of %s: %s", work, told(error))

    renewing = threading.Thread(target=renew, daemon=True, name=f"claim-{work}")
    renewing.start()
    try:
        yield
    finally:
        is_over.set()
        renewing.join()
