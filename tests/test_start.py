"""The commands as somebody meets them who has only just unpacked the product."""

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.running import ROOT

SYSTEM_PYTHON = os.path.realpath(sys.executable)  # not the one of our own .venv
READY = re.compile(r"^ready http://127\.0\.0\.1:(\d+)(/\S*)$")
# The demonstration's records are made, counted and drawn before it answers.
START_SECONDS = 300
# A machine that does nothing else needs a second; one that tests on all cores takes some more.
ENDS_SECONDS = 6
NOTHING = "# nothing\n"  # a lock

sys.path.insert(0, str(ROOT / "scripts"))
from bootstrap import BootstrapRefused, _run, check_port, install, python_of  # noqa: E402


def environment(**changes: str) -> dict[str, str]:
    ours = ("CIRCLE_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **changes}


def checkout(folder: Path) -> Path:
    """What a clone would hold, with the changes that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that the first test to need it starts for the first time."""
    return checkout(tmp_path_factory.mktemp("checkout"))


class Running:
    """A started product: its process, its port and what it said before it was ready."""

    def __init__(self, folder: Path, *arguments: str, **changes: str) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, "scripts/start", "--port", "0", *arguments],
            cwd=folder,
            env=environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        for line in self.process.stdout or []:
            self.said.append(line)
            ready = READY.match(line)
            if ready:
                self.port, self.path = int(ready[1]), ready[2]
                break
        else:
            raise AssertionError((self.process.stderr or sys.stdin).read())
        self.seconds = time.monotonic() - began

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, location and text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        finally:
            connection.close()

    def end(self, number: signal.Signals) -> tuple[int, float, str]:
        """Exit code, seconds it took and what stood on standard error."""
        began = time.monotonic()
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, time.monotonic() - began, errors


@pytest.fixture
def running(request: pytest.FixtureRequest, installed: Path) -> Iterator[Running]:
    arguments, changes = request.param
    started = Running(installed, *arguments, **changes)
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.communicate()


def run(folder: Path, *command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def test_old_pythons_can_read_the_start_and_learn_what_is_needed() -> None:
    source = (ROOT / "scripts" / "start").read_text()
    ast.parse(source, feature_version=(3, 6))
    assert "需要 Python 3.11" in source


@pytest.mark.slow
@pytest.mark.parametrize("running", [(["--demo"], {})], indirect=True)
def test_a_bare_checkout_starts_and_answers(running: Running) -> None:
    assert running.get("/")[0] == 200
    assert running.get("/issues/new")[0] == 200
    assert running.get("/healthz")[0] == 200
    assert running.get("/search?q=%E6%9C%8D%E5%8A%A1")[0] == 200
    assert running.get("/no/such/page")[0] == 404
    code, seconds, errors = running.end(signal.SIGTERM)
    assert code == 0
    assert seconds < ENDS_SECONDS
    assert "正在安装" in errors
    assert "Traceback" not in errors
    print(f"first start: {running.seconds:.1f} s")


@pytest.mark.slow
@pytest.mark.parametrize("running", [(["--demo"], {})], indirect=True)
def test_started_again_it_starts_in_seconds(running: Running) -> None:
    print(f"second start: {running.seconds:.1f} s")
    assert running.seconds < 15
    code, seconds, errors = running.end(signal.SIGINT)
    assert (code, "正在安装" in errors, "Traceback" in errors) == (0, False, False)
    assert seconds < ENDS_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "running",
    [(["--demo"], {"CIRCLE_PUBLIC_URL": "https://www.example.cn/circle"})],
    indirect=True,
)
def test_below_a_prefix_every_address_moves(running: Running) -> None:
    assert running.path == "/circle/"
    assert running.get("/")[:2] == (302, "/circle/")
    assert running.get("/circle/")[0] == 200
    assert running.get("/circle/issues/new")[0] == 200
    assert running.get("/issues/new")[0] == 404


