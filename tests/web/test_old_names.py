"""What an office renames, moves or takes away stays readable, and can be worked on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.community import Circle
from forms_app.community.noted_names import NotedName, noted
from forms_app.store import database
from forms_app.store.models import Assignment, Issue, Party
from tests.support.web import House, form_on, main_of

CITY = "urban_mgmt_enforcement"
RENAMED: Mapping[str, Mapping[str, str]] = {
    "circle.yml": {
        "金桂社区（示例）": "金桂新社区",
        "路灯照明": "照明设施",
        "name: 网上": "name: 网页",
    },
    "estates.csv": {"桂园小区": "桂园一区"},
    "departments.yml": {"区城管执法分局": "区城市管理局"},
}
THEN = ("金桂社区（示例）", "桂园小区", "路灯照明", "网上", "区城管执法分局")
NOW = ("金桂新社区", "桂园一区", "照明设施", "网页", "区城市管理局")


def changed(house: House, files: Mapping[str, Mapping[str, str]]) -> None:
    """The office writes other words into its files, and the server takes them up."""
    for file, words in files.items():
        path = house.settings.community_dir / file
        text = path.read_text("utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    house.app.extensions["circle"].look_now()


def without(house: House, file: str, *words: str) -> None:
    """The office deletes the lines that say this."""
    path = house.settings.community_dir / file
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(one for one in lines if not any(w in one for w in words)), "utf-8")
    house.app.extensions["circle"].look_now()


@pytest.fixture
def told(house: House) -> str:
    """A closed issue that says where, of what kind, by which way, and who led."""
    closed = Issue.select().where(Issue.step == "closed", Issue.community_id == "jingui")
    issue = closed.join(Party).where(Party.organization_id == CITY).order_by(Issue.id).first()
    if issue is None:
        issue = closed.order_by(Issue.id).first()
        with database.writing():
            Assignment.update(organization_id=CITY, account=None).where(
                Assignment.issue == issue, Assignment.is_current
            ).execute()
    with database.writing():
        Issue.update(
            estate_id="guiyuan", category="street_light", channel="web", location=""
        ).where(Issue.id == issue.id).execute()
    casework.note_unit_names(house.circle, now=house.now - timedelta(days=400))
    return str(issue.number)


def test_a_closed_issue_is_told_with_the_names_of_then_and_lists_with_those_of_now(
    house: House, told: str
) -> None:
    closed_at = house.issue(told).closed_at
    assert closed_at is not None
    house.later(days=900)
    changed(house, RENAMED)
    pages = (f"/staff/issues/{told}", f"/staff/issues/{told}/print")
    for page in pages:
        shown = main_of(house.staff("supervisor").get(page))
        assert [name for name in THEN if name not in shown] == []
        assert [name for name in NOW if name in shown] == []
    ticket = main_of(house.holder(told).get(f"/issues/{told}"))
    assert "桂园小区" in ticket
    assert "路灯照明" in ticket
    assert "照明设施" not in ticket
    listed = main_of(house.staff("street_leader").get(f"/staff/register?q={told}"))
    assert "桂园一区" in listed
    assert "桂园小区" not in listed


@pytest.mark.usefixtures("told")
def test_what_is_open_is_told_with_the_names_of_now(house: House) -> None:
    number = house.number("楼道灯")
    with database.writing():
        Issue.update(estate_id="guiyuan", step="collected").where(Issue.number == number).execute()
    changed(house, RENAMED)
    assert "桂园一区" in main_of(house.staff("street_leader").get(f"/staff/issues/{number}"))


def test_what_the_files_lost_is_called_as_it_was_last(house: House, told: str) -> None:
    without(house, "circle.yml", "code: street_light", "code: grid_worker")
    changed(house, {"opinions.yml": {"street_light": "rubbish"}})
    for page in (
        f"/staff/issues/{told}",
        f"/staff/issues/{told}/print",
        f"/staff/register?q={told}",
    ):
        shown = main_of(house.staff("street_leader").get(page))
        assert "反映人没有选" not in shown, page
    assert "路灯照明" in main_of(house.staff("street_leader").get(f"/staff/issues/{told}"))
    assert "路灯照明" in main_of(house.holder(told).get(f"/issues/{told}"))


def test_names_that_nobody_noted_are_their_ids_and_none_is_none(sample_circle: Circle) -> None:
    assert sample_circle.estate_name("old_estate") == "old_estate"
    assert sample_circle.category_name("old_kind") == "old_kind"
    assert sample_circle.channel_name("fax") == "fax"
    assert (sample_circle.estate_name(""), sample_circle.category_name("")) == ("", "")


def test_names_change_at_the_moment_since_when_they_were_noted() -> None:
    first, second = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6))
    names = noted((NotedName(first, "city", "城管局"), NotedName(second, "city", "城管执法局")))
    assert names.last == {"city": "城管执法局"}
    assert names.settled == second
    moments = (first - timedelta(days=9), second, second + timedelta(seconds=1))
    assert [names.at(one)["city"] for one in moments] == ["城管局", "城管局", "城管执法局"]


@pytest.mark.parametrize("gone", ["estate", "kind", "moved"])
def test_an_issue_of_what_is_gone_or_moved_can_be_corrected_and_keeps_its_place(
    gone: str, house: House
) -> None:
    number = house.number("楼道灯")
    with database.writing():
        Issue.update(
            community_id="jingui", estate_id="guiyuan" if gone == "moved" else "old_estate",
            category="old_kind" if gone == "kind" else "rubbish", step="collected",
        ).where(Issue.number == number).execute()  # fmt: skip
    if gone == "moved":
        changed(house, {"estates.csv": {"guiyuan,jingui,": "guiyuan,yinxing,"}})
    leader = house.staff("community_leader")
    before = house.issue(number)
    refused = leader.move(number, "correct", {"reason": "只按了一下"})
    assert refused.status_code == 422
    moved = leader.move(number, "correct", {"location": "5栋门口", "reason": "看错了"})
    assert moved.status_code == 303
    after = house.issue(number)
    assert (after.location, after.estate_id, after.category) == (
        "5栋门口", before.estate_id, before.category,
    )  # fmt: skip


def test_a_service_that_is_no_more_is_called_as_it_was_where_it_was_rated_or_asked_for(
    sample_circle: Circle,
) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    names = noted((NotedName(since, "service:old", "修伞"),))
    circle = replace(sample_circle, noted=names)
    assert circle.known_as("service:old") == "修伞"
    assert circle.known_as("service:older") == "service:older"
    assert circle.wanted_words("repair:old").endswith("修伞")
    assert circle.wanted_words("repair:older").endswith("older")
    assert circle.rated_name("service:old") is None


def test_what_ended_is_no_correction_but_stays_what_it_is(house: House) -> None:
    number = house.number("楼道灯")
    with database.writing():
        Issue.update(
            community_id="jingui", estate_id="guiyuan", category="noise", step="collected"
        ).where(Issue.number == number).execute()
    changed(house, {
        "circle.yml": {"噪音扰民": "噪音扰民（停用）", "违章停车": "违章停车（停用）"},
        "estates.csv": {"桂园小区": "桂园小区（停用）", "岭秀花苑": "岭秀花苑（停用）"},
    })  # fmt: skip
    page = house.staff("community_leader").get(f"/staff/issues/{number}")
    form = form_on(page, f"/staff/issues/{number}/correct")
    assert "noise" in form.options("category")
    assert "parking" not in form.options("category")
    assert "guiyuan" in form.options("estate_id")
    assert "lingxiu" not in form.options("estate_id")
