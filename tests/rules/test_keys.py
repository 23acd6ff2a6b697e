"""Tickets are read back however they are typed, and nothing that is stored gives one away."""

import re
import string
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.rules import keys
from forms_app.rules.keys import (
    CROCKFORD,
    NOBODY_HASH,
    SECRET_LETTERS,
    CodeKey,
    form_key_hash,
    format_ticket,
    hash_secret,
    key_name,
    matches,
    parse_ticket,
    ticket_secret,
)
from forms_app.rules.sessions import new_key
from tests.support.light_hashes import THOROUGH

READ = ("260017", "7K2M9QXD4T0N")

numbers = st.from_regex(r"[0-9]{6,12}", fullmatch=True)
secrets = st.text(CROCKFORD, min_size=SECRET_LETTERS, max_size=SECRET_LETTERS)
between = st.text(" -–—_.·\u3000\u2011\t\n", max_size=3)
LOOKALIKES = {"0": "0Oo", "1": "1IiLl"}


def as_typed(letter: str) -> st.SearchStrategy[str]:
    """One letter as somebody may type it: either case, a lookalike, or full width."""
    narrow = st.sampled_from(LOOKALIKES.get(letter, letter + letter.lower()))
    return st.one_of(narrow, narrow.map(lambda typed: chr(ord(typed) + 0xFEE0)))


@given(numbers, secrets)
def test_a_ticket_is_read_as_it_was_written(number: str, secret: str) -> None:
    assert parse_ticket(format_ticket(number, secret)) == (number, secret)


@pytest.mark.slow
@given(numbers, secrets, st.data())
def test_a_ticket_is_read_however_it_is_typed(
    number: str, secret: str, data: st.DataObject
) -> None:
    typed = "".join(data.draw(between) + data.draw(as_typed(c)) for c in number + secret)
    assert parse_ticket(typed + data.draw(between)) == (number, secret)


@pytest.mark.parametrize(
    "typed",
    [
        "260017-7K2M-9QXD-4T0N",
        "2600177K2M9QXD4T0N",
        "260017 7k2m 9qxd 4ton",
        " 260017–7K2M—9QXD‑4T0N ",
        "26oo17-7K2M-9QXD-4TON",
        "２６００１７－７Ｋ２Ｍ－９ＱＸＤ－４Ｔ０Ｎ",
        "260017\u30007K2M\u30009QXD\u30004T0N",
        "260017−7K2M―9QXD‐4T0N",
        "260017ー7K2Mー9QXDー4T0N",
        "\ufeff260017-7K2M-9QXD-4T0N\u200b",
        "260017-7K2M-\n9QXD-4T0N",
        "260017.7K2M·9QXD_4T0N",
        "查询码 260017-7K2M-9QXD-4T0N",
        "260017-7K2M-9QXD-4T0N。",
        "260017-7K2M-9QXD-4T0N，",
        '"260017-7K2M-9QXD-4T0N"',
        "“260017-7K2M-9QXD-4T0N”",
        "（260017-7K2M-9QXD-4T0N）",
        "https://circle.example/base/issues/#260017-7K2M-9QXD-4T0N",
        "您的查询码：260017-7K2M-9QXD-4T0N，到 https://circle.example/issues/ 查进度",
        "查詢碼：２６００１７－７Ｋ２Ｍ－９ＱＸＤ－４Ｔ０Ｎ，謝謝",
        "查询码\t260017-7K2M-\n9QXD-4T0N\r\n谢谢",
        "code: 260017-7k2m-9qxd-4ton please",
        "260017-7K2M-9QXD-4T0N'; --x",
        "260017/7K2M/9QXD/4T0N",
        "260017～7K2M～9QXD～4T0N",
        "260017：7K2M：9QXD：4T0N",
        "**260017-7K2M-9QXD-4T0N**",
        "编号：260017 查询码：7K2M-9QXD-4T0N",
        "问题编号260017\n查询码\n7K2M-9QXD-4T0N",
        "https%3A%2F%2Fcircle.example%2Fissues%2F%23260017-7K2M-9QXD-4T0N",
        "260017-7K2M-9QXD-4T0N260017-7K2M-9QXD-4T0N",
        "260017-7K2M-9QXD-4T0N\n260017-7K2M-9QXD-4T0N",
        "编号260017密码7K2M9QXD4T0N",
        "260017杠7K2M杠9QXD杠4T0N",
        "260017一7K2M一9QXD一4T0N",
    ],
)
def test_ways_that_people_and_messengers_write_a_ticket(typed: str) -> None:
    assert parse_ticket(typed) == READ


