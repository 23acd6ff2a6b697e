"""What is written for nginx and systemd: read by themselves where they are, and looked through."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.deployment.plan import Plan
from scripts.deployment.texts import TEMPLATES
from tests.conftest import missing
from tests.deployment.conftest import Scratch, here, nginx_at, run
from tests.support.addresses import example
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

CERTIFICATE = ("--certificate", "/etc/ssl/circle.pem", "--key", "/etc/ssl/circle.key")
ADDRESS = ("--address", "circle.test")
OFFICES = {
    "lan": (),
    "address": ADDRESS,
    "prefix": (*ADDRESS, "--prefix", "/gui.yuan/circle"),
    "https": (*ADDRESS, *CERTIFICATE),
    "front": (*ADDRESS, "--front", "10.0.0.2", "--https", "--instance", "hubian"),
    "another port": (*ADDRESS, "--listen", "8080", "--name", "桂园"),
}


@pytest.fixture(params=list(OFFICES))
def written(server: Scratch, small_source: Path, request: pytest.FixtureRequest) -> Scratch:
    with_certificate(server)
    assert server.deploy("--yes", *OFFICES[request.param], source=small_source) == 0, server.words
    return server


def with_certificate(server: Scratch) -> None:
    """A certificate of its own, made by whoever has openssl."""
    folder = server.root / "etc/ssl"
    folder.mkdir(parents=True)
    if shutil.which("openssl") is None:
        for name in ("circle.pem", "circle.key"):
            (folder / name).write_text("")
        return
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=circle.test", "-keyout", folder / "circle.key",
         "-out", folder / "circle.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def test_nginx_takes_what_was_written(written: Scratch) -> None:
    if shutil.which("nginx") is None:
        missing("nginx")
    if shutil.which("openssl") is None:
        missing("openssl")
    done = run(*nginx_at(written, 8099), "-t")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_systemd_takes_the_unit(written: Scratch) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze")
    (unit,) = (written.root / "etc/systemd/system").glob("*.service")
    copy = written.root / unit.name
    copy.write_text(here(written, unit.read_text(encoding="utf-8")), encoding="utf-8")
    done = run("systemd-analyze", "verify", "--man=no", str(copy))
    assert done.returncode == 0, done.stderr
    assert unit.name not in done.stderr


def test_no_value_is_left_open(written: Scratch) -> None:
    for path in [*written.root.glob("etc/**/*"), *written.root.glob("usr/**/*")]:
        if path.is_file() and not path.is_symlink() and path.suffix not in (".pem", ".key"):
            assert not re.search(r"@[a-z0-9_]+@", path.read_text(encoding="utf-8")), path


def test_the_service_may_write_its_own_folders_and_nothing_else(written: Scratch) -> None:
    (file,) = (written.root / "etc/systemd/system").glob("*.service")
    unit = file.read_text(encoding="utf-8")
    name = file.stem
    assert f"ReadWritePaths=/var/lib/{name} /var/backups/{name}\n" in unit
    assert f"User={name}\n" in unit
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
                 "SystemCallFilter=@system-service", "Environment=PYTHONPATH=",
                 "OOMPolicy=continue"):  # fmt: skip
        assert f"\n{line}" in unit


def test_a_reload_reaches_the_service_where_debian_has_the_least(written: Scratch) -> None:
    """`kill` is a program of a package that the smallest Debian lacks; a shell has its own."""
    (file,) = (written.root / "etc/systemd/system").glob("*.service")
    unit = file.read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecReload=(.+)$", unit, re.MULTILINE)
    program, *words = shlex.split(line)
    assert program == "/bin/sh"
    with subprocess.Popen(["sleep", "60"]) as service:
        environ = {"MAINPID": str(service.pid), "PATH": "/nowhere"}
        subprocess.run([program, *words], env=environ, check=True)
        assert service.wait(20) == -signal.SIGHUP


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("Circle.TEST", "circle.test"),
        ("2001:DB8:0:0:0:0:0:1", "[2001:db8::1]"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_is_written_as_browsers_and_certificates_name_it(
    server: Scratch, small_source: Path, typed: str, host: str
) -> None:
    assert server.deploy("--yes", "--address", typed, source=small_source) == 0, server.words
    (block,) = (server.root / "etc/nginx/sites-available").glob("*.conf")
    assert f"server_name {host};" in block.read_text(encoding="utf-8")
    settings = server.text("/etc/circle/circle/service.env")
    assert f"CIRCLE_PUBLIC_URL=http://{host}\n" in settings


def test_the_log_holds_nothing_of_whoever_came() -> None:
    http = (TEMPLATES / "nginx.http").read_text(encoding="utf-8")
    logged = re.search(r"log_format[^;]+;", http)
    assert logged
    for value in ("remote_addr", "query", "args", "referer", "$uri", "request_uri", "$request ",
                  "cookie", "user_agent", "forwarded"):  # fmt: skip
        assert value not in logged[0]


def test_every_address_that_takes_files_has_the_program_s_own_limit(
    server: Scratch, small_source: Path
) -> None:
    server.deploy("--yes", *OFFICES["prefix"], source=small_source)
    told = json.loads(
        subprocess.run(
            [sys.executable, "-P", "-m", "forms_app.web.body_sizes"],
            cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    files = server.text("/etc/nginx/circle/circle/files.conf")
    found = re.findall(r"location ~ (\S+) \{\s+client_max_body_size (\d+);", files)
    assert [int(size) for _, size in found] == [int(size) for size in told["files"]]
    for pattern, size in found:
        for address in told["files"][size]:
            assert re.fullmatch(pattern, f"/gui.yuan/circle{example(address)}")
    lines = server.text("/etc/nginx/circle/at/circle.test-80/circle.conf")
    assert f"client_max_body_size {told['text']};" in lines
    assert "location ^~ /gui.yuan/circle/ {" in lines


@pytest.mark.parametrize(
    ("plan", "url"),
    [
        (Plan(), ""),
        (Plan(address="a.cn"), "http://a.cn"),
        (Plan(address="a.cn", listens=8080), "http://a.cn:8080"),
        (Plan(address="a.cn", prefix="/c", certificate="/c", key="/k"), "https://a.cn/c"),
        (Plan(address="a.cn", acme="w@a.cn"), "https://a.cn"),
        (Plan(address="a.cn", front="10.0.0.1", https=True), "https://a.cn"),
        (Plan(address="a.cn", parent=True, https=True, prefix="/c"), "https://a.cn/c"),
        (Plan(address="fd00::1"), "http://[fd00::1]"),
    ],
)
def test_the_address_is_as_people_type_it(plan: Plan, url: str) -> None:
    assert plan.public_url == url
    plan.check()


def test_below_a_parent_s_own_block_only_lines_are_written(
    server: Scratch, small_source: Path
) -> None:
    options = (*ADDRESS, "--prefix", "/circle", "--parent", "--https")
    server.deploy("--yes", *options, source=small_source)
    assert not list((server.root / "etc/nginx").glob("sites-*/*"))
    assert "include /etc/nginx/circle/parents/circle.conf;" in server.words
    settings = server.text("/etc/circle/circle/service.env")
    assert "CIRCLE_PUBLIC_URL=https://circle.test/circle\n" in settings
    assert "CIRCLE_PROXY=127.0.0.1\n" in settings
