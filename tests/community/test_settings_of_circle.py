"""What circle.yml decides: clocks, coordinates."""

from math import isnan
from pathlib import Path

from forms_app.community import (
    Circle,
    load,
)
from forms_app.rules.worktime import DutyHours
from tests.support.circle_files import Broken, errors_of
from tests.support.running import ROOT


def test_the_rules_become_the_clocks(folder: Path) -> None:
    path = folder / "circle.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("rules:"), text.index("# 问题从哪里来")
    rules = (
        "rules:\n  opinion_minutes: 15\n  duty_hours: 08:30-12:00,14:30-17:30\n"
        "  duty_days: workdays\n  urgency_days: {1: 1, 2: 5, 3: 20}\n  count_days: working\n"
        "  satisfied_levels: [5, 4]\n  verdict_reminder_days: []\n  retention_years: 2\n"
        "  quiet_hours: none\n"
    )
    path.write_text(text[:start] + rules + text[end:], encoding="utf-8")
    circle = load(folder)
    assert circle.clocks.duty == DutyHours(((510, 720), (870, 1050)), workdays_only=True)
    assert circle.clocks.opinion_minutes == 15
    assert circle.clocks.urgency_days == {1: 1, 2: 5, 3: 20}
    assert circle.clocks.counts_working_days
    assert circle.satisfied_levels == {4, 5}
    assert (circle.verdict_reminder_days, circle.retention_years) == ((), 2)
    assert circle.quiet_hours is None


def test_each_number_of_the_rules_has_a_least_and_a_most(folder: Path) -> None:
    path = folder / "circle.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("rules:"), text.index("# 问题从哪里来")
    bounds = {
        "opinion_minutes": 1440, "reopen_days": 365, "dispute_days": 365, "relay_hours": 240,
        "extend_days": 365, "retention_years": 30,
    }  # fmt: skip
    for values, wrong in (
        (dict.fromkeys(bounds, 0), {*bounds}), (dict.fromkeys(bounds, 1), set()),
        (bounds, set()), ({name: most + 1 for name, most in bounds.items()}, {*bounds}),
    ):  # fmt: skip
        rules = "".join(f"  {name}: {value}\n" for name, value in values.items())
        path.write_text(f"{text[:start]}rules:\n{rules}{text[end:]}", encoding="utf-8")
        assert {error.column for error in errors_of(folder)} == wrong


def test_rules_left_out_are_the_procedures_own(folder: Path, circle: Circle) -> None:
    path = folder / "circle.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("rules:"), text.index("# 问题从哪里来")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert load(folder) == circle


def test_without_a_coordinate_system_coordinates_may_stay_empty(folder: Path) -> None:
    for file, old, new in (
        ("circle.yml", "coord_system: wgs84", "coord_system: none"),
        ("venues.csv", "25.83162,114.90120", ","),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    circle = load(folder)
    assert not circle.has_coordinates
    assert isnan(circle.venues["jingui_hall"].latitude)


def test_with_a_coordinate_system_coordinates_must_not_stay_empty(broken: Broken) -> None:
    errors = broken("venues.csv", "25.83162,114.90120", ",")
    assert [(e.column, e.problem) for e in errors] == [
        ("latitude", "没有填"),
        ("longitude", "没有填"),
    ]


def test_a_new_office_begins_with_the_samples_kinds_of_problems() -> None:
    sample, starter = (
        [line for line in (ROOT / "data" / name / "circle.yml").read_text("utf-8").splitlines()
         if line.startswith("  - { code: ")]
        for name in ("community", "starter")
    )  # fmt: skip
    assert starter == sample
