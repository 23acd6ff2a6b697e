"""A keeper and its servers: tiny ones here, the product itself at the end."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from forms_app.store.database import open_database, proxy
from forms_app.store.models import Issue
from tests.support.running import ROOT, Running, running
from tests.support.told import copy_demo
from tests.support.visitors import Visitors, children_of, renewed, until

pytestmark = pytest.mark.slow

# Answers each connection with its own number; what it does first stands in the file `does`.
SERVER = """
    import os, signal, sys, threading, time
    sys.path.insert(0, {root!r})
    from forms_app.keeper.line import handed
    line, sockets = handed()
    line.listen()
    does = open("does").read()
    if "fail" in does:
        sys.exit(3)
    if "alone" in does:
        line.be_alone()
        open("alone", "a").write(str(os.getpid()) + " ")
    if "fall" in does:
        sys.exit(3)
    leaving = threading.Event()
    line.serving(lambda is_soon: leaving.set())
    sockets[0].settimeout(0.05)
    while not leaving.is_set():
        try:
            client, _ = sockets[0].accept()
        except TimeoutError:
            continue
        client.settimeout(5)
        client.recv(100)
        client.sendall(str(os.getpid()).encode())
        client.close()
    sockets[0].close()
    open("left", "a").write(str(os.getpid()) + " ")
    while "slow" in open("does").read():
        time.sleep(0.05)
"""
KEEPER = """
    import sys
    sys.path.insert(0, {root!r})
    from forms_app.keeper import keeper
    from forms_app.keeper.sockets import bind
    keeper.STAYED_SECONDS = {stayed}
    keeper.FIRST_PAUSE_SECONDS, keeper.LONGEST_PAUSE_SECONDS = 0.05, 0.2
    keeper.LEAVE_SECONDS = keeper.SOON_SECONDS = {leave}
    held = bind("127.0.0.1", 0)
    one = keeper.Keeper([sys.executable, "server.py"])
    print(held[0].getsockname()[1], flush=True)
    sys.exit(one.run(held))
