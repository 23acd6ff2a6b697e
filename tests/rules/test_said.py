"""Sentences that remember how they were put together: of how many parts ever."""

import pytest

from forms_app.rules.said import from_json, listed, said, to_json

MANY = 20_000


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, MANY])
def test_parts_stand_one_after_another_and_come_out_of_another_process(count: int) -> None:
    parts = [str(number) for number in range(count)]
    assert listed(parts) == "、".join(parts)
    assert listed(map(said, parts), "%(before)s；%(one)s") == "；".join(parts)
    assert from_json(to_json(listed(parts))) == "、".join(parts)
