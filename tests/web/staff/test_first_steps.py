"""A new office's first steps: each by itself, all mistakes at once, and never over another's."""

from pathlib import Path

import pytest

from forms_app import casework
from forms_app.community import load
from forms_app.demo.laying import first_administrator
from forms_app.office.shipped import make_office
from forms_app.settings import Settings
from forms_app.store import database
from forms_app.store.schema import migrate
from tests.support.page_audit import flaws
from tests.support.running import ROOT
from tests.support.web import NOW, PASSWORD, House, Visitor, errors_on, form_on, house_at, main_of

pytestmark = pytest.mark.slow

HERE = "/staff/first-steps"
NAMES = {"name": "东湖街道服务圈（示例）", "street": "东湖街道（示例）"}
WILLOW = {"name_0": "柳树社区（示例）", "hotline_0": "0791-8888-0001", "address_0": "示例路1号"}


@pytest.fixture
def office(tmp_path: Path) -> House:
    folder = tmp_path / "office"
    make_office(ROOT, folder, is_sample=False)
    settings = Settings.from_environment({"CIRCLE_DATA": str(folder), "CIRCLE_LIMITS": "off"}, ROOT)
    opened = database.open_database(settings.database_url)
    migrate(opened)
    first_administrator(NOW)
    opened.close()
    return house_at(folder, load(settings.community_dir), tmp_path / "build")


@pytest.fixture
def admin(office: House) -> Visitor:
    visitor = office.staff("admin")
    with database.writing():
        database.proxy.execute_sql("UPDATE account SET has_first_password = false")
    return visitor


def circle_of(office: House):
    return load(office.settings.community_dir)


def missing(admin: Visitor) -> str:
    return main_of(admin.get(HERE))


def test_an_empty_office_greets_its_administrator_with_what_is_to_be_done(admin: Visitor) -> None:
    home = admin.get("/staff/")
    assert flaws(home.text) == []
    assert "还差8步" in main_of(home)
    assert "没有在用的账号" not in home.text.partition("<h1")[0]
    assert "放进示例看看" in missing(admin)
    assert "开门</button>" not in admin.get(HERE).text


def test_each_step_is_saved_by_itself_and_kept_as_a_version(office: House, admin: Visitor) -> None:
    answer = admin.fill(f"{HERE}/names", NAMES)
    assert answer.headers["Location"].endswith("/communities")
    assert circle_of(office).name == NAMES["name"]
    answer = admin.fill(f"{HERE}/communities", WILLOW)
    assert answer.headers["Location"].endswith("/estates")
    (home,) = circle_of(office).communities.values()
    assert (home.id, home.name, home.hotline) == ("first", "柳树社区（示例）", "0791-8888-0001")
    more = {"name_0": "柳树新村", "households_0": "320户", "households_60plus_0": "90"}
    admin.fill(f"{HERE}/estates", more)
    (estate,) = circle_of(office).estates.values()
    assert (estate.id, estate.community_id, estate.households) == ("estate_1", "first", 320)
    admin.fill(f"{HERE}/hours", {"duty_hours_0": "8:30到12:00、14:30-17:30"})
    assert "08:30" in (office.settings.community_dir / "circle.yml").read_text(encoding="utf-8")
    text = missing(admin)
    # No telephone of the sample is there to be emptied: what is not known yet is empty.
    assert not any(unit.phone for unit in circle_of(office).departments.values())
    assert "还没好 还没有看过" in text
    admin.fill(f"{HERE}/units", {"phone_0": "0791-8888-0002"})
    assert "24个单位" in missing(admin)
    # A row that may stay empty does not say that it must be filled in.
    rows = admin.get(f"{HERE}/estates").text
    assert rows.count("必填") == len(circle_of(office).estates) * 4
    assert "用到这一行才填" in rows
    assert text.count("好了") >= 4
    versions = main_of(admin.get("/staff/content/circle.yml"))
    assert "管理员" in versions


def test_a_real_telephone_with_noughts_is_none_of_the_sample_s(admin: Visitor) -> None:
    admin.fill(f"{HERE}/communities", {**WILLOW, "hotline_0": "0791-8120000"})
    admin.fill(f"{HERE}/units", {"phone_0": "0791-81200001"})
    assert "还是示例" not in main_of(admin.get(HERE))


def test_a_unit_and_a_kind_of_problem_are_added_by_their_names(
    office: House, admin: Visitor
) -> None:
    page = admin.get(f"{HERE}/units")
    place = len([n for n in form_on(page, f"{HERE}/units").names if n.startswith("of_")]) - 3
    changes = {f"name_{place}": "东湖供水站", f"duties_{place}": "管水管", f"phone_{place}": ""}
    assert admin.fill(f"{HERE}/units", changes).status_code == 303
    unit = next(u for u in circle_of(office).departments.values() if u.name == "东湖供水站")
    assert [duty.text for duty in unit.duties] == ["管水管"]
    page = admin.get(f"{HERE}/categories")
    place = len([n for n in form_on(page, f"{HERE}/categories").names if n.startswith("of_")]) - 3
    changes = {f"name_{place}": "停水", f"department_{place}": "东湖供水站"}
    assert admin.fill(f"{HERE}/categories", changes).status_code == 303
    kind = next(k for k in circle_of(office).categories.values() if k.name == "停水")
    assert kind.department == unit.id


