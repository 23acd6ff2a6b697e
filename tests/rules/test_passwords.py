"""Passwords that are guessed first are known, and a sentence of one's own is not among them."""

import secrets

import pytest

from forms_app.rules.keys import PASSWORD_LETTERS
from forms_app.rules.passwords import LOOKED_AT, _known, is_easily_guessed


@pytest.mark.parametrize(
    "password",
    ["zxcvbnm123", "1234567890", "13800138000", "19850607123", "aaaaaaaaaaaa", "qwertyuiop",
     "1qaz2wsx3edc", "password123", "P@ssw0rd2024", "Password!!", "admin123456", "woaini5201314",
     "abcd123456", "１２３４５６７８９０", "PASSWORD1234", "nina123456", "Nina@20261128",
     "妮娜20261128", "abcabcabcabc", "xyxyxyxyxyxy", "realmadrid", "mnbvcxz9876", "test_test_test",
     "          x"],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert len(password) >= PASSWORD_LETTERS
    assert is_easily_guessed(password, "nina", "妮娜")


@pytest.mark.parametrize(
    "password",
    ["long enough", "一句很长的话不告诉别人", "correct horse battery", "楼下的桂花开了三次",
     "another long one", "Xk7-pq2-Vw9", "nina likes plums", "今年2026想去看海呀"],
)  # fmt: skip
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert not is_easily_guessed(password, "nina", "妮娜")


def test_what_is_drawn_here_is_always_taken() -> None:
    for _ in range(2000):
        assert not is_easily_guessed(secrets.token_urlsafe(9), "admin", "管理员")


def test_every_listed_password_is_long_enough_to_be_chosen_and_refused() -> None:
    assert len(_known()) > 500
    assert all(len(password) >= PASSWORD_LETTERS for password in _known())
    assert all(map(is_easily_guessed, _known()))
    assert all(is_easily_guessed(password.upper()) for password in _known())


def test_a_password_as_long_as_a_book_is_judged_by_its_beginning() -> None:
    book = "".join(chr(0x4E00 + place) for place in range(LOOKED_AT))
    assert not is_easily_guessed(book + "1" * 40_000)
    assert is_easily_guessed("1" * 40_000)
