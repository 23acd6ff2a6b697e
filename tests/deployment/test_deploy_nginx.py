"""nginx before an installation: its blocks, its addresses, its certificate."""

from pathlib import Path

import pytest

from tests.deployment.conftest import OFFICE, Scratch

pytestmark = pytest.mark.slow


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
