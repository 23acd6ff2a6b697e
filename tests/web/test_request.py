"""What every view asks of a request."""

import pytest
from flask import Flask

from forms_app.web.request import page_number


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", None), ("?page=", None), ("?page=0", None), ("?page=-1", None), ("?page=１", None),
        ("?page=x", None), ("?page=01", None), ("?page=10000", None), ("?page=" + "9" * 5000, None),
        ("?page=1", 1), ("?page=9999", 9999), ("?past=7", None),
    ],
)  # fmt: skip
def test_the_page_of_a_list_is_a_number_that_a_list_may_have(
    asked: str, number: int | None
) -> None:
    with Flask("any").test_request_context(f"/{asked}"):
        assert page_number() == number


def test_a_page_of_two_lists_tells_them_apart() -> None:
    with Flask("any").test_request_context("/?past=7&page=2"):
        assert (page_number("past"), page_number()) == (7, 2)
