"""The six digits of a second factor, by the vectors of RFC 4226 and RFC 6238."""

from datetime import UTC, datetime, timedelta

import pytest

from forms_app.rules.totp import (
    address,
    cleaned_code,
    code_of,
    grouped,
    matching_step,
    minutes_off,
    step_of,
)

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 28, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "code"),
    list(enumerate(
        ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
         "520489")
    )),
)  # fmt: skip
def test_the_codes_are_those_of_rfc_4226(step: int, code: str) -> None:
    assert code_of(SECRET, step) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_moments_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_of(moment)) == code
    assert matching_step(SECRET, code, moment) == step_of(moment)


@pytest.mark.parametrize(("seconds", "fits"), [(0, 1), (30, 1), (-30, 1), (60, 0), (-60, 0)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, fits: int) -> None:
    shown = step_of(NOW + timedelta(seconds=seconds))
    found = matching_step(SECRET, code_of(SECRET, shown), NOW)
    assert found == (shown if fits else None)


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, 0), (5, 5), (-3, -3), (19, 19), (-19, -19), (25, 0), (600, 0)]
)
def test_how_far_a_clock_is_off_is_known_within_twenty_minutes(minutes: int, told: int) -> None:
    shown = step_of(NOW + timedelta(minutes=minutes))
    assert minutes_off(SECRET, code_of(SECRET, shown), NOW) == told


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("１２３４５６", "123456"), ("12345", ""),
     ("1234567", ""), ("12345a", ""), ("", ""), ("٣٣٣٣٣٣", ""), ("1" * 40_000, "")],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert cleaned_code(typed) == code


def test_the_secret_is_written_in_groups_and_in_an_address() -> None:
    assert grouped(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    told = address(SECRET, "服务圈 一", "wang")
    assert told == (
        "otpauth://totp/wang"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E6%9C%8D%E5%8A%A1%E5%9C%88%20%E4%B8%80"
    )
