"""The administrator's page of checks, and the messages that try the roads."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

from werkzeug.test import TestResponse

from forms_app.store.accounts import Account
from tests.support.receivers import mail_sink, web_receiver
from tests.support.running import ROOT
from tests.support.web import House, Visitor, main_of


def tried(visitor: Visitor, to: str) -> TestResponse:
    return visitor.post("/staff/doctor/trial", {"to": to, "csrf_token": visitor.token()})


def test_the_page_says_of_each_line_what_to_do(house: House) -> None:
    shown = house.staff("admin").get("/staff/doctor")
    page = main_of(shown)
    assert "没有程序在看时限和发通知" in page
    found = re.search("有([0-9]+)件要处理", page)
    assert found is not None
    # The first page counts the same rows.
    assert found[1] == str(shown.text.count("tag-a"))
    assert f"{found[1]}件要办" in main_of(house.staff("admin").get("/staff/"))
    for label in ("数据库", "磁盘", "备份", "安全设置"):
        assert label in page
    assert shown.text.index("tag-a") < shown.text.index("tag-b") < shown.text.index("tag-c")
    english = house.staff("admin")
    english.get("/language?to=en")
    assert "The database is well." in main_of(english.get("/staff/doctor"))


def test_what_can_be_mended_on_a_page_has_a_button_to_it(house: House) -> None:
    admin = house.staff("admin")
    # No check names a page that an administrator cannot open.
    named = {"accounts", "accounts/new", "activities", "doctor", "first-steps", "pages", "records"}
    named |= {"records/estates", "records/venues", "workdays/2027"}
    for place in named:
        assert admin.get(f"/staff/{place}").status_code == 200, place
    found = {}
    for page in ("/staff/", "/staff/doctor"):
        shown = admin.get(page).text
        found[page] = re.findall(
            r'class="btn" href="/staff/([^"]+)">去办\s*<span[^>]*>([^<]+)<', shown
        )
        assert found[page]
        assert {place for place, _ in found[page]} <= named
    assert ("first-steps", "网站上还写着“示例”。") in found["/staff/doctor"]


def test_the_first_page_leads_there_while_something_is_red(house: House) -> None:
    page = house.staff("admin").get("/staff/")
    assert "要处理 防刷的限制关掉了。" in main_of(page)
    assert 'href="/staff/doctor"' in page.text


def test_files_that_are_wrong_while_the_server_goes_on_with_the_last_good_ones_are_told(
    house: House, sample_data: Path
) -> None:
    folder = house.settings.community_dir
    seen = house.app.extensions["circle"]
    admin = house.staff("admin")

    def page() -> str:
        seen.look_now()
        return main_of(admin.get("/staff/doctor"))

    assert "社区数据有" not in page()
    (folder / "estates.csv").write_text("id,name\n,\n", encoding="utf-8")
    assert re.search("社区数据有[0-9]+处要改", page())
    assert "estates.csv" in page()
    assert re.search("社区数据有[0-9]+处要改", main_of(admin.get("/staff/")))
    shutil.copyfile(sample_data / "community" / "estates.csv", folder / "estates.csv")
    assert "社区数据有" not in page()
    # Streets of an estate that there is not are read by nobody but the check.
    streets = folder / "streets" / "nowhere.geojson"
    streets.parent.mkdir(exist_ok=True)
    streets.write_text("{}", encoding="utf-8")
    assert "社区数据有1处要改" in page()
    assert "没有小区「nowhere」" in page()
    streets.unlink()
    assert "社区数据有" not in page()


def test_a_test_goes_to_ones_own_address(house: House) -> None:
    Account.update(email="boss@example.org").where(Account.username == "admin").execute()
    with mail_sink() as sink:
        house.app.extensions["settings"] = replace(house.settings, smtp_url=sink.url)
        admin = house.staff("admin")
        assert "boss@example.org" in main_of(admin.get("/staff/doctor"))
        done = tried(admin, "mail")
        assert done.status_code == 303
        assert "测试已经发到 boss@example.org" in admin.get("/staff/doctor").text
        sink.answers["RCPT"] = "550 nobody"
        tried(admin, "mail")
        assert "测试没有发到" in admin.get("/staff/doctor").text
    assert [to for to, _mail in sink.got] == ["boss@example.org"]


def test_a_robot_says_a_test_and_a_name_that_is_none_is_refused(house: House) -> None:
    with web_receiver() as receiver:
        (house.settings.private_dir / "notify.yml").write_text(
            "inside: [127.0.0.1]\nhooks:\n"
            f"  - {{ name: team, community: all, kind: wecom, url: '{receiver.url}' }}\n"
        )
        admin = house.staff("admin")
        assert "试群机器人 team" in main_of(admin.get("/staff/doctor"))
        tried(admin, "team")
        assert "测试已经发到 team" in admin.get("/staff/doctor").text
        assert tried(admin, "nobody").status_code == 400
        assert tried(admin, "mail").status_code == 400
    [got] = receiver.got
    assert "测试" in got.content["text"]["content"]


def test_robots_that_are_wrong_are_a_line_and_no_broken_page(house: House) -> None:
    (house.settings.private_dir / "notify.yml").write_text("hooks: [x]\n")
    page = house.staff("admin").get("/staff/doctor")
    assert page.status_code == 200
    assert "notify.yml" in page.text


def test_data_that_are_refused_are_red_though_the_forms_go_on_with_the_last_ones(
    house: House,
) -> None:
    admin = house.staff("admin")
    assert "社区数据有" not in main_of(admin.get("/staff/doctor"))
    file = house.settings.community_dir / "circle.yml"
    file.write_text("name: [", encoding="utf-8")
    house.app.extensions["circle"].look_now()
    for page in ("/staff/doctor", "/staff/"):
        assert "社区数据有1处要改，在改好以前网站不更新" in main_of(admin.get(page))


def test_where_a_remedy_names_a_setting_the_page_leads_to_where_settings_are_written(
    house: House,
) -> None:
    page = house.staff("admin").get("/staff/doctor")
    assert "CIRCLE_" in main_of(page)
    assert 'about/administrators/#settings">写在哪里、怎么写</a>' in page.text
    handbook = ROOT / "site" / "docs" / "about" / "administrators" / "index.md"
    assert "{#settings}" in handbook.read_text(encoding="utf-8")
