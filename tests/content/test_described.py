"""Every field of the sample's files has its place in the form of its kind."""

import pytest

from forms_app.content.kinds import KINDS
from tests.support.running import ROOT

# Of the rules, only the hours of duty have a form.
MORE = {"duty_hours"}


@pytest.mark.parametrize("name", [key for key, one in KINDS.items() if not one.own_page])
def test_no_field_of_a_file_is_without_its_description(name: str) -> None:
    kind = KINDS[name]
    path = ROOT / "data" / "community" / kind.file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    written = {field for one in kind.layout.records(text).values() for field in one.values}
    described = {*kind.key, *(one.name for one in kind.fields)}
    assert written <= described or name in MORE