def test_i_and_l_are_read_as_one() -> None:
    assert parse_ticket("26oo1i-lIiL-9QXD-4T0N") == ("260011", "11119QXD4T0N")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "260017",
        "7K2M-9QXD-4T0N",
        "26001-7K2M-9QXD-4T0N",
        "260017-7K2M-9QXD-4T0",
        "260017-7K2M-9QXD-4T0U",
        "A60017-7K2M-9QXD-4T0N",
        "2600170000000-7K2M-9QXD-4T0N",
        "260017-7K2M-9QXD-4T0路",
        "٢٦٠٠١٧-7K2M-9QXD-4T0N",
    ],
)
def test_what_is_no_ticket_is_none(typed: str) -> None:
    assert parse_ticket(typed) is None


@given(st.text())
def test_garbage_is_none_or_at_least_well_formed(typed: str) -> None:
    read = parse_ticket(typed)
    if read is not None:
        assert re.fullmatch(r"[0-9]{6,12}", read[0])
        assert re.fullmatch(f"[{CROCKFORD}]{{12}}", read[1])


def test_the_letters_of_a_ticket_cannot_be_taken_for_one_another() -> None:
    left_out = set(string.digits + string.ascii_uppercase) - set(CROCKFORD)
    assert left_out == set("ILOU")
    assert len(set(CROCKFORD)) == 32


@given(st.text(), st.text(), st.text())
def test_the_same_form_gives_the_same_secret_and_another_form_or_server_another(
    server_key: str, form_key: str, other: str
) -> None:
    secret = ticket_secret(server_key, form_key)
    assert re.fullmatch(f"[{CROCKFORD}]{{12}}", secret)
    assert ticket_secret(server_key, form_key) == secret
    if other != form_key:
        assert ticket_secret(server_key, other) != secret
    if other.rstrip("\0") != server_key.rstrip("\0"):
        assert ticket_secret(other, form_key) != secret


@pytest.fixture
def _thorough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_hasher", THOROUGH)


@pytest.mark.usefixtures("_thorough")
def test_a_hash_has_a_salt_of_its_own_and_opens_only_to_its_secret() -> None:
    one, other = hash_secret("7K2M9QXD4TBN"), hash_secret("7K2M9QXD4TBN")
    assert one != other
    assert "7K2M9QXD4TBN" not in one
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(one, "7K2M9QXD4TBN")
    assert matches(other, "7K2M9QXD4TBN")
    assert not matches(one, "7K2M9QXD4TBM")
    assert not matches(one, "")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken"])
def test_a_hash_that_is_none_opens_to_nothing(stored: str) -> None:
    assert not matches(stored, "plain")


@pytest.mark.usefixtures("_thorough")
def test_nobodys_hash_costs_as_much_as_anybodys() -> None:
    assert NOBODY_HASH.split("$")[:4] == hash_secret("somebody").split("$")[:4]


def test_a_forms_key_is_kept_as_a_hash() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", form_key_hash("a form's key"))
    assert form_key_hash("a form's key") != form_key_hash("another")


def test_a_code_is_kept_under_the_servers_key_and_opens_only_to_itself() -> None:
    key = CodeKey("one server")
    kept = key.hashed("7K2M9QXD4TBN")
    assert "7K2M9QXD4TBN" not in kept
    assert key.opens(kept, "7K2M9QXD4TBN")
    assert not key.opens(kept, "7K2M9QXD4TBM")
    assert not CodeKey("another server").opens(kept, "7K2M9QXD4TBN")
    assert not key.opens("", "7K2M9QXD4TBN")
    assert not key.opens("", "")


def test_what_is_kept_names_its_key_and_tells_nothing_of_it() -> None:
    key = CodeKey("one server")
    assert key_name(key.hashed("7K2M9QXD4TBN")) == key.name
    assert key.name != CodeKey("another server").name
    assert key_name(hash_secret("7K2M9QXD4TBN")) == ""
    assert "one server" not in repr(key)


def test_a_code_that_was_hashed_slowly_still_opens() -> None:
    assert CodeKey("one server").opens(hash_secret("7K2M9QXD4TBN"), "7K2M9QXD4TBN")


def test_the_key_of_a_session_is_drawn_anew_and_long() -> None:
    keys = {new_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(urlsafe_b64decode(key)) * 8 >= 128 for key in keys)
