"""What becomes of reports and notices while the product is killed, restarted or called by nobody.

    scripts/bench --faults [PART ...] [--small]

Each part runs alone, for minutes, on this machine only; `--small` in seconds. Figures are JSON
lines; ends with 1 where a report that was taken is not there, or is there twice, and where
something is missing here that a part needs.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.benchmarks.ailing import bad_clocks, bad_disks
from scripts.benchmarks.damages import damages
from scripts.benchmarks.kills import kills
from scripts.benchmarks.late import overdue_at, watching
from scripts.benchmarks.notices import notices
from scripts.benchmarks.postgres import kills_on_postgres
from scripts.benchmarks.power_cuts import power_cuts
from scripts.benchmarks.promised import Lost, NotTried, address_of, say
from scripts.benchmarks.standby import standby
from tests.support.receivers import web_receiver
from tests.support.running import running
from tests.support.told import copy_demo, copy_office
from tests.support.visitors import Visitors, renewed, until

LATE_SECONDS = 5.0
PATIENCE = timedelta(seconds=60)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"  # noqa: S105 - of nobody


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench --faults", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="default: all")
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args(argv)
    wrong = 0
    for part in arguments.part or PARTS:
        try:
            run(part, is_small=arguments.small)
        except Lost as lost:
            say(part, lost=str(lost))
            wrong = 1
        except NotTried as missing:
            say(part, not_tried=str(missing))
            wrong = 1
    return wrong


def run(part: str, *, is_small: bool) -> None:
    """One part, on a copy of the demo or, where that is PostgreSQL's, of a new office. Raises Lost
    and NotTried; of what is lost the server's log stays.
    """
    copied = copy_office if part in ON_POSTGRES else copy_demo
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            PARTS[part](copied(Path(folder)), is_small)
        except Lost as lost:
            raise Lost(f"{lost}; the last server's log: {_kept_log(Path(folder), part)}") from lost


def _kept_log(folder: Path, part: str) -> str:
    log = folder / "stderr.log"
    if not log.exists():
        return "none"
    handle, kept = tempfile.mkstemp(prefix=f"lost-{part}-", suffix=".log")
    os.close(handle)
    shutil.copyfile(log, kept)
    return kept


def reloads(folder: Path, is_small: bool) -> None:
    """One server after another takes the place of the one before, the last with a new table."""
    times = 2 if is_small else 20
    with running(folder) as server:
        visitors = Visitors(server.port)
        for _ in range(times):
            renewed(server)
        migrations = server.folder / "forms_app" / "store" / "migrations"
        (migrations / "9999_slow.py").write_text(
            "import time\n\n\ndef up(migrator, db):\n"
            '    db.execute_sql("CREATE TABLE slow (id INTEGER)")\n    time.sleep(3)\n'
        )
        renewed(server)
        visitors.go()
    say(
        "reloads", reloads=times, updates=1, answers=visitors.answers,
        acknowledged=len(visitors.acknowledged), failed=len(visitors.wrong),
        longest_wait_s=round(visitors.longest, 2),
    )  # fmt: skip
    if visitors.wrong:
        raise Lost(visitors.wrong[0])


def alerts(folder: Path, is_small: bool) -> None:
    """How late a robot hears that ten minutes are over, while others hang and people report."""
    count, hanging = (10, 5) if is_small else (120, 30)
    with ExitStack() as held:
        good = held.enter_context(web_receiver())
        slow = held.enter_context(web_receiver())
        slow.delay_seconds = 60
        hooks = [
            f"  - {{name: r{n}, community: all, kind: generic, secret: {SECRET}, url: '{url}'}}\n"
            for n, url in enumerate([*[slow.url] * hanging, good.url])
        ]
        notify = folder / "data" / "private" / "notify.yml"
        notify.write_text(f"inside: [127.0.0.1]\nhooks:\n{''.join(hooks)}")
        arrived: dict[str, datetime] = {}
        held.callback(watching(good, arrived))
        server = held.enter_context(running(folder))
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=10)
        ends = [first + timedelta(seconds=n / 2 if not is_small else n) for n in range(count)]
        due = overdue_at(address_of(folder), server.data, ends)
        visitors = Visitors(server.port, reporters=1, pause=0.2)
        last = max(due.values())
        until(lambda: len(arrived) >= count or datetime.now(UTC) > last + PATIENCE, 300)
        visitors.go()
    late = sorted((arrived[n] - due[n]).total_seconds() for n in due if n in arrived)
    say(
        "alerts", alerts=count, hanging=hanging, told=len(late), reports=len(visitors.acknowledged),
        median_s=round(late[len(late) // 2], 2), p99_s=round(late[int(len(late) * 0.99)], 2),
        limit_s=LATE_SECONDS, longest_s=round(late[-1], 2),
    )  # fmt: skip
    if len(late) < count:
        raise Lost(f"{count - len(late)} alerts did not come")


PARTS: dict[str, Callable[[Path, bool], None]] = {
    "kills": kills,
    "reloads": reloads,
    "alerts": alerts,
    "notices": notices,
    "powercuts": power_cuts,
    "disks": bad_disks,
    "clocks": bad_clocks,
    "damages": damages,
    "postgres": kills_on_postgres,
    "standby": standby,
}
ON_POSTGRES = ("postgres", "standby")

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
