"""An installation as whoever makes it meets it: what it does, says, refuses, and leaves alone."""

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.deployment.options import parser
from scripts.deployment.program import Program
from scripts.deployment.server import Server
from tests.deployment.conftest import OFFICE, Scratch, run
from tests.support.running import ROOT

pytestmark = pytest.mark.slow


def test_a_bare_debian_gets_its_python_first(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    noted = tmp_path / "noted"
    for name in ("id", "tail", "sh"):
        (tools / name).symlink_to(shutil.which(name) or "")
    apt = tools / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {noted}\nexit 1\n')
    apt.chmod(0o755)

    def deploy(*options: str) -> "subprocess.CompletedProcess[str]":
        command = [str(tools / "sh"), str(ROOT / "scripts" / "deploy"), *options]
        return subprocess.run(
            command, env={"PATH": str(tools)}, capture_output=True, text=True, check=False
        )

    assert "apt-get install python3-venv" in deploy("--dry-run").stderr
    assert not noted.exists()
    if os.geteuid():
        assert "sudo scripts/deploy" in deploy("--yes").stderr
        return
    assert "装不上 python3" in deploy("--yes").stderr
    assert "install -y -qq --no-install-recommends python3-venv" in noted.read_text()
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "python3.deb").write_text("")
    deploy("--yes", "--wheels", str(tmp_path / "usb"))
    assert noted.read_text().endswith(f"{tmp_path}/usb/python3.deb\n")


def test_old_pythons_can_read_it_and_learn_what_is_needed() -> None:
    source = (ROOT / "scripts" / "deploy").read_text()
    ast.parse(source, feature_version=(3, 6))
    assert "需要 Python 3.11" in source


def test_run_twice_it_changes_nothing_and_says_so(server: Scratch, small_source: Path) -> None:
    assert server.deploy(*OFFICE, source=small_source) == 0
    assert "系统用户 circle" in server.words
    assert "已新建账号" in server.words
    first = server.tree()
    assert server.deploy(*OFFICE, source=small_source) == 0
    assert "什么都没动" in server.words
    assert "已做" not in server.words
    assert server.commands == []
    assert server.tree() == first


def test_what_was_chosen_need_not_be_said_again(server: Scratch, small_source: Path) -> None:
    server.deploy(*OFFICE, "--prefix", "circle/", source=small_source)
    assert server.deploy(source=small_source) == 0
    assert "什么都没动" in server.words
    assert "http://circle.test/circle" in server.words


def test_a_dry_run_prints_every_file_and_writes_none(server: Scratch, small_source: Path) -> None:
    before = server.tree()
    assert server.deploy(*OFFICE, "--dry-run", source=small_source) == 0
    assert server.tree() == before
    assert server.commands == []
    for told in (
        "系统软件包", "系统用户 circle", "ExecReload", "proxy_request_buffering", "log_format",
        "CIRCLE_PUBLIC_URL=http://circle.test", "rotate 186",
    ):  # fmt: skip
        assert told in server.words, told


