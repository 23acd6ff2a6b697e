"""What the office feeds by forms: any kind of record, judged, looked at, saved, taken away."""

import re

import pytest

from forms_app.community import load
from forms_app.content.kinds import KINDS
from forms_app.content.records import address_of
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of, text

pytestmark = pytest.mark.slow

NEW = "/staff/records/venues/new"
FIELDS = {
    "name": "桂园棋牌室",
    "community_id": "jingui",
    "address": "桂园小区2栋一楼",
    "latitude": "２５.８３０",
    "longitude": "114.9",
}


def test_every_kind_has_a_list_and_each_record_a_form_that_changes_nothing(
    house: House, editor: Visitor
) -> None:
    assert flaws(editor.get("/staff/records").text) == []
    for key, kind in KINDS.items():
        if kind.own_page:
            continue
        assert flaws(editor.get(f"/staff/records/{key}").text) == [], key
        before = text(house, kind.file)
        for name in list(kind.layout.records(before))[:3]:
            path = f"/staff/records/{key}/{address_of(name)}"
            page = editor.get(path)
            assert flaws(page.text) == [], (key, name)
            answer = editor.submit(page, path)
            assert answer.status_code == 303, (key, name, errors_on(answer))
        assert text(house, kind.file) == before, key


def test_whoever_announces_reads_that_its_days_are_those_it_is_shown_on(editor: Visitor) -> None:
    page = main_of(editor.get("/staff/records/announcements/new"))
    assert "从哪天 必填 从这一天起写在首页上；" in page
    assert "到哪天 必填 过了这一天自己撤下。" in page


def test_a_new_venue_is_looked_at_and_written_at_the_end(house: House, editor: Visitor) -> None:
    before = text(house, "venues.csv")
    looked = editor.fill(NEW, FIELDS | {"press": "look"})
    assert "会改变什么" in main_of(looked)
    assert text(house, "venues.csv") == before
    answer = editor.submit(looked, NEW, {"press": "save"})
    assert answer.status_code == 303, errors_on(answer)
    added = text(house, "venues.csv").removeprefix(before)
    assert re.sub(r"venue_\w+", "x", added) == (
        "x,jingui,桂园棋牌室,25.830,114.9,桂园小区2栋一楼,,,\n"
    )
    assert "桂园棋牌室" in main_of(editor.get("/staff/records/venues"))
    versions = main_of(editor.get("/staff/content/venues.csv"))
    assert "桂园棋牌室" in versions
    assert "示例网站编辑" in versions


def test_every_error_stands_beside_its_field(editor: Visitor) -> None:
    wrong = {"name": "", "community_id": "jingui", "address": "x", "latitude": "北",
             "longitude": "25"}  # fmt: skip
    page = editor.fill(NEW, wrong)
    assert page.status_code == 422
    assert set(errors_on(page)) == {"name", "latitude"}
    page = editor.fill(NEW, FIELDS | {"latitude": "114.9", "longitude": "25.8"})
    assert set(errors_on(page)) == {"latitude"}
    assert form_on(page, NEW).value("name") == "桂园棋牌室"


def test_nested_duties_and_words_are_kept_and_changed(house: House, editor: Visitor) -> None:
    path = "/staff/records/departments/urban_station"
    duties = form_on(editor.get(path), path).value("duties")
    assert editor.fill(path, {"duties": duties + "\n清理小广告"}).status_code == 303
    assert "    - text: 清理小广告\n      basis: G\n" in text(house, "departments.yml")
    path = "/staff/records/categories/noise"
    words = form_on(editor.get(path), path).value("words")
    before = text(house, "circle.yml").splitlines()
    assert editor.fill(path, {"words": words + "、鞭炮"}).status_code == 303
    after = text(house, "circle.yml").splitlines()
    assert [b for a, b in zip(before, after, strict=True) if a != b] == [
        next(line for line in after if "鞭炮" in line)
    ]
    path = "/staff/records/duty_hours/all"
    assert editor.fill(path, {"duty_hours": "8点30分到12点、14:30至17:30"}).status_code == 303
    assert "  duty_hours: 08:30-12:00,14:30-17:30 # 值守时段" in text(house, "circle.yml")


