"""Money is read and written without a float."""

import pytest

from forms_app.rules.projects import fen_of, yuan


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1234.50", 123450), ("1,234.5 元", 123450), ("0", 0), ("0.01", 1), ("29", 2900),
        ("１２．５", 1250), ("12。5", 1250), ("1，000", 100000), ("", None), ("-1", None),
        ("1.234", None), ("1.", None), ("1e3", None), ("一百", None),
        ("²", None), ("9999999999", None),
    ],
)  # fmt: skip
def test_yuan_are_read_as_fen(typed: str, fen: int | None) -> None:
    assert fen_of(typed) == fen


def test_fen_are_written_as_yuan() -> None:
    assert [yuan(fen) for fen in (0, 1, 2900, 123450, 100000000)] == [
        "0.00", "0.01", "29.00", "1,234.50", "1,000,000.00",
    ]  # fmt: skip
