"""Lists of what was erased: read back as written, whatever a crash left in them."""

import pytest

from forms_app.rules.erasures import Erased, named, read_lines, what_of

ONE = Erased("c1", "260001", "name phone photo:k1", "2026-11-23T04:00:00Z")


def test_a_line_is_read_as_it_was_written() -> None:
    assert read_lines(f"\n{ONE.as_line('office')}\n\n") == [("office", ONE)]
    assert (ONE.parts, ONE.photo_keys) == (("name", "phone"), ("k1",))
    assert what_of(["name", "phone"], ["k1"]) == ONE.what


@pytest.mark.parametrize("broken", ['{"office": "o", "co', "[]", "7", '{"office": 1}', "\x00"])
def test_what_is_no_line_tells_nothing_and_hides_nothing(broken: str) -> None:
    assert read_lines(f"{broken}\n{ONE.as_line('o')}\n") == [("o", ONE)]


def test_what_it_was_is_told_in_the_order_of_the_form() -> None:
    assert named(["email", "name"]) == "称呼、邮箱"
