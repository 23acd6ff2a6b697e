"""A receipt is the same however its number was typed."""

import pytest

from forms_app.rules.funds import receipt_key


@pytest.mark.parametrize("typed", ["SAME-1", " same- 1", "ＳＡＭＥ－１", "Same–1", "same—1"])
def test_a_receipt_typed_another_way_is_the_same(typed: str) -> None:
    assert receipt_key(typed) == "SAME-1"


def test_another_receipt_is_another() -> None:
    assert len({receipt_key(one) for one in ("1", "01", "1-1", "11", "")}) == 5
