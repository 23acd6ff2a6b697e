"""The sample circle loads clean, and what it holds is found by those who ask."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from forms_app.community import (
    ACTIVITY_CATEGORIES,
    SERVICE_CATEGORIES,
    Circle,
    CommitteeMember,
    ZoneDuty,
    load,
)
from forms_app.community.people_hints import people_hints
from forms_app.rules.worktime import CHINA


def test_the_sample_loads_clean_and_says_that_it_is_one(circle: Circle) -> None:
    assert circle.sample
    assert "示例" in circle.name
    assert all("示例" in community.name for community in circle.communities.values())
    assert all(department.sample for department in circle.departments.values())


def test_the_sample_has_the_policys_units_and_a_whole_community(circle: Circle) -> None:
    kinds = [department.kind for department in circle.departments.values()]
    assert [kinds.count(kind) for kind in ("department", "station", "partner")] == [21, 3, 3]
    assert (len(circle.communities), len(circle.estates), len(circle.venues)) == (2, 6, 9)
    assert {o.estate_id for o in circle.organizations.values()} - {""} == set(circle.estates)


def test_every_kind_of_service_and_activity_has_at_least_two_samples(circle: Circle) -> None:
    services = [service.category for service in circle.services.values()]
    activities = [activity.category for activity in circle.activities.values()]
    assert all(services.count(category) >= 2 for category in SERVICE_CATEGORIES)
    assert all(activities.count(category) >= 2 for category in ACTIVITY_CATEGORIES)


def test_every_estate_of_the_sample_has_an_entrance_and_a_branch(circle: Circle) -> None:
    branches = [o for o in circle.organizations.values() if o.kind == "estate_branch"]
    assert all(circle.entrances_of(estate_id) for estate_id in circle.estates)
    assert sorted(branch.estate_id for branch in branches) == sorted(circle.estates)


def test_lookups_follow_the_community(circle: Circle) -> None:
    assert [e.id for e in circle.estates_of("jingui")] == ["guiyuan", "lingxiu", "machinery"]
    assert {z.community_id for z in circle.zones_of("yinxing")} == {"yinxing"}


def test_who_is_named_by_post_is_found_by_community(circle: Circle) -> None:
    assert len(circle.committee_of("jingui")) == 11
    assert circle.committee_of("jingui")["traffic_police"].post == "分管大队长（示例）"
    assert [one.phone for one in circle.dedicated_of("yinxing")] == ["0797-0000-182"]
    assert all("示例" in one.post for one in (*circle.committee, *circle.dedicated))


def test_a_committee_of_another_subdistrict_is_not_asked(circle: Circle) -> None:
    members = (
        CommitteeMember("traffic_police", "分管大队长", "0797-0000-190", "hubian"),
        CommitteeMember("fire_rescue_brigade", "分管大队长", "0797-0000-191"),
    )
    there = replace(circle, committee=members)
    assert list(there.committee_of("jingui")) == ["fire_rescue_brigade"]


def test_a_folder_of_before_there_were_committees_stays_valid(folder: Path) -> None:
    for name in ("committee.csv", "dedicated.csv"):
        (folder / name).unlink()
    circle = load(folder)
    assert (circle.committee, circle.dedicated) == ((), ())
    hints = people_hints(circle)
    assert [hint.file for hint in hints] == ["committee.csv", "dedicated.csv"]


def test_a_community_without_an_officer_of_the_committees_departments_is_told(
    circle: Circle,
) -> None:
    (hint,) = people_hints(circle)
    assert "金桂社区（示例）还没有这些部门的包片干部：区征迁办" in str(hint)
    named = (*circle.zones, ZoneDuty("jingui", "land_acquisition_office", "x", "0797-0000-192"))
    assert people_hints(replace(circle, zones=named)) == ()
    # What all miss alike is told once.
    (told,) = people_hints(replace(circle, zones=()))
    assert "金桂社区（示例）、银杏社区（示例）还没有这些部门的包片干部：" in str(told)


def test_a_branch_takes_its_community_and_a_group_its_estate_from_above(circle: Circle) -> None:
    group = circle.organizations["xuefu_group_2"]
    assert (group.community_id, group.estate_id) == ("yinxing", "xuefu")


def test_times_are_local_and_an_until_date_lasts_to_the_end_of_that_day(circle: Circle) -> None:
    activity = circle.activities["science_table"]
    assert activity.dtstart == datetime(2026, 10, 16, 16, 40, tzinfo=CHINA)
    assert activity.rrule.endswith("UNTIL=20270115T155959Z")
    assert activity.duration == timedelta(hours=1)


def test_a_changed_date_without_a_time_means_the_usual_time(circle: Circle) -> None:
    cleanup = circle.activities["saturday_cleanup"]
    assert cleanup.rdate == (datetime(2027, 2, 4, 9, 0, tzinfo=CHINA),)


def test_what_may_be_left_out_has_its_default(circle: Circle) -> None:
    dance = circle.activities["square_dance"]
    assert (dance.status, dance.capacity, dance.rule) == ("CONFIRMED", None, "")
    assert circle.departments["partner_school"].backup == ""
    assert circle.activities["fun_games"].status == "CANCELLED"


@pytest.mark.parametrize(
    ("name", "subdistrict", "is_sample", "lines"),
    [
        ("黄岭街道十分钟圈（示例）", "黄岭街道（示例）", True, ("黄岭街道", "十分钟圈")),
        ("黄岭街道十分钟圈", "黄岭街道", False, ("黄岭街道", "十分钟圈")),
        ("家门口十分钟", "黄岭街道", False, ("", "家门口十分钟")),
        ("黄岭街道", "黄岭街道", False, ("", "黄岭街道")),
    ],
)
def test_the_head_says_whose_it_is_where_the_name_begins_so(
    sample_circle: Circle, name: str, subdistrict: str, is_sample: bool, lines: tuple[str, str]
) -> None:
    circle = replace(sample_circle, name=name, subdistrict=subdistrict, sample=is_sample)
    assert circle.masthead == lines
