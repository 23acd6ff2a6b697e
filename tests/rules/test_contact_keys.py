"""A contact opens with its own key at its own place, and equal ones are told by their marks."""

import subprocess
import sys

import pytest

from forms_app.rules.contact_keys import (
    ContactKeys,
    ContactLocked,
    is_sealed,
    kind_in,
    mark_in,
    same_email,
    same_phone,
)
from tests.support.running import ROOT

KEYS = ContactKeys.read("k" * 43)
PLACE = "issue.reporter_phone"
TEXTS = ["139-1234-5678", "张", "金丝雀" * 10, "$1$", "a\x00b", "\ud800", " "]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_sealed_opens_again_and_says_nothing(text: str) -> None:
    sealed = KEYS.seal(text, PLACE, text)
    assert is_sealed(sealed)
    assert sealed.isascii()
    assert text not in sealed[3:]
    assert KEYS.open(sealed, PLACE) == text
    assert KEYS.seal(text, PLACE, text) != sealed


def test_it_opens_at_no_other_place_with_no_other_key_and_not_damaged() -> None:
    sealed = KEYS.seal("139-1234-5678", PLACE, "13912345678")
    with pytest.raises(ContactLocked):
        KEYS.open(sealed, "issue.reporter_name")
    with pytest.raises(ContactLocked, match="contact_key"):
        ContactKeys.fresh().open(sealed, PLACE)
    for place in range(len(sealed)):
        other = "A" if sealed[place] != "A" else "B"
        changed = sealed[:place] + other + sealed[place + 1 :]
        try:
            assert KEYS.open(changed, PLACE) == "139-1234-5678"  # bits that Base64 leaves over
            assert place == len(sealed) - 1
        except ContactLocked:
            pass
    for shorter in (
        "",
        "$1$",
        sealed[:-1],
        sealed[:27],
        sealed[:28],
        sealed[:40],
        sealed + "A",
        sealed + "\n",
    ):
        with pytest.raises(ContactLocked):
            KEYS.open(shorter, PLACE)


def test_equal_ones_have_the_same_mark_under_the_same_key_alone() -> None:
    one, other = (
        KEYS.seal(text, PLACE, same_phone(text)) for text in ("139 1234-5678", "13912345678")
    )
    assert mark_in(one) == mark_in(other) == KEYS.mark("13912345678") != ""
    assert mark_in(KEYS.seal("1", PLACE, "1")) != mark_in(one)
    assert kind_in(one) == "-"
    assert kind_in(KEYS.seal("13912345678", PLACE, "13912345678", "m")) == "m"
    assert mark_in(ContactKeys.fresh().seal("13912345678", PLACE, "13912345678")) != mark_in(one)
    assert mark_in(KEYS.seal("不方便", PLACE, same_phone("不方便"))) == ""
    assert same_email("Alice@Example.org") == same_email("alice@example.org")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed = KEYS.seal("张", PLACE)
    renewed = ContactKeys.read(KEYS.with_new().told())
    assert renewed.names[1:] == KEYS.names
    assert renewed.open(sealed, PLACE) == "张"
    fresh = renewed.seal("张", PLACE)
    assert fresh[:11] == f"$1${renewed.names[0]}"
    with pytest.raises(ContactLocked):
        KEYS.open(fresh, PLACE)


@pytest.mark.parametrize("text", ["", "\n", "short", "k" * 42, "k" * 44, "k" * 43 + "\nshort"])
def test_what_is_no_key_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="keys of contacts"):
        ContactKeys.read(text)


def test_keys_stay_out_of_what_is_printed() -> None:
    assert "kkkk" not in repr(KEYS)


def test_the_cipher_is_loaded_with_the_first_contact() -> None:
    code = (
        "import sys\n"
        "from forms_app.rules.contact_keys import ContactKeys\n"
        "keys = ContactKeys.fresh(); keys.names; keys.mark('1')\n"
        "assert 'nacl' not in sys.modules\n"
        "keys.seal('1', 'x')\n"
        "assert 'nacl' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
