"""scripts/deploy on a Debian that debootstrap has just made, with a systemd of its own in it.

Minutes to `ready` under nginx, megabytes that came and that it takes on the disk, resident memory
(shared pages counted once, nginx with it) idle, under load and while the site is published; then
what must hold: run again it changes nothing, a second installation stands beside the first, taken
off it leaves the data. Needs root, debootstrap and systemd-container, and this machine's network.
"""

import http.client
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.lines import Lines

ROOT = Path(__file__).resolve().parents[2]
ARCHIVE = "http://deb.debian.org/debian"
HOST, LISTENS, PORT = "circle.test", 8480, 8471
OPTIONS = ("--yes", "--address", HOST, "--listen", str(LISTENS))
LOAD_SECONDS, VISITORS = 30, 8
PAGES = ("/", "/services/", "/calendar/", "/near/", "/issues/new", "/issues/", "/duties/", "/en/")
# systemd looks for controllers where a container has none of its own: an empty hierarchy will do.
BOOT = """mount --make-rprivate /
umount -R /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 none /sys/fs/cgroup
exec systemd-nspawn -q -D "$0" --register=no --keep-unit --resolv-conf=off --timezone=off -b
"""
PSS = (
    'for p in /proc/[0-9]*; do case "$(stat -c %U $p 2>/dev/null)-$(cat $p/comm 2>/dev/null)" in '
    "circle*|*-nginx) grep ^Pss: $p/smaps_rollup;; esac; done"
)


