"""circle.yml changed in one place: every other letter stays, and nothing else is said."""

import pytest

from forms_app.content.listing import Unwritable
from forms_app.content.mapping import value_at, with_value
from tests.support.running import ROOT

FILES = ("data/community/circle.yml", "data/starter/circle.yml")


def text_of(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def lines_changed(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return [one for one in new if one not in old] + [f"-{one}" for one in old if one not in new]


@pytest.mark.parametrize("file", FILES)
def test_a_value_written_as_it_is_changes_no_letter(file: str) -> None:
    text = text_of(file)
    for path in (("name",), ("street",), ("rules", "duty_hours"), ("rules", "duty_days")):
        assert with_value(text, path, value_at(text, *path)) == text


def test_a_changed_value_keeps_its_remark() -> None:
    text = text_of("data/starter/circle.yml")
    after = with_value(text, ("rules", "duty_hours"), "08:30-17:30")
    assert lines_changed(text, after)[0].startswith('  duty_hours: "08:30-17:30" # ') or (
        "duty_hours: 08:30-17:30 #" in lines_changed(text, after)[0]
    )
    assert len(lines_changed(text, after)) == 2
    assert value_at(after, "rules", "duty_hours") == "08:30-17:30"


def test_a_value_that_was_not_there_comes_and_goes() -> None:
    text = text_of("data/starter/circle.yml")
    after = with_value(text, ("second_factor",), "required")
    assert value_at(after, "second_factor") == "required"
    assert with_value(after, ("second_factor",), "") == text
    assert value_at(with_value(text, ("rules", "desk_answers"), "no"), "rules", "desk_answers")


def test_what_cannot_be_written_is_told_and_not_tried() -> None:
    for text in ("- a\n", "{name: a}\n", "name: [", ""):
        with pytest.raises(Unwritable):
            with_value(text, ("name",), "b")
