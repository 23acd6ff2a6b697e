"""Ticks killed in the midst of what they send to a robot and by mail: every notice arrives, and
none twice where a receiver keeps apart what has the same key.
"""

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from peewee import ModelSelect

from forms_app.rules.notices import ACCOUNT, GROUP, RESIDENT, ROBOT
from forms_app.rules.steps import Role
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from scripts.benchmarks.promised import Lost, opened, say
from tests.support.receivers import mail_sink, web_receiver
from tests.support.running import environment

SEED = 26
BEGINS_SECONDS = 20.0  # within which a tick has sent something
SENDS_SECONDS = 0.1
LETTERS = 10  # one of so many goes by mail


def notices(folder: Path, is_small: bool) -> None:
    """Raises Lost."""
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    times, count = (2, 150) if is_small else (100, 5_000)
    with web_receiver() as receiver, mail_sink() as sink:
        receiver.delay_seconds = SENDS_SECONDS
        environ = environment(folder, folder / "data")
        environ |= {"CIRCLE_WEBHOOK_URL": receiver.url, "CIRCLE_SMTP_URL": sink.url}
        command = [sys.executable, "-P", "-m", "forms_app.commands.cli", "tick"]
        with opened(folder):
            _write(count)
        in_midst = 0
        for _ in range(times):
            before = len(receiver.got) + len(sink.got)
            tick = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL)
            ends = time.monotonic() + BEGINS_SECONDS
            while time.monotonic() < ends and len(receiver.got) + len(sink.got) == before:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 2 * SENDS_SECONDS))
            in_midst += tick.poll() is None
            tick.kill()
            tick.wait()
            with opened(folder):  # as if their leases had run out
                Notice.update(lease_until=None).execute()
        while True:
            subprocess.run(command, cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL)
            with opened(folder):
                if not _mine().where(Notice.state == "waiting").count():
                    break
    messages = {request.headers["webhook-id"]: request for request in receiver.got}
    told = sum(len(request.content["data"]["notices"]) for request in messages.values())
    letters = {str(mail["Message-ID"]).partition("@")[0].strip("<") for _, mail in sink.got}
    with opened(folder):
        sent = Notice.select().where(Notice.state == "sent")
        robots = sent.where(Notice.kind == ROBOT).count()
        mailed = {row.message_key for row in sent.where(Notice.kind.in_([ACCOUNT, RESIDENT]))}
        arrived = _mine().where(Notice.state.in_(["sent", "shared"])).count()
        written = _mine().where(Notice.kind == ROBOT).count()
    say(
        "notices", kills=times, in_the_midst=in_midst, written=count, to_robots=written,
        messages=len(receiver.got), different=len(messages), told=told,
        letters=len(sink.got), different_letters=len(letters), undelivered=robots - told,
    )  # fmt: skip
    lost = [key for key in mailed if not any(key in letter for letter in letters)]
    if told != robots or lost or len(letters) != len(mailed) or not arrived:
        raise Lost(f"{robots - told} were not told once, {len(lost)} letters did not come")


def _write(count: int) -> None:
    """So many urgent ones: for a community's robots, and each tenth for somebody by mail."""
    issues = list(Issue.select().limit(50))
    account = Account.get(Account.username == Role.COMMUNITY_LEADER.value)
    now = datetime.now(UTC).replace(microsecond=0)
    with writing():
        Account.update(email="leader@example.org").where(Account.id == account.id).execute()
        for n in range(count):
            issue = issues[n % len(issues)]
            to = (ACCOUNT, str(account.id)) if n % LETTERS == 0 else (GROUP, issue.community_id)
            Notice.create(
                key=f"fault-{n}", issue=issue, event="overdue_result", step=issue.step,
                kind=to[0], recipient=to[1], is_urgent=True, created_at=now, not_before=now,
            )  # fmt: skip


def _mine() -> "ModelSelect[Notice]":
    return Notice.select().where(Notice.key.startswith("fault-"))
