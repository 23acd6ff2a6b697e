"""The web server, a backend of PostgreSQL and all of PostgreSQL killed while people report.

On a PostgreSQL of its own, started here and with its disk waited for: nobody else's is touched.
"""

import os
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks.promised import (
    LONGEST_SECONDS,
    NotTried,
    compare,
    need_log,
    opened_at,
    until_taken,
)
from tests.support.running import running
from tests.support.visitors import Visitors, children_of

SEED = 26
OWNER = "postgres"  # whom Debian's package makes; the server refuses to run as root
STARTS_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that may be killed."""

    programs: Path
    folder: Path
    as_owner: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)  # of its environment

    @property
    def url(self) -> str:
        return f"postgresql://circle@/postgres?host={self.folder}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def make(self) -> None:
        self._run(
            "initdb", "-D", str(self.data), "-U", "circle", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        """Raises NotTried where it does not come up."""
        until = time.monotonic() + STARTS_SECONDS
        words = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        while True:
            try:
                self._run(
                    "pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"),
                    "-o", words, "start",
                )  # fmt: skip
                return
            except NotTried:  # what was killed is not quite gone
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)

    def is_running(self) -> bool:
        try:
            self._run("pg_ctl", "-D", str(self.data), "status")
        except NotTried:
            return False
        return True

    def stop(self) -> None:
        with suppress(NotTried):
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def copy_of(self, primary: "Server") -> None:
        """Made from another one that runs, which it follows when it is started."""
        self._run(
            "pg_basebackup", "-D", str(self.data), "-h", str(primary.folder), "-U", "circle",
            "-R", "-X", "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip

    def wait_for_standby(self) -> None:
        """From now on nothing is acknowledged that no standby has on its disk, too."""
        self._ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._ask("SELECT pg_reload_conf()")
        until = time.monotonic() + STARTS_SECONDS
        while "sync" not in self._ask("SELECT sync_state FROM pg_stat_replication").split():
            if time.monotonic() > until:
                raise NotTried("the standby does not follow")
            time.sleep(0.2)

    def promote(self) -> None:
        """It follows no more, and takes what is written."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def kill_a_backend(self, chance: random.Random) -> None:
        """One that serves the product; PostgreSQL ends the others itself, and recovers."""
        while True:
            with suppress(ProcessLookupError):  # it has just left by itself
                os.kill(int(chance.choice(self._backends())), signal.SIGKILL)
                return

    def _backends(self) -> list[str]:
        told = self._ask(
            "SELECT pid FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return told.split()

    def _ask(self, question: str) -> str:
        return self._run(
            "psql", "-X", "-A", "-t", "-h", str(self.folder), "-U", "circle", "postgres", "-c",
            question,
        )  # fmt: skip

    def kill(self) -> None:
        """All of it at once."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        for number in [first, *children_of(first)]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def _run(self, program: str, *words: str) -> str:
        with tempfile.TemporaryFile("w+") as told:  # a server that stays keeps a pipe open
            done = subprocess.run(
                [*self.as_owner, str(self.programs / program), *words], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT, check=False,
                env={**os.environ, **self.more},
            )  # fmt: skip
            told.seek(0)
            text = told.read()
        if done.returncode:
            raise NotTried(f"{program}: {text.strip()}")
        return text


@contextmanager
def own_server(
    prepare: Callable[[Path], Mapping[str, str]] = lambda _folder: {},
) -> Iterator[Server]:
    """A PostgreSQL that nobody else uses, until the block ends; `prepare` lays what it needs into
    its folder, and gives what its environment has more. Raises NotTried.
    """
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    programs = Path(found).resolve().parent if found else folders[-1] if folders else None
    if programs is None:
        raise NotTried("no PostgreSQL server is installed here")
    as_owner: tuple[str, ...] = ()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if os.geteuid() == 0:
            as_owner = ("runuser", "-u", OWNER, "--")
            try:
                os.chown(folder, pwd.getpwnam(OWNER).pw_uid, -1)
            except KeyError:
                raise NotTried(f"no user {OWNER}, and PostgreSQL does not run as root") from None
        folder.chmod(0o755)
        Server(programs, folder, as_owner).make()
        server = Server(programs, folder, as_owner, prepare(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kills_on_postgres(folder: Path, is_small: bool) -> None:
    """Each kind of kill in turn, in the middle of what people send."""
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    times, enough = (1, 0) if is_small else (10, 5_000)
    wait = 0.5 if is_small else 2.0
    acknowledged: list[str] = []
    killed: Counter[str] = Counter()
    answers = 0
    with own_server() as postgres:
        more = {"CIRCLE_DATABASE_URL": postgres.url}
        ends = time.monotonic() + LONGEST_SECONDS

        def is_short() -> bool:
            return killed["web"] < times or len(acknowledged) < enough

        while is_short() and time.monotonic() < ends:
            with (
                running(folder, demo=False, new_office=True, more=more) as server,
                Visitors(server.port, reporters=8) as visitors,
            ):
                until_taken(visitors, chance.uniform(wait, 2 * wait))
                postgres.kill_a_backend(chance)
                until_taken(visitors, chance.uniform(wait, 2 * wait))
                postgres.kill()
                postgres.start()
                until_taken(visitors, chance.uniform(wait, 2 * wait))
                for number in [*children_of(server.pid), server.pid]:
                    os.kill(number, signal.SIGKILL)
            killed.update(("backend", "postgres", "web"))
            acknowledged += visitors.acknowledged
            answers += visitors.answers
        with opened_at(postgres.url):
            compare(
                "postgres", acknowledged, web_kills=killed["web"],
                backend_kills=killed["backend"], postgres_kills=killed["postgres"],
                answers=answers, cut_short=is_short(),
            )  # fmt: skip
        need_log(folder, more)
