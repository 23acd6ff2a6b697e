"""What is shown of a name and of a number, where only a likeness is to be confirmed."""

import pytest

from forms_app.rules.veils import veiled_name, veiled_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张阿姨", "张**"), (" 张 ", "张**"), ("Alice", "A**"), ("", ""), ("　", "")],
)
def test_of_a_name_its_first_letter_is_shown(name: str, shown: str) -> None:
    assert veiled_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("138 0000-4321", "21"),
        ("１３８００００４３２１", "21"),
        ("0797-0000-120 转 8", "08"),
        ("12345", "45"),
        ("1234", ""),
        ("", ""),
    ],
)
def test_of_a_number_two_digits_are_shown_unless_that_is_half_of_it(phone: str, shown: str) -> None:
    assert veiled_phone(phone) == shown
