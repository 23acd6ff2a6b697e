"""An installation as whoever makes it meets it: what it does, says, refuses, and leaves alone."""

import ast
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from scripts.deployment.options import parser
from scripts.deployment.program import Program
from scripts.deployment.server import Server
from tests.deployment.conftest import Scratch, run
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

OFFICE = ("--yes", "--name", "桂园十分钟圈", "--address", "circle.test", "--admin", "wang")


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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--address", "http://circle.test/"), "不带 http://"),
        (("--instance", "Gui Yuan"), "小写字母"),
        (("--prefix", "/a b", "--address", "circle.test"), "--prefix"),
        (("--prefix", "/a"), "就要写 --address"),
        (("--certificate", "/etc/c.pem"), "要一起写"),
        (("--certificate", "/etc/c.pem", "--key", "/etc/k.pem"), "先把证书拷到服务器上"),
        (("--certificate", "c.pem", "--key", "/etc/k.pem"), "完整路径"),
        (("--acme", "wang@example.cn"), "要先有域名"),
        (("--acme", "wang@example.cn", "--address", "10.0.0.1"), "要先有域名"),
        (("--acme", "wang@example.cn", "--address", "circle.test", "--parent"), "只能用一个"),
        (("--https",), "--front 或 --parent"),
        (("--front", "proxy.test"), "IP 地址"),
        (("--backups", "/var/lib/circle/backups"), "数据文件夹"),
        (("--name", 'a"\nExecStart=x'), "--name"),
        (("--admin", "王"), "--admin"),
        (("--wheels", "/mnt/usb"), "/mnt/usb 不在"),
        (("--uninstall",), "没有装过"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_done(
    server: Scratch, options: tuple[str, ...], sentence: str
) -> None:
    before = server.tree()
    assert server.deploy("--yes", *options) == 1
    assert sentence in server.words
    assert server.tree() == before
    assert [command for command in server.commands if not command.startswith("nginx -v")] == []


def test_a_port_that_somebody_has_is_told_with_the_way_out(server: Scratch) -> None:
    server.holders = {80: "apache2"}
    assert server.deploy("--yes") == 1
    assert "systemctl disable --now apache2" in server.words
    assert "--listen 8080" in server.words
    server.holders = {8101: "java"}
    assert server.deploy("--yes") == 1
    assert "端口 8101 已被程序 java 占用" in server.words


def test_two_at_one_place_or_port_are_refused(server: Scratch, small_source: Path) -> None:
    server.deploy(*OFFICE, source=small_source)
    assert server.deploy(*OFFICE, "--instance", "hubian", source=small_source) == 1
    assert "已经是另一处安装（circle）" in server.words
    more = ("--instance", "hubian", "--prefix", "/hu", "--port", "8101")
    assert server.deploy(*OFFICE, *more, source=small_source) == 1
    assert "端口 8101 是另一处安装" in server.words


def test_a_server_without_room_or_with_a_wrong_clock_is_left_alone(
    server: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.free = 300 * 1024**2
    assert server.deploy("--yes") == 1
    assert "磁盘只剩 300 MB" in server.words
    server.free = 10 * 1024**3
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
    assert server.deploy("--yes") == 1
    assert "时钟不对" in server.words


def test_another_time_zone_no_ipv6_and_no_https_are_said_and_stop_nothing(
    server: Scratch, small_source: Path
) -> None:
    (server.root / "etc/localtime").unlink()
    (server.root / "etc/timezone").write_text("Etc/UTC\n")
    (server.root / "etc/os-release").write_text("ID=debian\nVERSION_ID=11\n")
    server.has_ipv6 = False
    assert server.deploy(*OFFICE, source=small_source) == 0
    for told in ("Etc/UTC，不是北京时间", "没有 IPv6", "没有 HTTPS", "debian 11，没有试过"):
        assert told in server.words
    block = server.text("/etc/nginx/sites-available/circle-at-circle.test-80.conf")
    assert "[::]" not in block


def test_without_internet_both_kinds_of_packages_say_where_to_get_them(
    server: Scratch, small_source: Path
) -> None:
    server.fails = {"apt-get install": "E: Unable to fetch some archives"}
    assert server.deploy(*OFFICE, source=small_source) == 1
    assert ".deb" in server.words
    assert "Unable to fetch" in server.words
    folder = server.root / "mnt/usb"
    folder.mkdir(parents=True)
    (folder / "nginx.deb").write_text("")
    server.fails = {server.python: "No matching distribution found"}
    assert server.deploy(*OFFICE, "--wheels", "/mnt/usb", source=small_source) == 1
    assert any("/mnt/usb/nginx.deb" in command for command in server.commands)
    assert "pip download" in server.words


def test_a_configuration_that_nginx_refuses_leaves_the_old_one(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    before = server.text("/etc/nginx/circle/at/circle.test-80/circle.conf")
    http = server.text("/etc/nginx/conf.d/circle.conf")
    server.fails = {"nginx -t": "nginx: [emerg] duplicate listen options"}
    assert server.deploy("--port", "8200", source=small_source) == 1
    assert "已经改回原来的" in server.words
    assert server.text("/etc/nginx/conf.d/circle.conf") == http
    assert server.text("/etc/nginx/circle/at/circle.test-80/circle.conf") == before


def test_by_number_alone_debian_s_empty_site_makes_room(
    server: Scratch, small_source: Path
) -> None:
    default = server.root / "etc/nginx/sites-enabled/default"
    default.parent.mkdir(parents=True)
    default.symlink_to("/etc/nginx/sites-available/default")
    server.deploy(*OFFICE, source=small_source)
    assert default.is_symlink()
    server.deploy("--yes", "--instance", "lan", source=small_source)
    assert not default.is_symlink()
    assert "default_server" in server.text("/etc/nginx/sites-available/circle-at-lan-80.conf")
    assert "CIRCLE_PUBLIC_URL" not in server.text("/etc/circle/circle-lan/service.env")


def test_another_address_leaves_nothing_of_the_former_one(
    server: Scratch, small_source: Path
) -> None:
    assert server.deploy(*OFFICE, source=small_source) == 0
    assert server.deploy(*OFFICE, "--listen", "8080", source=small_source) == 0, server.words
    blocks = [path.name for path in (server.root / "etc/nginx/sites-enabled").iterdir()]
    assert blocks == ["circle-at-circle.test-8080.conf"]
    assert not (server.root / "etc/nginx/circle/at/circle.test-80/circle.conf").exists()
    # Where nginx does not take the new ones, the former ones are back.
    before = server.tree()
    server.fails = {"nginx -t": "nginx: [emerg] whatever"}
    assert server.deploy(*OFFICE, "--listen", "8090", source=small_source) == 1
    after = server.tree()
    kept = {name for name in before if name.startswith("etc/nginx/")}
    assert {name: before[name] for name in kept} == {name: after.get(name) for name in kept}


def test_a_certificate_is_asked_for_over_http_and_the_site_stands_without_one(
    server: Scratch, small_source: Path
) -> None:
    server.fails = {"certbot": "Could not reach"}
    acme = (*OFFICE, "--acme", "wang@example.cn")
    assert server.deploy(*acme, source=small_source) == 0
    block = "/etc/nginx/sites-available/circle-at-circle.test-443.conf"
    assert "listen 80;" in server.text(block)
    assert "ssl_certificate" not in server.text(block)
    assert "没有申请到证书" in server.words
    server.fails = {}
    live = server.root / "etc/letsencrypt/live/circle.test"
    live.mkdir(parents=True)
    (live / "fullchain.pem").write_text("")
    assert server.deploy(source=small_source) == 0
    assert "listen 443 ssl http2;" in server.text(block)
    assert "return 301 https://circle.test$request_uri;" in server.text(block)


def test_a_certificate_is_renewed_at_the_usual_port_wherever_the_site_is(
    server: Scratch, small_source: Path
) -> None:
    live = server.root / "etc/letsencrypt/live/circle.test"
    live.mkdir(parents=True)
    (live / "fullchain.pem").write_text("")
    options = (*OFFICE, "--acme", "office@example.cn", "--listen", "8443")
    assert server.deploy(*options, source=small_source) == 0, server.words
    block = server.text("etc/nginx/sites-available/circle-at-circle.test-8443.conf")
    assert "listen 80;" in block
    assert "/.well-known/acme-challenge/" in block
    assert "https://circle.test:8443$request_uri" in block


def test_the_handbook_s_page_names_only_options_that_there_are_and_all_of_them() -> None:
    page = (ROOT / "site/docs/about/install.md").read_text(encoding="utf-8")
    known = {option for action in parser()._actions for option in action.option_strings}
    pip_s_and_docker_s = {"--download-only", "--only-binary", "--no-deps"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - pip_s_and_docker_s
    assert named <= known
    assert known - named <= {"-h", "--help", "--name", "--port", "--yes"}


DATABASE = (
    "postgresql://circle:hush@db1,db2/circle?target_session_attrs=read-write&connect_timeout=3"
)
BUCKET = "s3://key:more%2Fhush@s3.test/photos?region=here"


def test_database_and_bucket_are_kept_for_root_alone_and_read_alike_by_both(
    server: Scratch, small_source: Path
) -> None:
    shared = ("--database", DATABASE, "--bucket", BUCKET)
    assert server.deploy(*OFFICE, *shared, "--dry-run", source=small_source) == 0
    assert "CIRCLE_S3_URL='s3://…@s3.test/photos?region=here'" in server.words
    assert "hush" not in server.words
    assert server.deploy(*OFFICE, *shared, source=small_source) == 0, server.words
    assert "hush" not in server.words
    settings = server.root / "etc/circle/circle/service.env"
    for file in (settings, settings.with_name("plan.json")):
        assert file.stat().st_mode & 0o777 == 0o600
    read = 'set -a; . "$0"; echo "$CIRCLE_DATABASE_URL"; echo "$CIRCLE_S3_URL"'
    assert run("sh", "-c", read, str(settings)).stdout.splitlines() == [DATABASE, BUCKET]
    lines = settings.read_text(encoding="utf-8").splitlines()
    assert {f"CIRCLE_DATABASE_URL='{DATABASE}'", f"CIRCLE_S3_URL='{BUCKET}'"} <= set(lines)


def test_what_both_need_is_installed_and_once_chosen_stays(
    server: Scratch, small_source: Path
) -> None:
    server.deploy(*OFFICE, source=small_source)
    plain = (server.root / "opt/circle/running/circle").resolve()
    assert server.deploy("--database", DATABASE, "--bucket", BUCKET, source=small_source) == 0
    (installed,) = (words for words in server.commands if "bootstrap.py" in words)
    assert installed.endswith("requirements.lock requirements-postgres.lock requirements-s3.lock")
    assert any(
        "apt-get install" in words and "postgresql-client" in words for words in server.commands
    )  # its backups are made by pg_dump
    assert (server.root / "opt/circle/running/circle").resolve() != plain
    assert server.deploy(source=small_source) == 0
    assert "什么都没动" in server.words


def test_an_office_whose_accounts_are_in_the_database_gets_no_other_administrator(
    server: Scratch, small_source: Path
) -> None:
    server.accounts = "wang\tadmin\n"
    assert server.deploy(*OFFICE, "--database", DATABASE, source=small_source) == 0
    assert not [words for words in server.commands if "staff add" in words]
    server.fails = {f"{server.root}/usr/local/bin/circle staff list": "连不上数据库"}
    assert server.deploy("--port", "8199", source=small_source) == 1
    assert "连不上数据库" in server.words


@pytest.mark.parametrize(
    "given",
    [
        ("--database", "sqlite:////srv/forms.db"),
        ("--database", "postgresql://a:b'c@host/name"),
        ("--database", "postgresql://a:$(b)\\@host/name"),
        ("--bucket", "https://s3.test/photos"),
        ("--bucket", "s3://key:a b@s3.test/photos"),
    ],
)
def test_an_address_that_would_be_read_otherwise_is_refused(
    server: Scratch, small_source: Path, given: tuple[str, str]
) -> None:
    assert server.deploy(*OFFICE, *given, source=small_source) == 1
    assert f"{given[0]} 要写" in server.words
