"""Telephone numbers as people write them can be dialled."""

import pytest

from forms_app.rules.phones import dialled, is_none, mistyped_mobile
from forms_app.rules.told_by import ways_left


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("（0797）8765432", "07978765432"),
        ("(0797)8765432", "07978765432"),
        ("0797-8765432转801", "07978765432,801"),
        ("0797-8765432 分机 8", "07978765432,8"),
        ("138.0000.0000", "13800000000"),
        ("138—0000—0000", "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("13800000000/0797-8765432", "13800000000"),
        ("13800000000， 或者 0797-8765432", "13800000000"),
        ("13800000000（微信同号）", "13800000000"),
        ("電話：13800000000", "13800000000"),
        ("138\u200b00000000", "13800000000"),
        ("12345", "12345"),
        ("王女士13800000000", "13800000000"),
        ("Tel: 13800000000。", "13800000000"),
        ("13800000000（儿子）", "13800000000"),
        ("138 0000 0000 晚上打", "13800000000"),
        ("13800000000 13900000000", "13800000000"),
        ("家里0797-8765432没人就打手机", "07978765432"),
        ("0797-8765432转801分机", "07978765432,801"),
        ("0797-8765432-801", "07978765432,801"),
        ("(0797)8765432—801", "07978765432,801"),
        ("0797/8765432", "07978765432"),
        ("400-810-1234", "4008101234"),
        ("一三八零零零零零零零零", "13800000000"),
        ("幺三八 零零零零 零零零零", "13800000000"),
        ("13八零零00零零00", "13800000000"),
        ("壹叁捌零零零零零零零零", "13800000000"),
        ("李四13800000000", "13800000000"),
        ("家：8765432", "8765432"),
    ],
)
def test_what_people_write_is_read_as_a_number_to_dial(written: str, number: str) -> None:
    assert dialled(written) == number
    assert not is_none(written)


@pytest.mark.parametrize("written", ["", "abc", "138-abc", "1", "路灯", "0" * 16, "2026-11-27x"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert dialled(written) is None


@pytest.mark.parametrize(
    "written", ["无", "沒有", "没有电话", "不留", "不便", "-", "—", "None", "0"]
)
def test_some_write_that_there_is_none(written: str) -> None:
    assert is_none(written)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("1380000000", 10), ("138 0000 00001", 12), ("手机：138000000", 9), ("13800000000", 0),
        ("4008001234", 0), ("07978765432", 0), ("12345", 0), ("", 0), ("+8613800000000", 0),
    ],
)  # fmt: skip
def test_a_mobile_number_with_a_digit_too_few_or_many_is_told(written: str, digits: int) -> None:
    assert mistyped_mobile(written) == digits


@pytest.mark.parametrize(
    ("phone", "email", "ways"),
    [
        ("13800000000", "", ["phone", "sms", "self"]),
        ("0797-8765432", "", ["phone", "self"]),
        ("", "a@example.org", ["email", "self"]),
        ("13800000000", "a@example.org", ["phone", "sms", "email", "self"]),
        ("路灯", "", []),
        ("", "", []),
    ],
)
def test_residents_hear_by_what_they_left_or_of_nothing(
    phone: str, email: str, ways: list[str]
) -> None:
    assert [way.value for way in ways_left(phone, email)] == ways