def test_all_mistakes_are_told_beside_their_fields_and_nothing_is_lost(
    office: House, admin: Visitor
) -> None:
    before = (office.settings.community_dir / "circle.yml").read_bytes()
    answer = admin.fill(
        f"{HERE}/communities",
        {
            "name_0": "",
            "hotline_0": "没有",
            "name_1": "杨树社区",
            "hotline_1": "",
            "address_1": "x",
        },
    )
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"name_0", "hotline_0", "hotline_1"}
    assert 'value="杨树社区"' in answer.text
    assert flaws(answer.text) == []
    assert (office.settings.community_dir / "circle.yml").read_bytes() == before


def test_sent_twice_it_is_written_once(office: House, admin: Visitor) -> None:
    page = admin.get(f"{HERE}/communities")
    more = {**WILLOW, "name_1": "杨树社区", "hotline_1": "0791-8888-0002", "address_1": "示例路2号"}
    for _ in range(2):
        assert admin.submit(page, f"{HERE}/communities", more).status_code == 303
    assert [one.id for one in circle_of(office).communities.values()] == ["first", "community_2"]


@pytest.mark.parametrize(
    ("step", "mine", "theirs"),
    [
        ("names", NAMES, {"name": "别的名称"}),
        ("communities", WILLOW, {"name_0": "别的社区"}),
        ("hours", {"duty_hours_0": "9:00-17:00"}, {"duty_hours_0": "8:00-16:00"}),
    ],
)
def test_two_administrators_never_overwrite_each_other(
    office: House, admin: Visitor, step: str, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    page = admin.get(f"{HERE}/{step}")
    assert admin.fill(f"{HERE}/{step}", theirs).status_code == 303
    now = (office.settings.community_dir / "circle.yml").read_bytes()
    answer = admin.submit(page, f"{HERE}/{step}", mine)
    assert answer.status_code == 409
    assert "别人" in main_of(answer)
    assert (office.settings.community_dir / "circle.yml").read_bytes() == now
    assert admin.submit(answer, f"{HERE}/{step}").status_code == 303  # now they have seen it
    assert (office.settings.community_dir / "circle.yml").read_bytes() != now


def test_it_opens_only_when_all_is_done(office: House, admin: Visitor) -> None:
    admin.post(f"{HERE}/open", {"csrf_token": admin.token()})
    assert circle_of(office).sample
    assert "前面还有没做完的" in admin.get(HERE).text


def test_while_a_sample_is_in_nothing_of_the_office_is_asked(office: House, admin: Visitor) -> None:
    before = (office.settings.community_dir / "circle.yml").read_bytes()
    page = admin.get(HERE)
    shown = admin.submit(page, f"{HERE}/sample")
    assert shown.status_code == 200
    assert flaws(shown.text) == []
    assert admin.get(f"{HERE}/names").status_code == 303
    form = form_on(admin.get("/staff/accounts/new"), "/staff/accounts/new")
    assert set(form.options("role")) == {"", "admin", "editor"}
    home = admin.get("/staff/")
    assert "现在放的是示例" in main_of(home)
    assert flaws(home.text) == []
    admin.submit(admin.get(HERE), f"{HERE}/sample/away")
    assert (office.settings.community_dir / "circle.yml").read_bytes() == before
    assert admin.get(f"{HERE}/names").status_code == 200


@pytest.mark.parametrize(("step", "typed"), [("names", NAMES), ("communities", WILLOW)])
def test_what_an_expired_session_stopped_comes_back(
    office: House, step: str, typed: dict[str, str]
) -> None:
    at = f"{HERE}/{step}"
    casework.reset_password("admin", PASSWORD, at_least=1, now=NOW)
    with database.writing():
        database.proxy.execute_sql("UPDATE account SET has_first_password = false")
    nobody = office.visitor()
    stopped = nobody.post(at, form_on(office.staff("admin").get(at), at).filled(typed))
    assert stopped.status_code == 401
    back = nobody.submit(stopped, "/staff/login", {"username": "admin", "password": PASSWORD})
    form = form_on(back, at)
    assert {name: form.value(name) for name in typed} == typed
    assert nobody.submit(back, at).status_code == 303
    assert next(iter(typed.values())) in (office.settings.community_dir / "circle.yml").read_text()


def test_on_its_first_day_a_form_says_where_what_it_asks_for_is_added(admin: Visitor) -> None:
    nothing = "还没有可选的，先到“内容”里加上"
    for form in ("activities/new", "records/walks/new", "records/entrances/new"):
        assert nothing in main_of(admin.get(f"/staff/{form}")), form
    assert nothing not in main_of(admin.get("/staff/records/venues/new"))
