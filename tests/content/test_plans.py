"""What a sheet would do is judged once while its files stay; a refusal is never remembered."""

import pytest

from forms_app.content.plans import Plans
from forms_app.content.uploading import Planned, WrongSheet


def test_the_same_sheet_of_the_same_files_is_judged_once() -> None:
    plans, judged = Plans(kept=2), []

    def make(seen: str) -> Planned:
        judged.append(seen)
        return Planned(seen, "Sheet1")

    first = plans.of("a", lambda: make("1"))
    assert plans.of("a", lambda: make("2")) is first
    plans.of("b", lambda: make("3"))
    plans.of("a", lambda: make("4"))
    plans.of("c", lambda: make("5"))  # the one that was asked for longest ago goes
    assert plans.of("a", lambda: make("6")) is first
    plans.of("b", lambda: make("7"))
    assert judged == ["1", "3", "5", "7"]


def test_a_sheet_that_is_refused_is_judged_again() -> None:
    plans = Plans()

    def refuse() -> Planned:
        raise WrongSheet("没有列名")

    with pytest.raises(WrongSheet):
        plans.of("a", refuse)
    assert plans.of("a", lambda: Planned("1", "Sheet1")).seen == "1"