@pytest.mark.slow
def test_without_demo_the_first_start_gives_one_administrator(
    installed: Path, tmp_path: Path
) -> None:
    said = []
    for _ in range(2):
        started = Running(installed, CIRCLE_DATA=str(tmp_path / "town"))
        assert started.get("/")[0] == 200  # an empty circle has a site, too
        assert "待填" in started.get("/issues/new")[2]
        started.end(signal.SIGTERM)
        said.append("".join(started.said))
    assert "首次密码" in said[0]
    assert str(tmp_path / "town") in said[0]
    assert "密码" not in said[1]


@pytest.mark.slow
def test_wrong_data_stops_the_start_with_every_error(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed / "data" / "community", tmp_path / "data" / "community")
    (tmp_path / "data" / "community" / "estates.csv").unlink()
    environ = {"CIRCLE_DATA": str(tmp_path / "data")}
    started = run(installed, SYSTEM_PYTHON, "scripts/start", "--port", "0", **environ)
    assert started.returncode == 1
    assert "estates.csv" in started.stderr
    assert "Traceback" not in started.stderr
    checked = run(installed, "scripts/circle", "check-data", **environ)
    assert checked.returncode == 1
    assert "estates.csv" in checked.stderr


@pytest.mark.slow
def test_a_data_folder_that_cannot_be_written_stops_the_start(installed: Path) -> None:
    data = str(installed / "LICENSE" / "data")
    started = run(installed, SYSTEM_PYTHON, "scripts/start", "--port", "0", CIRCLE_DATA=data)
    assert started.returncode == 1
    assert "CIRCLE_DATA" in started.stderr
    assert "Traceback" not in started.stderr


@pytest.mark.slow
def test_the_administrators_commands_answer_with_their_codes(installed: Path) -> None:
    good = run(installed, "scripts/circle", "check-data")
    assert (good.returncode, good.stderr) == (0, "")
    assert "没有错误" in good.stdout
    usage = run(installed, "scripts/circle", "no-such-command")
    assert usage.returncode == 2
    assert usage.stderr.startswith("参数不对")
    helped = run(installed, "scripts/circle", "publish", "--help")
    assert helped.returncode == 0
    assert "用法：" in helped.stdout


def test_a_taken_port_is_said_before_the_slow_work(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        started = run(folder, SYSTEM_PYTHON, "scripts/start", "--port", str(port))
    assert started.returncode == 1
    assert started.stderr == (
        f"端口 {port} 已被别的程序占用，请用 --port 换一个，例如 --port {port + 1}。\n"
    )
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize(
    "arguments", [["--port", "many"], ["--port", "70000"], ["--colour"], ["--port"]]
)
def test_wrong_arguments_end_with_two(tmp_path: Path, arguments: list[str]) -> None:
    started = run(tmp_path, SYSTEM_PYTHON, str(ROOT / "scripts" / "start"), *arguments)
    assert started.returncode == 2
    assert started.stderr.startswith("参数不对")


def test_help_says_what_can_be_given(tmp_path: Path) -> None:
    started = run(tmp_path, SYSTEM_PYTHON, str(ROOT / "scripts" / "start"), "--help")
    assert started.returncode == 0
    for word in ("--port", "--host", "--demo", "用法：", "选项"):
        assert word in started.stdout


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(BootstrapRefused, match="--host"):
        check_port(host, 0)


def test_circle_before_start_says_what_to_do(tmp_path: Path) -> None:
    answer = run(checkout(tmp_path), "scripts/circle", "check-data")
    assert answer.returncode == 1
    assert answer.stderr == "还没有安装，请先运行 scripts/start。\n"


@pytest.mark.slow
def test_circle_in_a_half_made_environment_says_what_to_do(tmp_path: Path, made: Path) -> None:
    installed_in(checkout(tmp_path), made)
    (tmp_path / ".venv" / ".installing").write_text("")
    answer = run(tmp_path, "scripts/circle", "check-data")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        "软件没有装完：正在安装的，请等它装完；中断了的，请再运行 scripts/start。\n"
    )