def test_deadlines_are_changed_with_a_look_and_every_mistake_beside_its_field(
    house: House, editor: Visitor
) -> None:
    path = "/staff/records/deadlines/all"
    form = form_on(editor.get(path), path)
    assert (form.value("urgency_days"), form.value("opinion_minutes")) == ("2、7、30", "10")
    before = text(house, "circle.yml")
    wrong = {"urgency_days": "7、2、30", "opinion_minutes": "十分钟", "verdict_reminder_days": "3"}
    refused = editor.fill(path, wrong)
    assert refused.status_code == 422
    assert "不是数" in errors_on(refused)["opinion_minutes"]
    refused = editor.fill(path, {"urgency_days": "7、2、30"})
    assert "没有依次变长" in errors_on(refused)["urgency_days"]
    assert "要写3个数" in errors_on(editor.fill(path, {"urgency_days": "7、2"}))["urgency_days"]
    levels = {"satisfied_levels": ["3", "5"]}
    assert "不连续" in errors_on(editor.fill(path, levels))["satisfied_levels"]
    wanted = {"urgency_days": "１，5，20天", "extend_days": "15天", "desk_answers": "否"}
    looked = editor.fill(path, wanted | {"press": "look"})
    assert "1、5、20" in main_of(looked)
    assert text(house, "circle.yml") == before
    assert editor.fill(path, wanted).status_code == 303
    rules = load(house.settings.community_dir)
    assert rules.clocks.urgency_days == {1: 1, 2: 5, 3: 20}
    assert (rules.clocks.extend_days, rules.clocks.desk_answers) == (15, False)
    assert "  duty_hours:" in text(house, "circle.yml")


def test_names_paces_and_channels_are_changed_and_the_rest_of_the_file_stays(
    house: House, editor: Visitor
) -> None:
    before = text(house, "circle.yml")
    path = "/staff/records/circle/all"
    wrong = editor.fill(path, {"name": "", "promise_minutes": "九十"})
    assert set(errors_on(wrong)) == {"name", "promise_minutes"}
    assert "promise_minutes" in errors_on(editor.fill(path, {"promise_minutes": "90"}))
    wanted = {"name": "桂园: 十分钟圈", "promise_minutes": "１２分钟"}
    assert "12" in main_of(editor.fill(path, wanted | {"press": "look"}))
    assert text(house, "circle.yml") == before
    assert editor.fill(path, wanted).status_code == 303
    path = "/staff/records/paces/all"
    assert "elder" in errors_on(editor.fill(path, {"elder": "30"}))
    assert editor.fill(path, {"elder": "2.8"}).status_code == 303
    assert editor.fill("/staff/records/channels/new", {"name": "民情日记"}).status_code == 303
    circle = load(house.settings.community_dir)
    assert (circle.name, circle.promise_minutes) == ("桂园: 十分钟圈", 12)
    assert circle.speed_kmh["elder"] == 2.8
    added = next(code for code, name in circle.channels.items() if name == "民情日记")
    for line in set(before.splitlines()) - set(text(house, "circle.yml").splitlines()):
        assert line.strip().startswith(("name:", "promise_minutes:", "elder:")), line
    used = "/staff/records/channels/web/remove"
    assert re.search("[0-9]+件问题还指着它", main_of(editor.get(used)))
    token = form_on(editor.get(f"/staff/records/channels/{added}/remove"),
                    f"/staff/records/channels/{added}/remove").filled({})  # fmt: skip
    assert editor.post(used, token).status_code == 422
    assert editor.fill(f"/staff/records/channels/{added}/remove").status_code == 303
    assert added not in load(house.settings.community_dir).channels


