"""The SMS gateway: read from its file, spoken to as its provider asks, and understood."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from forms_app.community import DataRefused
from forms_app.notices.http import Answer
from forms_app.notices.sms import STANDING, Gateway, read_gateway
from forms_app.rules.told_by import News
from forms_app.rules.worktime import is_night

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)  # noon in China
PHONE = "13800000000"
GOOD = """
url: https://sms.example.cn/send
prefix: 黄金岭街道
headers: '{"Authorization": "Bearer hush"}'
body: '{"to": ["{phone}"], "content": "{text}", "at": "{time}", "once": "{nonce}",
  "sign": "{signature}"}'
secret: hush-hush
signed: '{phone}{time}{nonce}'
status: [200, 202]
field: data.code
value: OK
daily_phone: 3
night: 22:00-07:00
"""


def gateway(folder: Path, text: str = GOOD) -> Gateway:
    (folder / "sms.yml").write_text(text, encoding="utf-8")
    found = read_gateway(folder)
    assert found is not None
    return found


def test_without_the_file_there_is_none(tmp_path: Path) -> None:
    assert read_gateway(tmp_path) is None


def test_a_request_is_what_the_file_describes(tmp_path: Path) -> None:
    found = gateway(tmp_path)
    request = found.call(PHONE, "【黄金岭街道】您好", "n1", NOW)
    sent = json.loads(request.body)
    seconds = str(int(NOW.timestamp()))
    assert sent["to"] == [PHONE]
    assert (sent["content"], sent["at"], sent["once"]) == ("【黄金岭街道】您好", seconds, "n1")
    expected = hmac.new(b"hush-hush", f"{PHONE}{seconds}n1".encode(), "sha256").hexdigest()
    assert sent["sign"] == expected
    assert request.headers["Authorization"] == "Bearer hush"
    assert "hush" not in repr(found)


def test_a_form_a_query_and_a_signature_in_base64(tmp_path: Path) -> None:
    found = replace(
        gateway(tmp_path), form="form", signature="base64", body={"m": "{phone}&{text}"}
    )
    request = found.call(PHONE, "好 的", "n1", NOW)
    assert parse_qs(request.body.decode()) == {"m": [f"{PHONE}&好 的"]}
    found = replace(found, method="GET", url="https://sms.example.cn/{nonce}?a=1&s={signature}")
    request = found.call(PHONE, "好", "a/b", NOW)
    parts = urlsplit(request.url)
    assert parts.path == "/a%2Fb"
    query = parse_qs(parts.query)
    assert query["m"] == [f"{PHONE}&好"]
    assert len(base64.b64decode(query["s"][0])) == 32
    assert request.body == b""


@pytest.mark.parametrize("news", News)
def test_a_text_holds_number_standing_and_link_alone(tmp_path: Path, news: News) -> None:
    words = gateway(tmp_path).words("260001", news, "https://circle.example.cn")
    assert words == (
        f"【黄金岭街道】您反映的问题260001：{STANDING[news]}。https://circle.example.cn/issues/"
    )
    assert gateway(tmp_path).words("260001", news, None).endswith("。")


@pytest.mark.parametrize(
    ("status", "body", "is_taken", "is_final"),
    [
        (200, b'{"data": {"code": "OK"}}', True, False),
        (202, b'{"data": {"code": "OK"}}', True, False),
        (200, b'{"data": {"code": "LIMIT"}}', False, False),
        (200, b'{"data": {"code": {"phone": "13800000000"}}}', False, False),
        (200, b"<html>", False, False),
        (200, b"[" * 100_000, False, False),
        (500, b"", False, False),
        (429, b"", False, False),
        (302, b"", False, True),
        (403, b'{"data": {"code": "OK"}}', False, True),
    ],
)
def test_an_answer_is_understood(
    tmp_path: Path, status: int, body: bytes, is_taken: bool, is_final: bool
) -> None:
    error, final = gateway(tmp_path).refusal(Answer(status, {}, body))
    assert (error == "", final) == (is_taken, is_final)
    assert PHONE not in error


@pytest.mark.parametrize(
    ("hour", "is_at_night"),
    [(21, False), (22, True), (0, True), (6, True), (7, False), (12, False)],
)
def test_nobody_is_woken(tmp_path: Path, hour: int, is_at_night: bool) -> None:
    found = gateway(tmp_path)
    midnight = NOW.replace(hour=16) - timedelta(days=1)
    assert is_night(found.night, midnight + timedelta(hours=hour)) is is_at_night


def test_where_the_file_says_no_hours_it_is_night_from_nine_to_eight(tmp_path: Path) -> None:
    found = gateway(tmp_path, GOOD.replace("night: 22:00-07:00\n", ""))
    day = NOW.replace(hour=0)  # eight in China
    said = [is_night(found.night, day + timedelta(minutes=at)) for at in (-1, 0, 779, 780)]
    assert said == [True, False, False, True]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("url: sms.example.cn/hush", "url"),
        ("url: 'https://sms.example.cn/{hush}'", "url"),
        ("body: hush", "body"),
        ("body: '[1]'", "body"),
        ('body: \'{"a": "{phon}"}\'', "body"),
        ('headers: \'{"a b": "hush"}\'', "headers"),
        ('headers: \'{"a": "密钥hush"}\'', "headers"),
        ('headers: \'{"a": "{text}"}\'', "headers"),
        ("prefix: 【街道】", "prefix"),
        ("text: 您好", "text"),
        ("text: '{link}{description}'", "text"),
        ("signed: '{signature}'", "signed"),
        ("signed: ''", "signed"),
        ("value: ''", "field"),
        ("daily_phone: 0", "daily_phone"),
        ("night: late", "night"),
        ("token: hush", "token"),
    ],
)
def test_a_mistake_is_named_without_the_secret(tmp_path: Path, line: str, column: str) -> None:
    key = line.partition(":")[0]
    fields = {
        "url": "url: https://sms.example.cn/", "prefix": "prefix: 街道",
        "body": "body: '{\"a\": \"{phone}\"}'", "secret": "secret: hush",
        "signed": "signed: '{phone}'", "field": "field: code", "value": "value: '0'",
    }  # fmt: skip
    fields[key] = line
    with pytest.raises(DataRefused) as refused:
        gateway(tmp_path, "\n".join(fields.values()))
    (error,) = refused.value.errors
    assert (error.file, error.column) == ("sms.yml", column)
    assert "hush" not in str(refused.value).replace("{hush}", "")
