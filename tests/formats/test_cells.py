"""A cell of a table holds words, whatever they begin with."""

import pytest

from forms_app.formats.cells import harmless, line, plain

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


@pytest.mark.parametrize("sign", SIGNS)
def test_no_program_takes_words_for_a_formula_and_they_come_back(sign: str) -> None:
    text = f"{sign}SUM(A1:A9)"
    assert harmless(text) == f"'{text}"
    assert plain(harmless(text)) == text
    assert line((text, -1)) == f"'{text},-1\n"


def test_other_words_stay_as_they_are() -> None:
    assert harmless("八段锦＝早上七点") == plain("八段锦＝早上七点") == "八段锦＝早上七点"
