"""What of OpenStreetMap may be walked, tag by tag."""

import pytest

from forms_app.walking.streets import (
    directions_of,
    is_closed,
    is_grounded,
    is_step_free,
    kind_of,
    needs_steps,
    step_count_of,
)


def tags(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split())


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("highway=residential", "street"),
        ("highway=pedestrian", "street"),
        ("highway=footway", "path"),
        ("highway=steps", "steps"),
        ("man_made=pier", "path"),
        ("railway=platform", "path"),
        ("highway=motorway foot=yes", ""),
        ("highway=construction construction=residential", ""),
        ("highway=proposed", ""),
        ("building=yes", ""),
        ("highway=residential foot=no", ""),
        ("highway=trunk motorroad=yes", ""),
        ("highway=service access=private", ""),
        ("highway=service access=no", ""),
        ("highway=service access=private foot=yes", "street"),
        ("highway=service access=no foot=designated", "street"),
        ("highway=service access=no foot=permissive", "street"),
        ("highway=secondary foot=use_sidepath", ""),
        ("highway=busway", ""),
        ("highway=busway foot=yes", "street"),
    ],
)
def test_people_walk_where_the_tags_let_them(written: str, kind: str) -> None:
    assert kind_of(tags(written)) == kind


@pytest.mark.parametrize(
    ("written", "directions"),
    [
        ("highway=residential oneway=yes", (True, True)),
        ("highway=footway oneway:foot=yes", (True, False)),
        ("highway=footway oneway:foot=-1", (False, True)),
        ("highway=steps conveying=forward", (True, False)),
        ("highway=steps conveying=backward", (False, True)),
        ("highway=steps conveying=yes oneway=yes", (True, False)),
        ("highway=steps conveying=yes oneway=-1", (False, True)),
        ("highway=steps conveying=reversible", (True, True)),
        ("highway=footway foot:backward=no", (True, False)),
    ],
)
def test_one_way_is_for_vehicles_unless_it_says_foot_or_moves(
    written: str, directions: tuple[bool, bool]
) -> None:
    assert directions_of(tags(written)) == directions


def test_steps_escalators_and_what_a_wheelchair_cannot_use_are_not_step_free() -> None:
    assert is_step_free(tags("highway=residential"))
    assert is_step_free(tags("highway=footway conveying=no"))
    assert not is_step_free(tags("highway=steps"))
    assert not is_step_free(tags("highway=footway wheelchair=no"))
    assert not is_step_free(tags("highway=footway conveying=yes"))


def test_gates_stop_people_only_when_they_are_locked_or_private() -> None:
    assert not is_closed(tags("barrier=gate"))
    assert not is_closed(tags("barrier=bollard"))
    assert not is_closed(tags("barrier=gate access=private foot=yes"))
    assert not is_closed(tags("access=private"))
    assert is_closed(tags("barrier=gate locked=yes"))
    assert is_closed(tags("barrier=gate access=private"))
    assert is_closed(tags("barrier=lift_gate foot=no"))
    assert is_closed(tags("barrier=wall"))


def test_stiles_and_turnstiles_need_legs() -> None:
    assert needs_steps(tags("barrier=stile"))
    assert needs_steps(tags("barrier=kissing_gate"))
    assert needs_steps(tags("barrier=cycle_barrier wheelchair=no"))
    assert not needs_steps(tags("barrier=gate"))


def test_only_a_sensible_step_count_counts() -> None:
    assert step_count_of(tags("step_count=18")) == 18
    for text in ("0", "-3", "many", "９", "99999"):
        assert step_count_of({"step_count": text}) is None


def test_no_door_opens_onto_a_bridge_or_a_tunnel() -> None:
    assert is_grounded(tags("highway=residential bridge=no tunnel=building_passage"))
    assert not is_grounded(tags("highway=residential bridge=viaduct"))
    assert not is_grounded(tags("highway=residential tunnel=yes"))
