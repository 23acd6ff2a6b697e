"""Every field of the sample's files has its place in the form of its kind."""

import pytest

from forms_app.community.rules import OPTIONAL, REQUIRED, RULES
from forms_app.content.kinds import KINDS
from forms_app.content.layouts import Section, Top
from tests.support.running import ROOT


@pytest.mark.parametrize("name", [key for key, one in KINDS.items() if not one.own_page])
def test_no_field_of_a_file_is_without_its_description(name: str) -> None:
    kind = KINDS[name]
    path = ROOT / "data" / "community" / kind.file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    written = {field for one in kind.layout.records(text).values() for field in one.values}
    # A part of a file may have several forms: the rules have one of hours and one of deadlines.
    beside = [one for one in KINDS.values() if (one.file, one.layout) == (kind.file, kind.layout)]
    described = {*kind.key, *(field.name for one in beside for field in one.fields)}
    assert written <= described


def test_every_rule_that_there_may_be_has_its_field() -> None:
    described = {field.name for key in ("duty_hours", "deadlines") for field in KINDS[key].fields}
    assert described == set(RULES)


def test_everything_that_circle_yml_may_say_has_its_form_but_for_three() -> None:
    layouts = [one.layout for one in KINDS.values() if one.file == "circle.yml"]
    parts = {one.below for one in layouts if isinstance(one, Section)}
    values = {name for one in layouts if isinstance(one, Top) for name in one.names}
    # The first steps take the sample away. Several sub-districts, and whether a second factor is
    # demanded, are said on the server: an editor may not take that away.
    on_the_server = {"sample", "streets", "second_factor"}
    assert parts | values == {*REQUIRED, *OPTIONAL} - on_the_server
