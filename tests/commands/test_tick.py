"""Ticks as processes: two at once, one that is killed, and those that a running server begins."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forms_app.commands import cli, watch
from forms_app.settings import Settings
from forms_app.store.accounts import Account
from forms_app.store.database import open_database, proxy
from forms_app.store.notices import Notice, Reminder
from forms_app.store.schema import migrate
from tests.commands.conftest import hook_notice
from tests.support.actors import CIRCLE, submit
from tests.support.receivers import MailSink, WebReceiver, web_receiver
from tests.support.running import copy_checkout, environment
from tests.support.seed import Seed


@pytest.fixture
def installation(tmp_path: Path, seeded: Seed) -> Iterator[Path]:
    """The product in a folder of its own with thirty issues whose opinions are overdue."""
    root = copy_checkout(tmp_path)
    (root / "data" / "private").mkdir()
    file = root / "data" / "private" / "forms.db"
    seeded.copy_to(file)
    migrate(open_database(f"sqlite:///{file}"))
    Account.update(email=Account.username.concat("@example.org")).execute()
    Notice.delete().execute()
    yield root
    proxy.close()


def started(root: Path, **changes: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "forms_app.commands.cli", "tick"],
        cwd=root,
        env=environment(root, root / "data") | changes,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_two_ticks_at_once_send_everything_once(installation: Path, sink: MailSink) -> None:
    both = [started(installation, CIRCLE_SMTP_URL=sink.url) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(m["To"] for _, m in sink.got) == sorted(
        f"{name}@example.org" for name in ("dan", "dora", "wendy", "will", "erin", "frank", "sunny")
    )
    overdue = [int(re.findall(r"超时 (\d+) 件", out)[0]) for out, _ in said]
    assert sum(overdue) == 5


@pytest.mark.slow
def test_after_a_kill_in_the_middle_nothing_is_lost(installation: Path, robot: WebReceiver) -> None:
    robot.delay_seconds = 60
    process = started(installation, CIRCLE_WEBHOOK_URL=robot.url)
    _until(lambda: bool(robot.got))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert hook_notice().state == "waiting"
    robot.delay_seconds = 0
    again = started(installation, CIRCLE_WEBHOOK_URL=robot.url)
    assert "发出 0 封" in again.communicate(timeout=60)[0]  # the lease still holds
    Notice.update(lease_until=datetime.now(UTC)).where(Notice.lease_until.is_null(False)).execute()
    last = started(installation, CIRCLE_WEBHOOK_URL=robot.url)
    assert "发出 1 封" in last.communicate(timeout=60)[0]
    keys = [request.headers["webhook-id"] for request in robot.got]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert robot.got[0].content["data"] == robot.got[1].content["data"]


@pytest.fixture
def watched(installation: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installation, and what a process in it finds in its environment."""
    for name, value in environment(installation, installation / "data").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.1)
    return installation


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> "list[subprocess.Popen[bytes]]":
    """The processes that a watch starts, in their order."""
    begun: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def counted(*words: Any, **options: Any) -> "subprocess.Popen[bytes]":
        begun.append(real(*words, **options))
        return begun[-1]

    monkeypatch.setattr(watch.subprocess, "Popen", counted)
    return begun


@pytest.mark.slow
def test_a_running_server_ticks_in_one_process_as_long_as_there_is_work(
    watched: Path,
    robot: WebReceiver,
    ticks: "list[subprocess.Popen[bytes]]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CIRCLE_WEBHOOK_URL", robot.url)
    looking = watch.Watch(settings_of(watched), lambda: CIRCLE)
    _until(lambda: len(robot.got) == 1)
    time.sleep(0.5)
    number = submit("later", now=datetime.now(UTC)).number
    began = time.monotonic()
    _until(lambda: len(robot.got) == 2)
    assert time.monotonic() - began < 5
    assert robot.got[1].content["data"]["notices"][0]["number"] == number
    assert len(ticks) == 1
    ended(looking)
    assert ticks[0].returncode == 0


@pytest.mark.slow
def test_robots_that_hang_keep_no_other_waiting(watched: Path, robot: WebReceiver) -> None:
    with web_receiver() as hanging:
        hanging.delay_seconds = 60
        hooks = [
            f"  - {{name: h{n}, community: all, kind: wecom, url: '{url}'}}\n"
            for n, url in enumerate([*[hanging.url] * 30, robot.url])
        ]
        (watched / "data" / "private" / "notify.yml").write_text(
            f"inside: [127.0.0.1]\nhooks:\n{''.join(hooks)}"
        )
        looking = watch.Watch(settings_of(watched), lambda: CIRCLE)
        _until(lambda: len(robot.got) == 1)
        _until(lambda: len(hanging.got) == 30)
        began = time.monotonic()
        submit("another", now=datetime.now(UTC))
        _until(lambda: len(robot.got) == 2)
        assert time.monotonic() - began < 5
        hanging.waits_no_more.set()
        ended(looking)


@pytest.mark.slow
def test_what_keeps_it_from_ticking_is_logged_once_and_tried_again(
    watched: Path,
    ticks: "list[subprocess.Popen[bytes]]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(watch, "AFTER_FAILURE_SECONDS", 0.1)
    notify = watched / "data" / "private" / "notify.yml"
    notify.write_text("hooks: [")
    looking = watch.Watch(settings_of(watched), lambda: CIRCLE)
    _until(lambda: len(ticks) > 3)  # three of which have failed
    assert caplog.text.count("notify.yml") == 1
    told_at = looking.looked_at
    count = len(ticks)
    _until(lambda: len(ticks) > count + 1)
    assert looking.looked_at == told_at  # nobody is told that all is well
    notify.unlink()
    _until(lambda: {row.state for row in Notice.select()} == {"no_channel"})
    _until(lambda: looking.looked_at > told_at)
    ended(looking)


@pytest.mark.slow
@pytest.mark.parametrize(("file", "text"), [("notify.yml", "hooks: ["), ("sms.yml", "url: x")])
def test_where_messages_cannot_go_out_what_falls_due_is_written_all_the_same(
    installation: Path, file: str, text: str
) -> None:
    Reminder.delete().execute()
    private = installation / "data" / "private"
    (private / file).write_text(text)
    proxy.close()
    ticking = started(installation)
    assert file in ticking.communicate(timeout=60)[1]
    assert ticking.returncode == 1
    assert Reminder.select().exists()


@pytest.mark.slow
def test_a_database_that_ails_is_logged(watched: Path, caplog: pytest.LogCaptureFixture) -> None:
    proxy.execute_sql("ALTER TABLE reminder RENAME TO elsewhere")
    looking = watch.Watch(settings_of(watched), lambda: CIRCLE)
    _until(lambda: "database: OperationalError SQLITE_ERROR no such table reminder" in caplog.text)
    ended(looking)


def settings_of(checkout: Path) -> Settings:
    return Settings.from_environment({"CIRCLE_DATA": str(checkout / "data")}, checkout)


def ended(looking: watch.Watch) -> None:
    looking.end()
    looking.thread.join(60)
    assert not looking.thread.is_alive()


def test_the_secret_of_the_webhook_is_told_to_the_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path))
    assert cli.main(["webhook-secret"]) == 0
    first = capsys.readouterr().out
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=\n", first)
    assert cli.main(["webhook-secret"]) == 0
    assert capsys.readouterr().out == first


def _until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)