"""


class Kept:
    """A keeper in a folder, with its port."""

    def __init__(
        self, folder: Path, does: str = "", stayed: float = 0.2, leave: float = 1.0
    ) -> None:
        self.folder = folder
        self.does(does)
        for name, code in (("server.py", SERVER), ("keeper.py", KEEPER)):
            told = textwrap.dedent(code).format(root=str(ROOT), stayed=stayed, leave=leave)
            (folder / name).write_text(told)
        self.process = subprocess.Popen(
            [sys.executable, "keeper.py"], cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def does(self, what: str) -> None:
        (self.folder / "does").write_text(what)

    def ask(self) -> int:
        """The number of the process that answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            line.sendall(b"x")
            return int(line.recv(100))

    def renew(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def end(self) -> str:
        """What it said of what went wrong."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[1]


@contextmanager
def ended(one: Kept) -> Iterator[Kept]:
    """It is gone when the block ends."""
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.end()
        for stream in (one.process.stdout, one.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with ended(Kept(tmp_path)) as one:
        yield one


def is_running(number: int) -> bool:
    # Gone before it is opened, or before it is read; one that nobody has waited for stays as a Z.
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


TELLS = """
    import os, sys
    sys.path.insert(0, {root!r})
    from forms_app.keeper.line import handed
    _, sockets = handed()
    client, _ = sockets[0].accept()
    client.sendall((os.environ["PYTHONPATH"] + " " + sys.executable).encode())
    client.close()
"""
LINKED = """
    import sys
    sys.path.insert(0, {root!r})
    from forms_app.keeper import keeper
    from forms_app.keeper.sockets import bind
    held = bind("127.0.0.1", 0)
    one = keeper.Keeper([{python!r}, "-S", "tells.py"])
    print(held[0].getsockname()[1], flush=True)
    one.run(held)
"""


def test_a_server_has_the_program_that_a_link_led_to_when_it_was_started(tmp_path: Path) -> None:
    version = tmp_path / "version"
    (version / ".venv" / "bin").mkdir(parents=True)
    (version / ".venv" / "bin" / "python").symlink_to(sys.executable)
    link = tmp_path / "running"
    link.symlink_to("version")
    (tmp_path / "tells.py").write_text(textwrap.dedent(TELLS).format(root=str(ROOT)))
    python = str(link / ".venv" / "bin" / "python")
    code = textwrap.dedent(LINKED).format(root=str(ROOT), python=python)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(link)},
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout as told:
        port = int(told.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            said = line.makefile().read().split()
    process.wait(20)
    assert said == [str(version), str(version / ".venv" / "bin" / "python")]


def test_where_a_version_does_not_come_up_the_one_before_does(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / name / ".venv" / "bin" / "python").symlink_to(sys.executable)
    link = tmp_path / "running"
    link.symlink_to("new")
    (tmp_path / "running.before").symlink_to("old")
    tells = "import os, sys\nif os.environ['PYTHONPATH'].endswith('new'):\n    sys.exit(3)\n"
    tells += textwrap.dedent(TELLS).format(root=str(ROOT))
    (tmp_path / "tells.py").write_text(tells)
    python = str(link / ".venv" / "bin" / "python")
    code = textwrap.dedent(LINKED).format(root=str(ROOT), python=python)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(link)},
    )  # fmt: skip
    assert process.stdout is not None
    port = int(process.stdout.readline())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        said = line.makefile().read().split()
    told = process.communicate(timeout=20)[1]
    old = tmp_path / "old"
    assert said == [str(old), str(old / ".venv" / "bin" / "python")]
    assert "换回原来的版本" in told


def test_one_server_takes_the_others_place(kept: Kept) -> None:
    first = kept.ask()
    kept.renew()
    until(lambda: kept.ask() != first)
    until(lambda: not is_running(first))
    assert kept.end() == ""
    assert kept.process.returncode == 0


def test_one_that_must_be_alone_waits_for_the_other_to_be_gone(kept: Kept) -> None:
    first = kept.ask()
    kept.does("alone")
    kept.renew()
    until((kept.folder / "alone").exists)
    assert not is_running(first)
    assert kept.ask() == int((kept.folder / "alone").read_text())


def test_one_that_does_not_come_up_changes_nothing(kept: Kept) -> None:
    first = kept.ask()
    kept.does("fail")
    kept.renew()
    time.sleep(1)
    assert kept.ask() == first
    assert "原来的继续服务" in kept.end()


def test_one_that_dies_is_started_again(kept: Kept) -> None:
    first = kept.ask()
    time.sleep(0.3)
    os.kill(first, signal.SIGKILL)
    assert kept.ask() != first
    assert "正在重新启动" in kept.end()


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Kept]:
    """One whose servers have never stayed long enough."""
    with ended(Kept(tmp_path, stayed=3600)) as one:
        yield one


def test_one_that_dies_again_and_again_soon_after_it_served_is_always_started_again(
    hasty: Kept,
) -> None:
    died = set()
    for _ in range(6):
        died.add(number := hasty.ask())
        os.kill(number, signal.SIGKILL)
    assert hasty.ask() not in died
    assert len(died) == 6
    assert hasty.end().count("正在重新启动") == 6
    assert hasty.process.returncode == 0


def test_once_one_has_served_it_tries_until_one_comes_up_again(hasty: Kept) -> None:
    first = hasty.ask()
    hasty.does("fail")  # as a server does while its database is away
    os.kill(first, signal.SIGKILL)
    time.sleep(1.5)
    assert hasty.process.poll() is None
    hasty.does("")
    assert hasty.ask() != first
    assert hasty.end().count("正在重新启动") >= 3


def test_it_waits_longer_from_one_try_to_the_next_but_not_for_ever(hasty: Kept) -> None:
    first = hasty.ask()
    hasty.does("fail")
    os.kill(first, signal.SIGKILL)
    time.sleep(2)
    # A pause of 0.2 s and a start of Python each: not without a pause, and not a longer one.
    assert 3 <= hasty.end().count("正在重新启动") <= 12


def test_told_to_stop_between_two_tries_it_stops(hasty: Kept) -> None:
    first = hasty.ask()
    hasty.does("fail")
    os.kill(first, signal.SIGKILL)
    time.sleep(0.5)
    hasty.end()
    assert hasty.process.returncode == 0


def test_one_that_dies_while_the_other_still_leaves_is_followed_by_a_third(tmp_path: Path) -> None:
    with ended(Kept(tmp_path, does="slow", stayed=3600, leave=9)) as slow:
        first = slow.ask()
        slow.renew()
        until(lambda: slow.ask() != first)
        second = slow.ask()
        until((tmp_path / "left").exists)
        os.kill(second, signal.SIGKILL)
        assert is_running(first)
        assert slow.ask() not in (first, second)
        slow.does("")


def test_one_that_fails_when_the_other_has_left_for_it_is_started_again(hasty: Kept) -> None:
    first = hasty.ask()
    hasty.does("alone fall")  # as where an update cannot change the database
    hasty.renew()
    until(lambda: not is_running(first))
    time.sleep(0.5)
    hasty.does("")
    assert hasty.ask() != first


def test_the_first_that_does_not_come_up_ends_it(tmp_path: Path) -> None:
    one = Kept(tmp_path, does="fail")
    one.process.communicate(timeout=20)
    assert one.process.returncode == 3


def test_no_server_outlives_its_keeper(kept: Kept) -> None:
    first = kept.ask()
    kept.process.kill()
    until(lambda: not is_running(first))


SAYS = """
    import sys, time
    sys.path.insert(0, {root!r})
    from forms_app.keeper.line import handed
    line, _ = handed()
    line.listen()
    line.serving(lambda is_soon: None)
    time.sleep(60)
"""


def test_no_server_outlives_a_keeper_that_did_not_hear_its_last_word() -> None:
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SAYS).format(root=str(ROOT))],
        env={**os.environ, "CIRCLE_HANDED": str(theirs.fileno())}, pass_fds=[theirs.fileno()],
    )  # fmt: skip
    theirs.close()
    with ours:
        assert ours.recv(100, socket.MSG_PEEK)  # it stays unread
    assert process.wait(20) == 0


def test_renewed_again_and_again_at_once_there_is_one(kept: Kept) -> None:
    kept.ask()
    for _ in range(20):
        kept.renew()
    until(lambda: len(children_of(kept.process.pid)) == 1)
    assert kept.ask() in children_of(kept.process.pid)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(copy_demo(tmp_path)) as started:
        yield started


def test_a_reload_refuses_nobody_and_loses_nothing(server: Running) -> None:
    visitors = Visitors(server.port)
    for _ in range(3):
        renewed(server)
    visitors.go()
    assert visitors.wrong == []
    assert len(visitors.acknowledged) > 10
    open_database(f"sqlite:///{server.data / 'private' / 'forms.db'}")
    there = {number for (number,) in Issue.select(Issue.number).tuples()}
    proxy.close()
    assert set(visitors.acknowledged) <= there
    assert len(set(visitors.acknowledged)) == len(visitors.acknowledged)


SLOW_MIGRATION = """
import time


def up(migrator, db):
    db.execute_sql("ALTER TABLE issue ADD COLUMN asked_of_all TEXT NOT NULL DEFAULT 'x'")
    time.sleep(4)
"""


def test_an_update_that_changes_the_database_slowly_refuses_nobody(server: Running) -> None:
    migrations = server.folder / "forms_app" / "store" / "migrations"
    visitors = Visitors(server.port)
    time.sleep(1)
    (migrations / "9999_slow.py").write_text(SLOW_MIGRATION)
    renewed(server)
    time.sleep(1)
    visitors.go()
    assert visitors.wrong == []
    assert len(visitors.acknowledged) > 5
    open_database(f"sqlite:///{server.data / 'private' / 'forms.db'}")
    found = proxy.execute_sql("SELECT count(*) FROM issue WHERE asked_of_all = 'x'").fetchone()[0]
    proxy.close()
    assert found >= len(visitors.acknowledged)


def test_a_broken_update_leaves_the_old_server_at_work(server: Running) -> None:
    (server.folder / "forms_app" / "app.py").write_text("this is no program\n")
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: "原来的继续服务" in server.log.read_text(), 120)
    connection = server.connect()
    connection.request("GET", "/issues/new")
    assert connection.getresponse().status == 200
    connection.close()
