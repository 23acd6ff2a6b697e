"""A server of the tests' own: a folder below which everything is written, and commands noted."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import pytest

from scripts.deployment.main import main
from scripts.deployment.server import Said, Server
from tests.support.running import ROOT

KEPT: list[Said] = []
OFFICE = ("--yes", "--name", "桂园十分钟圈", "--address", "circle.test", "--admin", "wang")
OS_RELEASE = 'ID=debian\nVERSION_ID="12"\n'


class Scratch(Server):
    """A minimal Debian 12 in a folder. What changes the machine is noted, not done."""

    is_root = True  # type: ignore[assignment]  # a fact of the machine, and the tests say it
    has_ipv6 = True  # type: ignore[assignment]
    has_systemd = False  # type: ignore[assignment]
    nginx_version = (1, 22)  # type: ignore[assignment]

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands: list[str] = []
        self.said: list[str] = []
        self.fails: dict[str, str] = {}  # how a command begins → what it says as it fails
        self.packages = {"python3-venv"}
        self.users: set[str] = set()
        self.owners: dict[Path, str] = {}
        self.holders: dict[int, str] = {}
        self.free = 10 * 1024**3
        self.answers: list[str] = []
        self.programs: list[set[str]] = []
        self.accounts = ""  # as the program lists them
        (root / "etc").mkdir(parents=True)
        (root / "etc" / "os-release").write_text(OS_RELEASE)
        (root / "etc" / "localtime").symlink_to("/usr/share/zoneinfo/Asia/Shanghai")

    def run(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        *,
        is_shown: bool = False,
    ) -> Said:
        words = " ".join(command)
        if "forms_app.web.body_sizes" in words:  # the program's own word, asked for once
            if not KEPT:
                KEPT.append(super().run(command, environ, is_shown=is_shown))
            return KEPT[0]
        if command[0] == "dpkg-query":
            return Said(0, "installed") if command[-1] in self.packages else Said(1, "")
        if "compileall" in words or words.endswith("-v"):
            return Said(0, "")
        self.commands.append(words)
        for start, said in self.fails.items():
            if words.startswith(start):
                return Said(1, said)
        self._take(command)
        if "staff list" in words:
            return Said(0, self.accounts)
        return Said(0, "已新建账号" if "staff add" in words else "")

    def _take(self, command: Sequence[str]) -> None:
        """What a command comes to here."""
        if command[0] == "apt-get" and "install" in command:
            self.packages |= set(command[command.index("--no-install-recommends") + 1 :])
        elif command[0] == "useradd":
            self.users.add(command[-1])
        elif "requirements.lock" in command:
            folder = Path(command[1]).parent.parent
            (folder / ".venv").symlink_to(sys.prefix)
        elif "new-office" in command:
            shipped = "community" if "--sample" in command else "starter"
            data = self.root / "var" / "lib" / Path(command[0]).name
            shutil.copytree(ROOT / "data" / "community", data / "community")
            shutil.copytree(ROOT / "data" / shipped, data / "community", dirs_exist_ok=True)
        elif "staff" in command and "add" in command:
            data = self.root / "var" / "lib" / Path(command[0]).name / "private"
            data.mkdir(exist_ok=True)
            (data / "forms.db").write_text("")

    def ask(self, _question: str) -> str:
        return self.answers.pop(0) if self.answers else ""

    def say(self, words: str) -> None:
        self.said.append(words)

    def wait(self, seconds: float) -> None:
        pass

    def has_user(self, name: str) -> bool:
        return name in self.users

    def give(self, path: Path, owner: str) -> None:
        self.owners[path] = owner

    def owner_of(self, path: Path) -> str:
        return self.owners.get(path, "root")

    def free_bytes(self, _path: PurePath) -> int:
        return self.free

    def holder_of(self, port: int) -> str:
        return self.holders.get(port, "")

    def programs_of(self, user: str) -> set[str]:
        if self.programs:
            return self.programs.pop(0)
        return {str((self.root / "opt/circle/running" / user).resolve())}

    def deploy(self, *options: str, source: Path = ROOT) -> int:
        """Runs it; what it said and ordered is only of this run."""
        self.said, self.commands = [], []
        return main(options, self, source)

    @property
    def words(self) -> str:
        return "\n".join(self.said)

    def text(self, path: str) -> str:
        return (self.root / path.lstrip("/")).read_text(encoding="utf-8")

    def tree(self) -> dict[str, str]:
        """Every file and link below the folder, with what it holds or leads to."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                found[name] = f"-> {path.readlink()}"
            elif path.is_file():
                found[name] = path.read_bytes().hex()
            else:
                found[name] = oct(path.stat().st_mode)
        return found


@pytest.fixture
def server(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "server")


@pytest.fixture(scope="session")
def small_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout without what makes it large: what is copied again and again."""
    folder = tmp_path_factory.mktemp("source")
    for part in (
        "forms_app",
        "scripts",
        "data/community",
        "data/starter",
        "mkdocs.yml",
        "requirements.lock",
        "requirements-postgres.lock",
        "requirements-s3.lock",
    ):
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "translations", "node_modules")
            shutil.copytree(source, target, ignore=left_out)
        else:
            shutil.copy2(source, target)
    return folder


def here(server: Scratch, text: str) -> str:
    """A file of the server's as it would be below the scratch folder."""
    for top in ("/etc/", "/var/", "/opt/", "/usr/local/"):
        text = text.replace(top, f"{server.root}{top}")
    return text


def nginx_at(server: Scratch, port: int) -> list[str]:
    """The command that runs nginx by what was written, without rights and at this port."""
    conf = server.root / "nginx"
    conf.mkdir(exist_ok=True)
    for path in (server.root / "etc/nginx").rglob("*.conf"):
        if path.is_symlink():
            continue
        copy = conf / path.relative_to(server.root / "etc/nginx")
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8").replace("/etc/nginx/", f"{conf}/")
        text = re.sub(r"listen \[::\]:\d+.*;\n", "", text)
        text = re.sub(
            r"listen (\d+)",
            lambda listens: f"listen 127.0.0.1:{port + (listens[1] != '80')}",
            text,
        )
        copy.write_text(here(server, text))
    for folder in ("var/cache", "var/log/nginx"):
        (server.root / folder).mkdir(parents=True, exist_ok=True)
    (conf / "main").write_text(
        f"{'user root;' * (os.geteuid() == 0)} daemon off; pid {conf}/pid; error_log stderr "
        "crit;\nworker_processes 1;\n"
        "events { worker_connections 512; }\nhttp {\n"
        "types { text/html html; text/css css; text/javascript js; }\n"
        + "".join(f"{kind}_temp_path {conf}/{kind};\n"
                  for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"include {conf}/conf.d/*.conf;\ninclude {conf}/sites-available/*.conf;\n}}\n"
    )  # fmt: skip
    return ["nginx", "-c", f"{conf}/main", "-e", "stderr"]


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)
