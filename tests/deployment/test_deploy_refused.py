"""What an installation refuses or warns of, before it has done anything."""

import time
from pathlib import Path

import pytest

from tests.deployment.conftest import OFFICE, Scratch

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--address", "http://circle.test/"), "不带 http://"),
        (("--instance", "Gui Yuan"), "小写字母"),
        (("--prefix", "/a b", "--address", "circle.test"), "--prefix"),
        (("--prefix", "/a"), "就要写 --address"),
        (("--prefix", "/../a", "--address", "circle.test"), "--prefix 不能写"),
        (("--prefix", "/a/./b", "--address", "circle.test"), "--prefix 不能写"),
        (("--address", "fe80::1%eth0"), "--address 不能写"),
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
