"""Waking browsers: keys of our own, what is sealed by the standards' own examples, and an address
that a stranger named."""

import ipaddress
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from forms_app.notices import http, sealing
from forms_app.notices.http import (
    AddressRefused,
    Answer,
    NotConnected,
    is_public,
    post,
    post_to_stranger,
)
from forms_app.notices.push import MESSAGE, is_key_missing, outcome, push_key
from forms_app.rules.waking import Woken, is_public_address, packed, unpacked
from forms_app.settings import Settings
from tests.support.push_service import HOST, Browser, claims, lead_to

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def settings(tmp_path: Path, url: str = "https://circle.example.cn") -> Settings:
    return Settings.from_environment(
        {"CIRCLE_DATA": str(tmp_path / "data"), "CIRCLE_PUBLIC_URL": url}, tmp_path
    )


def test_what_is_sent_is_sealed_as_in_the_standard_s_own_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RFC 8291, section 5."""
    ours = int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    key = ec.derive_private_key(ours, ec.SECP256R1())
    monkeypatch.setattr(ec, "generate_private_key", lambda _curve: key)
    monkeypatch.setattr(os, "urandom", lambda _count: unpacked("DGv6ra1nlYgDCS1FRnbzlw"))
    theirs = (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    browser = Woken("https://push.example.com/1", theirs, "BTBZMqHH6r4Tts7J_aSIgg", "")
    sent = sealing.sealed(b"When I grow up, I want to be a watermelon", browser)
    assert packed(sent) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_the_browser_that_asked_reads_it() -> None:
    one, other = Browser("k"), Browser("k")
    first, second = (sealing.sealed(MESSAGE, one.woken) for _ in range(2))
    assert one.read(first) == one.read(second) == MESSAGE
    assert first[:86] != second[:86]  # another salt and key each time
    with pytest.raises(InvalidTag):
        other.read(first)


def test_the_office_signs_for_one_push_service_and_half_a_day() -> None:
    key = sealing.fresh_key()
    told = claims(
        sealing.authorization(key, f"https://{HOST}/abc?d", "https://circle.example.cn", NOW)
    )
    assert told == {
        "aud": f"https://{HOST}",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "https://circle.example.cn",
        "k": sealing.public_half(key),
    }


def test_the_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    office = settings(tmp_path)
    assert is_key_missing(office)
    key = push_key(office)
    assert key is not None
    assert key == push_key(office)
    assert not is_key_missing(office)
    for file in (office.push_key_file, office.push_public_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.private not in repr(key)
    assert key.private not in office.push_public_file.read_text(encoding="ascii")
    office.push_public_file.unlink()  # brought over from a copy of the private one alone
    assert push_key(office) == key
    office.push_key_file.unlink()
    fresh = push_key(office)
    assert fresh is not None
    assert fresh.public != key.public


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"short\n"])
def test_a_damaged_key_stops_no_other_way(tmp_path: Path, content: bytes) -> None:
    office = settings(tmp_path)
    push_key(office)
    office.push_key_file.write_bytes(content)
    assert push_key(office) is None


@pytest.mark.parametrize(
    ("url", "may_wake"),
    [
        ("https://circle.example.cn/x", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("http://circle.example.cn", False),
        ("http://192.168.1.5", False),
    ],
)
def test_browsers_are_woken_from_a_secure_address_alone(
    tmp_path: Path, url: str, may_wake: bool
) -> None:
    office = settings(tmp_path, url)
    assert (push_key(office) is not None) is may_wake
    assert office.push_key_file.exists() is may_wake


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com:443/wpush/v2/gAAA", True),
        ("http://push.example.com/1", False),
        ("https://push.example.com:8443/1", False),
        ("https://user:word@push.example.com/1", False),
        ("https://127.0.0.1/1", False),
        ("https://93.184.216.34/1", False),
        ("https://[::1]/1", False),
        ("https://0x7f.1/1", False),
        ("https://2130706433/1", False),
        ("https://localhost/1", False),
        ("https://push..example.com/1", False),
        ("https://.example.com/1", False),
        ("https://example.com./1", False),
        ("https://" + "a" * 64 + ".example.com/1", False),
        ("https://push.example.com/a b", False),
        ("https://push.example.com/\r\nHost: x", False),
        ("https://推送.example.com/", False),
        ("https://push.example.com:x/", False),
        ("https://push.example.com/" + "a" * 1000, False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_a_stranger_s_address_is_https_by_name_at_the_usual_port(url: str, may: bool) -> None:
    assert is_public_address(url) is may
    if not may:
        with pytest.raises(AddressRefused):
            post_to_stranger(url, b"", {})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "::7f00:1", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "fec0::1", "5f00::1", "192.0.0.8",
    ],
)  # fmt: skip
def test_a_name_that_stands_for_an_inner_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    lead_to(monkeypatch, address)
    monkeypatch.setattr(http.socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(AddressRefused) as refused:
        post_to_stranger(f"https://{HOST}/1", b"", {})
    assert HOST not in str(refused.value)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_of_the_public_net_is_one(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        (201, "sent"), (202, "sent"), (404, "refused"), (410, "refused"), (429, "retry"),
        (503, "retry"), (400, "wrong"), (403, "wrong"), (302, "wrong"),
    ],
)  # fmt: skip
def test_what_a_push_service_answers(status: int, ending: str) -> None:
    assert outcome(Answer(status, {"retry-after": "60"}, b"")).ending == ending


def test_what_gives_no_key_of_the_curve_is_refused() -> None:
    wrong = Woken(f"https://{HOST}/1", packed(b"\x04" + b"\x01" * 64), packed(bytes(16)), "")
    assert wrong.is_sound
    with pytest.raises(ValueError, match="Invalid EC key"):
        sealing.sealed(MESSAGE, wrong)


@pytest.mark.parametrize(
    "host",
    [
        "a..b.invalid", ".a.invalid", "a.invalid..", "a" * 64 + ".invalid", "a." * 130 + "invalid",
        "xn--a.invalid", "a_b.invalid", "-a.invalid", "a.invalid.",
    ],
)  # fmt: skip
def test_a_name_that_nobody_can_look_up_is_not_connected_and_nothing_else(host: str) -> None:
    """Of a stranger's address as well as of one that the office wrote: else every look at what is
    to be sent would end at it.
    """
    if is_public_address(f"https://{host}/x"):
        with pytest.raises(NotConnected):
            post_to_stranger(f"https://{host}/x", b"", {})
    with pytest.raises(NotConnected):
        post(f"https://{host}/x", b"", {}, ())
