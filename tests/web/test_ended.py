"""What ended bears it in its name: it stays for what is on record, and is offered no more."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace
from pages import make

from forms_app import casework
from forms_app.community import CLOSED, Circle
from forms_app.store.models import Issue
from tests.support.web import House, form_on, house_at, main_of


def ended(things: Mapping[str, object], key: str) -> dict[str, object]:
    one = things[key]
    return {**things, key: replace(one, name=f"{one.name}{CLOSED}")}  # type: ignore[attr-defined]


@pytest.fixture
def merged(house: House) -> House:
    """The sample after Yinxing went into Jingui, an estate was pulled down and an office ended."""
    circle: Circle = house.circle
    after = replace(
        circle,
        communities=ended(circle.communities, "yinxing"),
        estates=ended(circle.estates, "guiyuan"),
        categories=ended(circle.categories, "dust"),
        channels={**circle.channels, "merchant": f"商户代表{CLOSED}"},
        departments=ended(circle.departments, "finance_bureau"),
    )
    return house_at(house.settings.data, after, house.settings.build)


def test_residents_and_staff_are_offered_nothing_that_ended(merged: House) -> None:
    page = merged.visitor().get("/issues/new")
    form = form_on(page, "/issues/new")
    assert form.options("community_id") == ["jingui"]
    assert not {"guiyuan", "yinxing_home"} & set(form.options("estate_id"))
    assert "lingxiu" in form.options("estate_id")
    assert "dust" not in form.options("category")
    assert CLOSED not in page.text  # nor in the telephones
    intake = form_on(merged.staff("street_leader").get("/staff/issues/new"), "/staff/issues/new")
    assert "yinxing" not in intake.options("community_id")
    assert "merchant" not in intake.options("channel")
    assert "finance_bureau" not in casework.callable_units(merged.circle, "B", "jingui")


def test_what_is_on_record_of_it_is_found_and_goes_on(merged: House) -> None:
    leader = merged.staff("street_leader")
    page = leader.get("/staff/register?community=yinxing")
    assert f"银杏社区（示例）{CLOSED}" in main_of(page)
    number = Issue.get(Issue.community_id == "yinxing").number
    assert f"银杏社区（示例）{CLOSED}" in main_of(leader.get(f"/staff/issues/{number}"))


def test_the_home_page_rings_nobody_who_is_gone(merged: House) -> None:
    top = make(merged.circle, None, merged.now.date()).parts["home-top"]
    assert "0797-0000-101" in top
    assert "0797-0000-102" not in top