@pytest.mark.parametrize("name", ["bench", "test"])
def test_help_for_developers_installs_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy2(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    answer = run(tmp_path, f"scripts/{name}", "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "--quick" in answer.stdout
    assert "set -" not in answer.stdout
    assert not (tmp_path / ".venv").exists()


def test_the_benchmarks_install_what_they_need(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy2(ROOT / "scripts" / "bench", tmp_path / "scripts" / "bench")
    (tmp_path / "scripts" / "bootstrap.py").write_text("import sys\nsys.exit(str(sys.argv[1:]))\n")
    answer = run(tmp_path, "scripts/bench", "--quick")
    assert answer.returncode == 1
    assert answer.stderr == "['requirements.lock', 'requirements-test.lock']\n"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock without a single package: what is made is an empty .venv."""
    path = tmp_path / "requirements.lock"
    path.write_text(NOTHING)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of no package, as the first start makes it; its lock stands beside it."""
    folder = tmp_path_factory.mktemp("made")
    lock = folder / "requirements.lock"
    lock.write_text(NOTHING)
    install(folder, lock)
    return folder


def installed_in(folder: Path, made: Path) -> None:
    """Puts a copy of the environment where a first start would have made it."""
    shutil.copytree(made / ".venv", folder / ".venv", symlinks=True)


@pytest.mark.slow
def test_what_is_installed_is_not_installed_again(
    tmp_path: Path, lock: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()  # of `made`, which may have been made just now
    installed_in(tmp_path, made)
    install(tmp_path, lock)
    assert capsys.readouterr().err == ""
    lock.write_text("# other\n")
    install(tmp_path, lock)
    assert "安装完成" in capsys.readouterr().err


@pytest.fixture
def copied_when_made(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an environment is made from here on, it is a copy: Python takes seconds for one."""

    def run(command: list[str], failure: str) -> None:
        if command[1:3] == ["-m", "venv"]:
            shutil.copytree(made / ".venv", command[3], symlinks=True, dirs_exist_ok=True)
        else:
            _run(command, failure)

    monkeypatch.setattr("bootstrap._run", run)


@pytest.mark.slow
@pytest.mark.usefixtures("copied_when_made")
def test_a_half_made_environment_is_made_again(
    tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    venv = tmp_path / ".venv"
    (venv / "lib").mkdir(parents=True)
    (venv / "lib" / "half").write_text("")
    (venv / ".installing").write_text("")
    install(tmp_path, lock)
    assert "安装完成" in capsys.readouterr().err
    assert python_of(tmp_path).exists()
    assert not (venv / "lib" / "half").exists()
    assert not (venv / ".installing").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("copied_when_made")
def test_an_environment_whose_python_is_gone_is_made_again(
    tmp_path: Path, lock: Path, made: Path
) -> None:
    installed_in(tmp_path, made)
    python_of(tmp_path).unlink()
    python_of(tmp_path).symlink_to("/no/such/python")
    install(tmp_path, lock)
    assert python_of(tmp_path).exists()


@pytest.fixture
def skeleton(made: Path) -> Iterator[Path]:
    """Start, installed from a lock without a package, and a server that tells its environment."""
    # Not in tmp_path: nobody else may enter that.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "scripts").mkdir()
        (folder / "forms_app" / "commands").mkdir(parents=True)
        for file in ("scripts/start", "scripts/bootstrap.py", "forms_app/commands/arguments.py"):
            shutil.copy2(ROOT / file, folder / file)
        for part in ("scripts/deployment", "scripts/upgrading"):
            shutil.copytree(ROOT / part, folder / part)
        (folder / "forms_app" / "__init__.py").write_text("")
        (folder / "forms_app" / "keeper.py").write_text(
            "import json, os\nprint(json.dumps(dict(os.environ)))\n"
        )
        (folder / "requirements.lock").write_text(NOTHING)
        installed_in(folder, made)
        yield folder


@pytest.mark.slow
@pytest.mark.parametrize(("given", "expected"), [({}, "1"), ({"MALLOC_ARENA_MAX": "5"}, "5")])
def test_the_server_keeps_one_heap_unless_told_otherwise(
    skeleton: Path, given: dict[str, str], expected: str
) -> None:
    started = run(skeleton, SYSTEM_PYTHON, "scripts/start", "--port", "0", **given)
    environment = json.loads(started.stdout)
    assert environment["MALLOC_ARENA_MAX"] == expected
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "1048576"


@pytest.fixture
def nobody() -> tuple[str, ...]:
    """The words before a command that let the user nobody run it with some Python."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (SYSTEM_PYTHON, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = ("runuser", "--user", "nobody", "--", python)
        if subprocess.run([*command, "-c", new_enough], capture_output=True).returncode == 0:
            return command
    pytest.skip("nobody else may run a Python here")


@pytest.mark.slow
@pytest.mark.parametrize("why", ["closed", "python not executable", "newer lock"])
def test_somebody_else_than_who_installed_it_gets_one_sentence(
    skeleton: Path, nobody: tuple[str, ...], why: str
) -> None:
    assert run(skeleton, SYSTEM_PYTHON, "scripts/start", "--port", "0").returncode == 0
    venv, lock = skeleton / ".venv", skeleton / "requirements.lock"
    if why == "closed":
        venv.chmod(0o700)
    elif why == "newer lock":
        lock.write_text("# newer\n")
    else:
        python = skeleton / "python"
        python.touch(0o700)
        python_of(skeleton).unlink()
        python_of(skeleton).symlink_to(python)
        digest = sha256(lock.read_bytes()).hexdigest()
        (venv / ".installed-requirements").write_text(f"{python}\n{digest}\n")
    started = run(skeleton, *nobody, "scripts/start", "--port", "0")
    assert (started.returncode, started.stdout) == (1, "")
    assert started.stderr == (
        f"没有权限使用 {venv}，它是用户 root 安装的；请用这个用户运行，例如 "
        "sudo -u root scripts/start。\n"
    )


@pytest.fixture
def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nothing listens there
    monkeypatch.setenv("PIP_RETRIES", "1")


FAR_AWAY = f"flask==3.1.3 --hash=sha256:{'0' * 64}\n"


@pytest.mark.slow
def test_the_commands_name_whose_they_are(skeleton: Path, nobody: tuple[str, ...]) -> None:
    shutil.copy2(ROOT / "scripts" / "circle", skeleton / "scripts" / "circle")
    (skeleton / ".venv").chmod(0o700)
    asked = run(skeleton, *nobody[:-1], "scripts/circle", "doctor")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == (
        f"没有权限使用 {skeleton}/.venv，请用安装它的用户运行，例如 sudo -u root scripts/circle。\n"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("copied_when_made", "without_network")
def test_without_network_the_install_says_so(tmp_path: Path, lock: Path) -> None:
    lock.write_text(FAR_AWAY)
    for _ in range(2):  # nor is it taken for installed the next time
        with pytest.raises(BootstrapRefused, match="连不上软件源"):
            install(tmp_path, lock)


@pytest.mark.slow
@pytest.mark.usefixtures("without_network")
def test_an_extra_that_cannot_be_fetched_leaves_what_was_installed(
    tmp_path: Path, lock: Path, made: Path
) -> None:
    installed_in(tmp_path, made)
    kept = tmp_path / ".venv" / "kept"
    kept.touch()
    extra = tmp_path / "requirements-walking.lock"
    extra.write_text(FAR_AWAY)
    with pytest.raises(BootstrapRefused, match="连不上软件源"):
        install(tmp_path, extra)
    install(tmp_path, lock)
    assert kept.exists()


@pytest.mark.slow
def test_a_package_that_is_not_the_locked_one_is_refused(
    tmp_path: Path, lock: Path, made: Path
) -> None:
    installed_in(tmp_path, made)
    lock.write_text(f"markupsafe==3.0.3 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(BootstrapRefused, match="安装软件时出错"):
        install(tmp_path, lock)


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("requirements.lock", ""),
        ("requirements-walking.lock", "walking"),
        ("requirements-postgres.lock", "postgres"),
        ("requirements-s3.lock", "s3"),
        ("requirements-test.lock", "test"),
    ],
)
def test_the_locks_hold_what_the_project_asks_for(name: str, extra: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    if extra:
        wanted += project["optional-dependencies"][extra]
    text = (ROOT / name).read_text()
    pins = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    for line in wanted:
        requirement = Requirement(line)
        pinned = pins[requirement.name.lower()]
        assert requirement.specifier.contains(pinned), f"run scripts/lock: {line}, {pinned}"
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)
