"""The table of what passes between offices."""

from forms_app.rules.steps import Role
from forms_app.rules.two_way import KINDS


def test_nobody_answers_themselves_and_only_the_district_approves_inspections() -> None:
    for kind in KINDS.values():
        assert kind.said_by is not kind.answered_by
    assert KINDS["inspection"].answered_by is Role.DISTRICT_OFFICE
    assert [name for name, kind in KINDS.items() if kind.has_level] == ["unit", "subdistrict"]