def test_the_program_is_a_copy_that_the_service_cannot_change(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    running = server.root / "opt/circle/running/circle"
    program = running.resolve()
    assert program.parent == server.root / "opt/circle/programs"
    assert (program / "forms_app" / "serve.py").is_file()
    assert not list(program.rglob("__pycache__"))
    assert program not in server.owners
    assert os.access(program / "scripts" / "circle", os.X_OK)
    assert server.owners[server.root / "var/lib/circle"] == "circle"
    assert (server.root / "var/lib/circle/community/circle.yml").is_file()


def test_a_new_version_lies_beside_the_old_one_and_the_office_s_files_stay(
    server: Scratch, small_source: Path, tmp_path: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    running = server.root / "opt/circle/running"
    own = server.root / "var/lib/circle/community/circle.yml"
    own.write_text("ours")
    settings = server.root / "etc/circle/circle/own.env"
    settings.write_text("CIRCLE_SMTP_URL=smtp://mail.test\n")
    versions = [(running / "circle").resolve()]
    fresh = tmp_path / "fresh"
    shutil.copytree(small_source, fresh)
    for number in range(2):
        (fresh / "forms_app" / "logs.py").write_text(f"# {number}\n")
        server.fails = {}
        assert server.deploy(source=fresh) == 0
        versions.append((running / "circle").resolve())
        assert (running / "circle.before").resolve() == versions[-2]
    assert len(set(versions)) == 3
    assert {path.name for path in (server.root / "opt/circle/programs").iterdir()} == {
        version.name for version in versions[-2:]
    }
    assert own.read_text() == "ours"
    assert settings.read_text() == "CIRCLE_SMTP_URL=smtp://mail.test\n"


def test_a_running_service_takes_a_new_version_without_refusing_anybody(
    server: Scratch, small_source: Path, tmp_path: Path
) -> None:
    server.has_systemd = True
    server.fails = {"systemctl is-active": "", "systemctl is-enabled": ""}
    server.deploy(*OFFICE, source=small_source)
    assert "systemctl start circle" in server.commands
    assert "systemctl enable --quiet circle" in server.commands
    fresh = tmp_path / "fresh"
    shutil.copytree(small_source, fresh)
    (fresh / "forms_app" / "logs.py").write_text("# changed\n")
    server.fails = {}
    assert server.deploy(source=fresh) == 0
    assert "systemctl reload circle" in server.commands
    assert "systemctl restart circle" not in server.commands


def test_what_ended_behind_its_link_goes_on_with_the_next_attempt(
    server: Scratch, small_source: Path, tmp_path: Path
) -> None:
    """The line to the server broke: the link leads to the new version, and the old one serves."""
    server.has_systemd = True
    server.deploy(*OFFICE, source=small_source)
    old = str((server.root / "opt/circle/running/circle").resolve())
    fresh = tmp_path / "fresh"
    shutil.copytree(small_source, fresh)
    (fresh / "forms_app" / "logs.py").write_text("# changed\n")
    server.has_systemd = False  # so it ends there
    assert server.deploy(source=fresh) == 0
    server.has_systemd = True
    server.programs = [{old}]
    assert server.deploy(source=fresh) == 0
    assert "systemctl reload circle" in server.commands
    assert server.deploy(source=fresh) == 0
    assert "systemctl reload circle" not in server.commands


def test_a_version_that_does_not_come_up_is_taken_back(
    server: Scratch, small_source: Path, tmp_path: Path
) -> None:
    server.has_systemd = True
    server.deploy(*OFFICE, source=small_source)
    old = (server.root / "opt/circle/running/circle").resolve()
    fresh = tmp_path / "fresh"
    shutil.copytree(small_source, fresh)
    (fresh / "forms_app" / "serve.py").write_text("raise SystemExit(1)\n")
    folders = server.root / "opt/circle/programs"
    server.programs = [{str(old), str(folders / _version_of(fresh))}, {str(old)}]
    assert server.deploy(source=fresh) == 1
    assert "已经换回原来的程序和原来的数据" in server.words
    assert "journalctl -u circle" in server.words
    assert (server.root / "opt/circle/running/circle").resolve() == old


def test_a_version_proves_itself_on_a_backup_before_anything_moves(
    server: Scratch, small_source: Path, tmp_path: Path
) -> None:
    server.has_systemd = True
    server.deploy(*OFFICE, source=small_source)
    assert not any("upgrade-step" in command for command in server.commands)
    old = (server.root / "opt/circle/running/circle").resolve()
    fresh = tmp_path / "fresh"
    shutil.copytree(small_source, fresh)
    (fresh / "forms_app" / "logs.py").write_text("# changed\n")
    command = str(server.root / "usr/local/bin/circle")
    server.fails = {f"{command} upgrade-step prepare": "备份里的数据库读不出来"}
    assert server.deploy(source=fresh) == 1
    assert "什么也没有改，原来的照常在用。原因：备份里的数据库读不出来" in server.words
    assert (server.root / "opt/circle/running/circle").resolve() == old
    assert not any("reload" in command for command in server.commands)
    server.fails = {}
    assert server.deploy(source=fresh) == 0
    steps = [one for one in server.commands if "upgrade-step" in one or "reload circle" in one]
    assert steps == [
        f"{command} upgrade-step prepare", "systemctl reload circle",
        f"{command} upgrade-step confirm",
    ]  # fmt: skip


def test_an_office_begins_empty_and_with_the_sample_only_where_that_is_asked_for(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    server.deploy(*OFFICE, "--instance", "look", "--prefix", "/look", "--sample",
                  source=small_source)  # fmt: skip
    for folder, shipped in (("circle", "starter"), ("circle-look", "community")):
        own = server.root / "var/lib" / folder / "community/circle.yml"
        assert own.read_bytes() == (ROOT / "data" / shipped / "circle.yml").read_bytes()


def test_the_command_brings_a_new_version_in_as_root(server: Scratch, small_source: Path) -> None:
    server.deploy(*OFFICE, source=small_source)
    command = server.text("/usr/local/bin/circle")
    assert command.index("scripts/upgrade") < command.index("runuser")
    assert '--instance ""' in command
    assert run("sh", "-n", str(server.root / "usr/local/bin/circle")).returncode == 0


def _version_of(source: Path) -> str:
    return Program(source, os.path.realpath(Server().python)).digest()


def test_uninstalled_the_office_s_words_are_still_there(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    backup = server.root / "var/backups/circle/one"
    backup.write_text("kept")
    assert server.deploy("--uninstall") == 0
    left = [str(path.relative_to(server.root)) for path in server.root.rglob("*") if path.is_file()]
    assert "var/lib/circle/community/circle.yml" in left
    assert "var/lib/circle/private/forms.db" in left
    assert "var/backups/circle/one" in left
    assert "etc/circle/circle/own.env" in left
    assert not [name for name in left if name.startswith(("opt/", "etc/nginx", "etc/systemd",
                                                          "etc/logrotate", "usr/"))]  # fmt: skip
    assert "留着的" in server.words
    server.deploy(*OFFICE, source=small_source)
    assert "已新建账号" not in server.words  # its people are still there, too


def test_two_on_one_server_have_everything_of_their_own_and_share_the_program(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, "--prefix", "/gui", source=small_source)
    assert (
        server.deploy(*OFFICE, "--instance", "hubian", "--prefix", "/hu", source=small_source) == 0
    )
    assert "CIRCLE_DATA=/var/lib/circle-hubian" in server.text(
        "/etc/circle/circle-hubian/service.env"
    )
    assert "--port 8101" in server.text("/etc/systemd/system/circle.service")
    assert "--port 8102" in server.text("/etc/systemd/system/circle-hubian.service")
    assert server.users == {"circle", "circle-hubian"}
    assert len(list((server.root / "opt/circle/programs").iterdir())) == 1
    lines = sorted(
        path.name for path in (server.root / "etc/nginx/circle/at/circle.test-80").iterdir()
    )
    assert lines == ["circle-hubian.conf", "circle.conf"]
    assert server.deploy("--uninstall", "--instance", "hubian") == 0
    assert (server.root / "etc/nginx/sites-available/circle-at-circle.test-80.conf").is_file()
    assert (server.root / "opt/circle/running/circle/forms_app").is_dir()
    assert server.deploy(source=small_source) == 0
    assert "什么都没动" in server.words


def test_without_options_it_asks_four_things(server: Scratch, small_source: Path) -> None:
    server.answers = ["circle.test", "", "li", ""]
    assert server.deploy(source=small_source) == 0
    assert any("staff add li --role admin" in command for command in server.commands)
    assert "CIRCLE_PUBLIC_URL=http://circle.test" in server.text("/etc/circle/circle/service.env")


def test_the_handbook_s_page_names_only_options_that_there_are_and_all_of_them() -> None:
    page = (ROOT / "site/docs/about/install.md").read_text(encoding="utf-8")
    known = {option for action in parser()._actions for option in action.option_strings}
    pip_s_and_docker_s = {"--download-only", "--only-binary", "--no-deps"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - pip_s_and_docker_s
    assert named <= known
    assert known - named <= {"-h", "--help", "--name", "--port", "--yes"}