@dataclass(frozen=True)
class Machine:
    """A root with a running systemd."""

    root: Path
    leader: int  # its process 1, as this machine counts

    def run(self, command: str, *, may_fail: bool = False) -> str:
        """What a command says in there. Raises CalledProcessError with its words shown."""
        done = subprocess.run(
            [  # noqa: S607 - a tool of whoever measures
                "nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-p", "-C", "--root",
                "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "PIP_CERT=/root/authorities.crt", "LANG=C.UTF-8",
                "sh", "-c", f"cd /root/circle && {command}",
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode and not may_fail:
            print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
            done.check_returncode()
        return done.stdout

    def disk_mb(self) -> int:
        return int(self.run("du -smx / 2>/dev/null || true").split()[0])

    def memory_mb(self) -> int:
        """What the services of ours and nginx hold, shared pages counted once."""
        told = self.run(PSS, may_fail=True)
        return sum(map(int, re.findall(r"(\d+) kB", told))) // 1024


def bare(folder: Path, suite: str) -> Path:
    """A Debian of the smallest kind with systemd, made once; the checkout as it is committed."""
    root = folder / suite
    if not (root / "sbin" / "init").exists():
        _must("debootstrap", "--variant=minbase", suite, str(root), ARCHIVE)
        quiet = "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
        _must("chroot", str(root), "sh", "-c", f"{quiet} systemd-sysv dbus && apt-get clean")
        # Nothing else is to fetch or tidy up while it is measured.
        others = ("apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer")
        _must("chroot", str(root), "systemctl", "mask", *others)
    for file in ("resolv.conf", "hosts"):
        (root / "etc" / file).unlink(missing_ok=True)
        shutil.copy(f"/etc/{file}", root / "etc" / file)
    # A network may answer for the registries with an authority of its own.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "root" / "authorities.crt")
    (root / "root" / "circle").mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile() as packed:
        _must("git", "-C", str(ROOT), "archive", "-o", packed.name, "--format=tar", "HEAD")
        _must("tar", "-x", "-C", str(root / "root" / "circle"), "-f", packed.name)
    return root


@contextmanager
def booted(root: Path) -> Iterator[Machine]:
    """systemd as process 1 in namespaces of its own, until the end of the block."""
    command = ["unshare", "-m", "-C", "bash", "-c", BOOT, str(root)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as outer:
        try:
            machine = Machine(root, _leader(outer))
            _until(lambda: machine.run("systemctl is-system-running", may_fail=True).strip()
                   in {"running", "degraded"})  # fmt: skip
            yield machine
            machine.run("systemctl poweroff", may_fail=True)
            outer.wait(60)
        finally:
            outer.terminate()


def _leader(outer: "subprocess.Popen[bytes]") -> int:
    """Process 1 of the container; the one that was started has become systemd-nspawn."""
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    inner: list[int] = []

    def is_there() -> bool:
        inner[:] = [int(pid) for pid in children.read_text().split()
                    if Path(f"/proc/{pid}/comm").read_text().strip() == "systemd"]  # fmt: skip
        return bool(inner)

    _until(is_there)
    return inner[0]


def _until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("it does not come up")
        time.sleep(0.3)


def _must(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def answer(path: str, port: int = LISTENS) -> tuple[int, int]:
    """Status and bytes of a page, through nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": HOST})
        told = connection.getresponse()
        return told.status, len(told.read())
    finally:
        connection.close()


def is_ready(path: str = "/healthz") -> bool:
    try:
        return answer(path)[0] == 200
    except OSError:
        return False


def highest(machine: Machine, work: Callable[[], object]) -> int:
    """The most memory that was held while something went on; looked at twice a second."""
    held, is_over = [machine.memory_mb()], threading.Event()

    def look() -> None:
        while not is_over.wait(0.5):
            held.append(machine.memory_mb())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        work()
    finally:
        is_over.set()
        looking.join()
    return max(held)


def visitors() -> dict[str, int]:
    """People who read page after page for a while: how many pages, and how many were not answered."""
    until, answers = time.monotonic() + LOAD_SECONDS, []

    def read(_visitor: int) -> None:
        while time.monotonic() < until:
            answers.extend(answer(path)[0] for path in PAGES)

    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(read, range(VISITORS)))
    return {"pages": len(answers), "not answered": sum(status != 200 for status in answers)}


def measured(machine: Machine, lines: Lines) -> None:
    """One installation from nothing to taken off again, told line by line."""
    disk, began = machine.disk_mb(), time.monotonic()
    # What comes is kept: it is weighed afterwards.
    kept = "'APT::Keep-Downloaded-Packages \"1\";' > /etc/apt/apt.conf.d/99keep"
    machine.run(f"mkdir -p /tmp/came && echo {kept}")
    machine.run(f"scripts/deploy {' '.join(OPTIONS)} --port {PORT} --sample")
    _until(is_ready)
    minutes = round((time.monotonic() - began) / 60, 2)
    debian = int(machine.run("du -sm /var/cache/apt/archives").split()[0])
    lists = int(machine.run("du -sm /var/lib/apt/lists").split()[0])
    machine.run("rm -f /etc/apt/apt.conf.d/99keep; apt-get clean")
    takes = machine.disk_mb() - disk
    python = machine.run("ls -d /opt/circle/libraries/*/.venv/bin/python").split()[0]
    machine.run(
        f"{python} -m pip download -q --no-deps --require-hashes --only-binary :all: "
        "-r requirements.lock -d /tmp/came"
    )
    wheels = int(machine.run("du -sm /tmp/came").split()[0])
    machine.run("rm -r /tmp/came /root/.cache 2>/dev/null || true")
    lines.say("to ready under nginx", {
        "minutes": minutes, "debian packages MB": debian, "lists of packages MB": lists,
        "python packages MB": wheels, "disk MB": takes,
    })  # fmt: skip

    time.sleep(20)
    idle = machine.memory_mb()
    counts: dict[str, int] = {}
    loaded = highest(machine, lambda: counts.update(visitors()))
    began = time.monotonic()
    publishing = highest(machine, lambda: machine.run("circle publish --force"))
    lines.say("memory", {
        "idle MB": idle, "under load MB": loaded, "with a publish MB": publishing,
        "publish seconds": round(time.monotonic() - began), **counts,
    })  # fmt: skip

    again = machine.run("scripts/deploy --yes")
    lines.say("run twice", {"changed": "已经是最新的，什么都没动" not in again})
    second = f"scripts/deploy {' '.join(OPTIONS)} --instance hubian --prefix /hubian"
    before = machine.run("find /etc /opt /var/lib /usr/local | sort | md5sum")
    said = machine.run(f"{second} --dry-run")
    lines.say("dry run", {
        "would do": said.count("要做："),
        "changed": machine.run("find /etc /opt /var/lib /usr/local | sort | md5sum") != before,
    })  # fmt: skip
    began = time.monotonic()
    machine.run(second)
    _until(lambda: is_ready("/hubian/"))
    lines.say("a second one", {
        "seconds": round(time.monotonic() - began), "first": answer("/")[0],
        "second": answer("/hubian/")[0], "both MB": machine.memory_mb(),
    })  # fmt: skip
    machine.run("scripts/deploy --yes --uninstall")
    kept = machine.run("ls /var/lib/circle /etc/circle/circle").split()
    lines.say("taken off", {
        "data left": {"community", "private", "own.env"} <= set(kept),
        "other one": answer("/hubian/")[0],
    })  # fmt: skip
    began = time.monotonic()
    machine.run(f"scripts/deploy {' '.join(OPTIONS)} --port {PORT}")
    _until(is_ready)
    lines.say("put on again", {
        "seconds": round(time.monotonic() - began),
        "accounts": machine.run("circle staff list").count("admin"),
    })  # fmt: skip


def main(argv: list[str]) -> int:
    """`SUITE [FOLDER]`: the suite of Debian, and where its root is made and kept."""
    as_table = "--table" in argv
    suite, *rest = [word for word in argv if word != "--table"] or ["bookworm"]
    folder = Path(rest[0] if rest else tempfile.mkdtemp(prefix="circle-debian-")).resolve()
    with booted(bare(folder, suite)) as machine:
        lines = Lines(as_table=as_table)
        lines.say("system", json.loads(machine.run(
            "python3 -c '' 2>/dev/null; . /etc/os-release; "
            'printf \'{"version": "%s", "systemd": "%s"}\' "$VERSION_ID" '
            "\"$(systemctl --version | awk 'NR==1{print $2}')\""
        )))  # fmt: skip
        measured(machine, lines)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
