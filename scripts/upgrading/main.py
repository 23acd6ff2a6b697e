"""scripts/circle upgrade from its words to its last one. Standard library only."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.bootstrap import python_of
from scripts.upgrading.place import Beside
from scripts.upgrading.serving import Served, looks, served_from
from scripts.upgrading.source import Fresh, NotUpgraded, brought

READY_SECONDS = 300
SPARE_BYTES = 200 * 1024**2


def main(argv: list[str], root: Path) -> int:
    """Brings a new version in; 0, or 1 after a sentence."""
    parser = argparse.ArgumentParser(prog="scripts/circle upgrade")
    parser.add_argument("source", nargs="?", default="")
    parser.add_argument("--wheels", default="")
    parser.add_argument("--instance")  # of one that scripts/deploy made
    parser.add_argument("--checkout", default="")
    arguments = parser.parse_args(argv)
    try:
        if arguments.instance is not None:
            return _deploy(arguments)
        served = served_from(root)
        if served is None:
            raise NotUpgraded(
                "服务没有在运行：升级时要看新版本能不能起来。请先启动（scripts/start），"
                "再开一个窗口升级。"
            )
        beside = Beside(root)
        if beside.has_served:
            _move_in(beside, served)
            print("上次升级中途停过，程序文件现在已经换好。", flush=True)
        with brought(arguments.source, root) as fresh:
            _upgrade(beside, served, fresh, arguments.wheels)
    except NotUpgraded as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or root
        print(f"没有升级：{where}（{error.strerror}），请清出磁盘空间再升级。", file=sys.stderr)
        return 1
    print("升级完成：新版本已经在用，期间没有停过，数据都在。有什么变化，看 CHANGELOG.md。")
    return 0


def _deploy(arguments: argparse.Namespace) -> int:
    """The new version's own scripts/deploy does it: it knows what a server of its needs."""
    words = ["--wheels", arguments.wheels] if arguments.wheels else []
    with brought(arguments.source, Path(arguments.checkout or ".")) as fresh:
        deploy = [sys.executable, str(fresh.folder / "scripts" / "deploy"), "--yes", *words]
        name = ["--instance", arguments.instance] if arguments.instance else []
        return subprocess.run([*deploy, *name], check=False).returncode


def _upgrade(beside: Beside, served: Served, fresh: Fresh, wheels: str) -> None:
    """Raises NotUpgraded and OSError; the old version serves then."""
    environ = {
        "CIRCLE_DATA": str(_data(served, beside.root)),
        "CIRCLE_BUILD": str(beside.root / served.environ.get("CIRCLE_BUILD", "build")),
    }
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels} if wheels else {}
    if shutil.disk_usage(beside.root.parent).free < SPARE_BYTES:
        raise NotUpgraded(
            f"没有升级：磁盘只剩不到 {SPARE_BYTES // 1024**2} MB，请先清出空间，再升级。"
        )
    try:
        print("正在取新版本……", flush=True)
        beside.stage(fresh, environ, pip)
        print("正在备份，并让新版本在备份上试一遍……", flush=True)
        said = _command(served, beside.files, environ, "upgrade-step", "prepare")
        print(said.stdout.strip(), flush=True)
        if said.returncode:
            raise NotUpgraded(
                f"没有升级，什么也没有改，原来的照常在用。原因：{said.stderr.strip()[-1500:]}"
            )
    except BaseException:
        beside.clear()
        raise
    print("正在换成新版本，不停机……", flush=True)
    beside.lead()
    served.renew()
    if not _comes_up(served, beside.files):
        _go_back(beside, served, environ)
    _command(served, beside.files, environ, "upgrade-step", "confirm")
    _move_in(beside, served)


def _comes_up(served: Served, program: Path, *, is_well: bool = True) -> bool:
    """Whether this version alone serves before long, and answers: well, or at all."""
    has_come = False
    for _ in looks(READY_SECONDS):
        running = served.programs()
        # Asked again: what waited in the queue may have been answered by the old one.
        is_it = running == {str(program)} and served.answers(is_well=is_well)
        if is_it and served.programs() == running:
            return True
        if has_come and str(program) not in running:
            return False
        has_come = has_come or str(program) in running
        if not served.is_there:
            return False
    return False


def _go_back(beside: Beside, served: Served, environ: dict[str, str]) -> None:
    """The old version with the old data. Raises NotUpgraded."""
    beside.leave()
    served.end_those_of(beside.files)
    # On a full disk it serves, and says that it is not well.
    if not _comes_up(served, beside.root, is_well=False):
        served.renew()
        if not _comes_up(served, beside.root, is_well=False):
            raise NotUpgraded(
                "新版本没有起来，原来的也没有起来：请看服务所在窗口的最后几行，按它说的做，"
                "再运行 scripts/start。升级以前的备份在数据文件夹的 private/backups 里。"
            )
    _command(served, beside.root, environ, "upgrade-step", "confirm")
    beside.clear()
    raise NotUpgraded(
        "新版本没有起来，已经换回原来的程序和原来的数据，照常在用。原因在服务所在窗口（或日志）的"
        "最后几行；请把它告诉给您新版本的人。"
    )


def _move_in(beside: Beside, served: Served) -> None:
    """Files into the program's own folder, and the server with them. Raises NotUpgraded."""
    try:
        beside.take_place()
    except (OSError, NotUpgraded) as error:
        raise NotUpgraded(
            f"新版本已经在用，但还没有放进程序文件夹（{error}）：请清出磁盘空间，再运行一次 "
            "scripts/circle upgrade。"
        ) from error
    beside.leave()
    served.renew()
    if not _comes_up(served, beside.root):
        raise NotUpgraded("新版本已经在用；程序文件夹换好了，下次启动就从那里运行。")
    beside.clear()


def _data(served: Served, root: Path) -> Path:
    if "--demo" in served.words and not served.environ.get("CIRCLE_DATA", "").strip():
        return root / "data"
    return Path(_command(served, root, {}, "upgrade-step", "where").stdout.strip())


def _command(
    served: Served, program: Path, environ: dict[str, str], *words: str
) -> "subprocess.CompletedProcess[str]":
    """One of the administrator's commands of a version, with the server's own settings."""
    own = python_of(program)
    python = str(own) if own.exists() else sys.executable
    return subprocess.run(
        [python, "-P", "-m", "forms_app.commands.cli", *words],
        env={**served.environ, **environ, "PYTHONPATH": str(program)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