def test_what_others_refer_to_is_not_taken_away(house: House, editor: Visitor) -> None:
    before = text(house, "estates.csv"), text(house, "venues.csv")
    page = editor.get("/staff/records/estates/guiyuan/remove")
    assert re.search("[0-9]+件问题还指着它", main_of(page))
    page = editor.get("/staff/records/venues/yinxing_park/remove")
    assert "活动" in main_of(page)
    assert "还用着它" in main_of(page)
    path = "/staff/records/venues/yinxing_park/remove"
    token = form_on(editor.get("/staff/records/opinions/noise_evening/remove"),
                    "/staff/records/opinions/noise_evening/remove").filled({})  # fmt: skip
    refused = editor.post(path, token)
    assert refused.status_code == 422
    assert (text(house, "estates.csv"), text(house, "venues.csv")) == before
    path = "/staff/records/opinions/noise_evening/remove"
    assert editor.fill(path).status_code == 303
    assert "noise_evening" not in text(house, "opinions.yml")


def test_a_file_that_is_not_there_yet_begins_with_its_first_record(
    house: House, editor: Visitor
) -> None:
    line = {"day": "2026年12月5日", "community_id": "jingui", "post": "值班干部",
            "phone": "0797-0000-101"}  # fmt: skip
    assert editor.fill("/staff/records/roster/new", line).status_code == 303
    assert text(house, "roster.csv") == (
        "day,community_id,post,place,phone,deputy,deputy_phone\n"
        "2026-12-05,jingui,值班干部,,0797-0000-101,,\n"
    )
    told = {"title": "停水", "first": "12月1日", "last": "12月3日"}
    assert editor.fill("/staff/records/announcements/new", told).status_code == 303
    listed = editor.get("/staff/records/announcements")
    assert "2026年12月3日" in main_of(listed)
    path = re.search(r"/staff/records/announcements/notice_\w+", listed.text)
    assert path is not None
    assert editor.fill(f"{path[0]}/remove").status_code == 303
    assert text(house, "announcements.yml") == "[]\n"


def test_two_who_change_one_record_at_once_never_overwrite_each_other(
    house: House, editor: Visitor
) -> None:
    path = "/staff/records/services/street_order"
    admin = house.staff("admin")
    open_page = admin.get(path)
    assert editor.fill(path, {"fees": "免费，停车费另算"}).status_code == 303
    late = admin.submit(open_page, path, {"fees": "五元"})
    assert late.status_code == 409
    assert "免费，停车费另算" in main_of(late)
    assert "五元" not in text(house, "services.yml")
    other = "/staff/records/services/streetlight_repair"
    assert admin.fill(other, {"fees": "都免费"}).status_code == 303
    assert admin.submit(late, path).status_code == 303
    assert "五元" in text(house, "services.yml")


def test_a_composite_key_may_change_but_not_become_anothers(house: House, editor: Visitor) -> None:
    zones = list(KINDS["zones"].layout.records(text(house, "zones.csv")))
    path = f"/staff/records/zones/{address_of(zones[0])}"
    assert editor.fill(path, {"officer_role": "城管队员"}).status_code == 303
    assert "jingui,urban_mgmt_enforcement,城管队员," in text(house, "zones.csv")
    unit = {"department_id": "public_security", "officer_role": "社区民警"}
    path = f"/staff/records/zones/{address_of(zones[1])}"
    page = editor.fill(path, unit)
    assert page.status_code == 422
    assert "已经有一条一样的" in main_of(page)


def test_nobody_else_may(house: House) -> None:
    assert house.staff("supervisor").get("/staff/records").status_code == 403
    assert house.visitor().get("/staff/records").status_code == 303


def test_what_an_expired_session_stopped_comes_back(house: House, editor: Visitor) -> None:
    fields = form_on(editor.get(NEW), NEW).filled(FIELDS)
    nobody = house.visitor()
    stopped = nobody.post(NEW, fields)
    login = next(a for a in re.findall(r'action="([^"]+)"', stopped.text) if "login" in a)
    page = nobody.submit(stopped, login, {"username": "editor", "password": "demo"})
    assert form_on(page, NEW).value("name") == "桂园棋牌室"
