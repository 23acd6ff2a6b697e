"""Makes .venv what a lock file says, once, and can be interrupted at any moment.

Standard library only. It knows nothing of the product but the lock files and forms_app.keeper.
Called by scripts/test as `python3 scripts/bootstrap.py LOCKFILE…`.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

OFFLINE_WORDS = (
    "NewConnectionError",
    "ProxyError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Max retries exceeded",
    "Network is unreachable",
    "Connection refused",
)

# glibc keeps a heap for each thread, and more and more of what it could give back: one heap that
# keeps one megabyte saves a 1 GB server 20 to 40 MB once all pages have been asked for. Kept
# shorter, the heap grows and shrinks with each cookie that is signed (zlib takes 260 kB for it).
FITTING = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "1048576"}


class BootstrapRefused(Exception):
    """The product cannot be installed or started; the text says what to do."""


class NothingFetched(BootstrapRefused):
    """No package could be had, so that pip has not begun to change anything."""


def start(root: Path, host: str, port: int, argv: list[str]) -> NoReturn:
    """Replaces this process by the server; ends it with a sentence where that is impossible."""
    try:
        # Before the slow work: nobody waits two minutes to learn that a port is taken.
        check_port(host, port)
        install(root, root / "requirements.lock")
    except BootstrapRefused as refusal:
        raise SystemExit(str(refusal)) from None
    except KeyboardInterrupt:
        print("已中断，再次运行会重新安装。", file=sys.stderr)
        raise SystemExit(130) from None
    command = server_command(root, argv)
    environ = {**FITTING, **os.environ, "PYTHONPATH": str(root)}
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execve(command[0], command, environ)  # noqa: S606
    except OSError as error:
        raise SystemExit(_cannot_use(root / ".venv", error)) from None


def server_command(root: Path, argv: Sequence[str]) -> list[str]:
    """What serves, with PYTHONPATH=`root`."""
    # -P: what lies in the folder the command is typed in must not be imported.
    return [str(python_of(root)), "-P", "-m", "forms_app.keeper", *argv]


def python_of(root: Path) -> Path:
    return root / ".venv" / "bin" / "python"


def check_port(host: str, port: int) -> None:
    """Raises BootstrapRefused with the reason when nothing can listen there."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise BootstrapRefused(f"找不到地址 {host}，请检查 --host。") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = f"端口 {port} 已被别的程序占用，请用 --port 换一个，例如 --port {port + 1}。"
        elif error.errno == errno.EACCES:
            sentence = f"没有权限使用端口 {port}，请用 --port 换一个 1024 以上的端口。"
        elif error.errno == errno.EADDRNOTAVAIL:
            sentence = f"本机没有地址 {host}，请检查 --host。"
        else:
            sentence = (
                f"无法在 {host} 的端口 {port} 上监听（{error.strerror}），请检查 --host 和 --port。"
            )
        raise BootstrapRefused(sentence) from None


def install(root: Path, lock: Path) -> None:
    """Brings .venv to the versions of `lock`; returns at once when it is there already.

    Raises BootstrapRefused.
    """
    try:
        _install(root, lock)
    except OSError as error:
        raise BootstrapRefused(_cannot_use(root / ".venv", error)) from None


def _install(root: Path, lock: Path) -> None:
    venv = root / ".venv"
    # The record is written last. Until then the marker says that .venv may be half made, whatever
    # an older record says.
    record, marker = venv / f".installed-{lock.stem}", venv / ".installing"
    if not lock.exists():
        raise BootstrapRefused(f"缺少 {lock.name}，请重新取得完整的程序文件。")
    if _is_current(root, record, lock):
        return
    with _one_at_a_time(lock):
        if _is_current(root, record, lock):
            return
        if (
            importlib.util.find_spec("ensurepip") is None
            or importlib.util.find_spec("venv") is None
        ):
            raise BootstrapRefused(
                "这个 Python 缺少 venv，请先安装，例如运行 sudo apt install python3-venv。"
            )
        began = time.monotonic()
        if marker.exists() or not _has_pip(root) or _other_python(root, record):
            shutil.rmtree(venv, ignore_errors=True)
        venv.mkdir(exist_ok=True)
        marker.write_text("")
        print("正在安装所需的软件，大约需要一两分钟……", file=sys.stderr, flush=True)
        if not python_of(root).exists():
            _run([sys.executable, "-m", "venv", str(venv)], "无法建立 .venv 文件夹")
        try:
            _pip_install(root, lock)
        except NothingFetched:
            # What was whole still is: a server that runs from it starts again without a line, too.
            if any(venv.glob(".installed-*")):
                marker.unlink()
            raise
        record.write_text(_fingerprint(root, lock))
        marker.unlink()
        seconds = round(time.monotonic() - began)
        print(f"安装完成，用时 {seconds} 秒。", file=sys.stderr, flush=True)


def _cannot_use(venv: Path, error: OSError) -> str:
    owner = _other_owner(venv) if isinstance(error, PermissionError) else ""
    if owner:
        return (
            f"没有权限使用 {venv}，它是用户 {owner} 安装的；请用这个用户运行，例如 "
            f"sudo -u {owner} scripts/start。"
        )
    return f"无法读写 {venv}（{error.strerror}），请检查文件夹的权限和磁盘空间。"


def _other_owner(venv: Path) -> str:
    try:
        owner = venv.stat().st_uid
    except OSError:
        return ""
    if owner == os.geteuid():
        return ""
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def _fingerprint(root: Path, lock: Path) -> str:
    # With the interpreter: a system upgrade replaces it under our feet.
    interpreter = os.path.realpath(python_of(root))
    return f"{interpreter}\n{hashlib.sha256(lock.read_bytes()).hexdigest()}\n"


def _is_current(root: Path, record: Path, lock: Path) -> bool:
    return (
        not (root / ".venv" / ".installing").exists()
        and record.exists()
        and python_of(root).exists()
        and record.read_text() == _fingerprint(root, lock)
    )


def _other_python(root: Path, record: Path) -> bool:
    interpreter = os.path.realpath(python_of(root))
    return record.exists() and record.read_text().splitlines()[:1] != [interpreter]


def _has_pip(root: Path) -> bool:
    if not python_of(root).exists():
        return False
    command = [str(python_of(root)), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _pip_install(root: Path, lock: Path) -> None:
    _run(
        [
            str(python_of(root)), "-m", "pip", "install", "--quiet", "--no-input",
            "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:",
            # The lock is whole. Resolving again, pip takes an extra's newest release instead.
            "--no-deps",
            "--requirement", str(lock),
        ],
        "安装软件时出错",
    )  # fmt: skip


def _run(command: list[str], failure: str) -> None:
    # Its words are kept back: of use only when it fails.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    words = (done.stdout + done.stderr).strip()
    if any(word in words for word in OFFLINE_WORDS):
        raise NothingFetched("连不上软件源，请检查网络后再运行一次。")
    if "(from versions: none)" in words:
        raise NothingFetched(
            "软件源里没有适合这台机器的软件包，请检查网络，并确认 Python 是 3.11 到 3.14。"
        )
    raise BootstrapRefused(f"{failure}，请按下面的提示处理后再运行一次：\n{words[-2000:]}")


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一处正在安装，等它装完……", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    try:
        for name in sys.argv[1:]:
            install(here, here / name)
    except BootstrapRefused as refused:
        raise SystemExit(str(refused)) from None
