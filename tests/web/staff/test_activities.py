"""Activities at the desk: a form as people think, one time off, versions, and publishing."""

import re
import time

import pytest

from forms_app.content.press import Press
from forms_app.publishing.releases import keep_inputs
from tests.support.page_audit import flaws
from tests.support.running import ROOT
from tests.support.web import House, Visitor, errors_on, form_on, main_of

pytestmark = pytest.mark.slow

NEW = "/staff/activities/new"
FIELDS = {
    "summary": "八段锦晨练",
    "category": "arts",
    "location_id": "jingui_square",
    "how": "weekly",
    "weekdays": ["TU", "TH", "SA"],
    "starts_on": "2026-12-01",
    "ends_on": "2027-06-30",
    "begins": "7:00",
    "length": "1小时",
    "off_days": "12月3日 场地布置",
}


@pytest.fixture
def admin(house: House) -> Visitor:
    return house.staff("admin")


def text(house: House, file: str = "activities.yml") -> str:
    return (house.settings.community_dir / file).read_text(encoding="utf-8")


def test_a_weekly_activity_is_written_as_people_say_it(house: House, admin: Visitor) -> None:
    before = text(house)
    answer = admin.fill(NEW, FIELDS)
    assert answer.status_code == 303, errors_on(answer)
    added = text(house).removeprefix(before)
    assert re.sub(r"uid: \w+", "uid: x", added) == (
        "- uid: x\n"
        "  summary: 八段锦晨练\n"
        "  category: arts\n"
        "  location_id: jingui_square\n"
        "  dtstart: 2026-12-01 07:00\n"
        '  duration: "1:00"\n'
        "  rrule: FREQ=WEEKLY;BYDAY=TU,TH,SA;UNTIL=20270630\n"
        "  exdate: [2026-12-03 场地布置]\n"
    )
    week = admin.get(answer.headers["Location"])
    assert "取消：场地布置" in main_of(week)
    assert flaws(week.text) == []
    assert house.app.extensions["press"].last or house.app.extensions["press"].now


def test_pressed_twice_it_is_made_once(house: House, admin: Visitor) -> None:
    fields = form_on(admin.get(NEW), NEW).filled(FIELDS)
    first, second = (admin.post(NEW, fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert text(house).count("八段锦晨练") == 1


def test_a_look_shows_what_residents_will_see_and_writes_nothing(
    house: House, admin: Visitor
) -> None:
    before = text(house)
    fields = form_on(admin.get(NEW), NEW).filled(FIELDS)
    page = admin.post(NEW, {**fields, "press": "look"})
    assert page.status_code == 200
    assert flaws(page.text) == []
    words = main_of(page)
    assert "每周二、四、六 7:00至8:00，从12月1日到2027年6月30日" in words
    assert "共91场，取消1场" in words
    assert text(house) == before


def test_everything_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    house: House, admin: Visitor
) -> None:
    wrong = {**FIELDS, "summary": "", "weekdays": [], "begins": "早上", "off_days": "停电",
             "more_days": "明天", "length": ""}  # fmt: skip
    page = admin.fill(NEW, wrong)
    assert page.status_code == 422
    told = " ".join(errors_on(page).values())
    for part in ("请写这个活动叫什么", "请选每周哪几天", "不是几点几分", "开头不是日期",
                 "不是日期", "请写多久"):  # fmt: skip
        assert part in told, part
    assert form_on(page, NEW).value("begins") == "早上"
    assert "八段锦晨练" not in text(house)


def test_what_the_loader_refuses_stands_beside_its_field(house: House, admin: Visitor) -> None:
    page = admin.fill(NEW, {**FIELDS, "off_days": "12月2日 停电"})
    assert page.status_code == 422
    assert "本来就没有这项活动" in " ".join(errors_on(page).values())
    assert "八段锦晨练" not in text(house)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"how": "once", "is_all_day": ""}, "一连几天的请勾“全天”"),
        ({"how": "workdays"}, "这一种没有到哪天"),
        ({"ends_on": "2026-11-01"}, "到哪天要在从哪天以后"),
        ({"how": "once", "is_all_day": "y", "off_days": ""}, "一次最多7天"),
    ],
)
def test_days_that_do_not_go_together_are_told(
    admin: Visitor, changes: dict[str, str], told: str
) -> None:
    fields = form_on(admin.get(NEW), NEW).filled(FIELDS)
    page = admin.post(NEW, {**fields, **changes})
    assert page.status_code == 422
    assert told in " ".join(errors_on(page).values())


def test_whole_days_on_end_are_one_event(house: House, admin: Visitor) -> None:
    fields = form_on(admin.get(NEW), NEW).filled(
        {**FIELDS, "how": "once", "starts_on": "2026-12-05", "ends_on": "2026-12-07",
         "off_days": ""}
    )  # fmt: skip
    assert admin.post(NEW, {**fields, "is_all_day": "y"}).status_code == 303
    assert "  dtstart: 2026-12-05\n  duration: P3D\n" in text(house)
    uid = re.findall(r"uid: (activity_\w+)", text(house))[-1]
    page = admin.get(f"/staff/activities/{uid}")
    form = form_on(page, f"/staff/activities/{uid}")
    assert (form.value("starts_on"), form.value("ends_on")) == ("2026-12-05", "2026-12-07")


def test_every_activity_of_the_sample_opens_and_saves_without_a_change(
    house: House, admin: Visitor
) -> None:
    before = text(house)
    for uid in house.circle.activities:
        path = f"/staff/activities/{uid}"
        page = admin.get(path)
        assert flaws(page.text) == []
        answer = admin.submit(page, path)
        assert answer.status_code == 303, (uid, errors_on(answer))
    assert text(house) == before


def test_whoever_comes_second_sees_what_is_there_beside_what_they_typed(
    house: House, admin: Visitor
) -> None:
    path = "/staff/activities/choir"
    mine, theirs = admin.get(path), house.staff("admin")
    assert theirs.fill(path, {"audience": "老年人"}).status_code == 303
    page = admin.submit(mine, path, {"audience": "小朋友"})
    assert page.status_code == 409
    assert "老年人" in main_of(page)
    assert form_on(page, path).value("audience") == "小朋友"
    assert "audience: 老年人\n" in text(house)
    assert admin.submit(page, path, {}).status_code == 303
    assert "audience: 小朋友\n" in text(house)


def test_one_time_is_off_with_its_reason_then_moved_then_on_again(
    house: House, admin: Visitor
) -> None:
    path = "/staff/activities/choir/20261202T1500"
    assert "请写为什么" in " ".join(errors_on(admin.fill(path, {"what": "off"})).values())
    assert admin.fill(path, {"what": "off", "reason": "停电"}).status_code == 303
    assert "exdate: [2026-12-02 停电, 2027-02-03, 2027-02-10]" in text(house)
    assert "这一场已经取消：停电" in main_of(admin.get(path))
    moved = {"what": "moved", "reason": "场地布置", "moved_on": "2026-12-04", "moved_at": "10点"}
    assert admin.fill(path, moved).status_code == 303
    assert "exdate: [2026-12-02 场地布置, 2027-02-03, 2027-02-10]" in text(house)
    assert "rdate: [2026-12-04 10:00]" in text(house)
    week = main_of(admin.get("/staff/activities?week=2026-12-02"))
    assert "改到12月4日 10:00" in week
    assert admin.fill(path, {"what": "on"}).status_code == 303
    assert "exdate: [2027-02-03, 2027-02-10]" in text(house)
    for nowhere in ("choir/20261203T1500", "choir/x", "none/20261202T1500", "choir/20261399T9999"):
        assert admin.get(f"/staff/activities/{nowhere}").status_code == 404


def test_a_copy_comes_a_week_later_or_goes_on_from_today(admin: Visitor) -> None:
    once = form_on(admin.get(f"{NEW}?copy=new_year_show"), NEW)
    assert (once.value("summary"), once.value("starts_on")) == ("社区迎新年文艺汇演", "2027-01-07")
    weekly = form_on(admin.get(f"{NEW}?copy=choir"), NEW)
    assert (weekly.value("starts_on"), weekly.value("off_days")) == ("2026-11-25", "")
    assert form_on(admin.get(f"{NEW}?copy=none"), NEW).value("summary") == ""


def test_mistakes_elsewhere_in_the_data_are_told_and_nothing_typed_is_lost(
    house: House, admin: Visitor
) -> None:
    path = house.settings.community_dir / "venues.csv"
    path.write_text(text(house, "venues.csv").replace("jingui_hall", "大 厅"), encoding="utf-8")
    page = admin.fill(NEW, FIELDS)
    assert page.status_code == 422
    assert "数据里别处还有错" in main_of(page)
    assert "venues.csv" in main_of(page)
    assert form_on(page, NEW).value("summary") == "八段锦晨练"


def test_a_file_that_no_page_can_change_says_so(house: House, admin: Visitor) -> None:
    (house.settings.community_dir / "activities.yml").write_text("[{uid: a}]", encoding="utf-8")
    page = admin.get("/staff/activities")
    assert page.status_code == 409
    assert "不能在网页上改" in main_of(page)
    assert flaws(page.text) == []


def test_an_earlier_version_is_looked_at_and_comes_back(house: House, admin: Visitor) -> None:
    before = text(house)
    admin.fill("/staff/activities/choir", {"audience": "老年人"})
    versions = admin.get("/staff/content/activities.yml")
    assert flaws(versions.text) == []
    oldest = re.findall(r'href="(/staff/content/activities\.yml/[^"]+)"', versions.text)[-1]
    page = admin.get(oldest)
    assert flaws(page.text) == []
    assert "“金桂合唱团排练”：改了" in main_of(page)
    admin.fill("/staff/activities/choir", {"audience": "小朋友"})
    late = admin.submit(page, oldest)
    assert late.status_code == 409
    assert admin.submit(late, oldest).status_code == 303
    assert text(house) == before
    names = main_of(admin.get("/staff/content/activities.yml"))
    assert names.count("金桂合唱团排练") == 2
    assert "换回" in names
    assert admin.get("/staff/content/secret_key").status_code == 404
    assert admin.get("/staff/content/activities.yml/x").status_code == 404
    assert admin.get("/staff/content/dedicated.csv").status_code == 200


def test_a_version_that_no_longer_fits_is_refused_with_its_reason(
    house: House, admin: Visitor
) -> None:
    admin.fill("/staff/activities/choir", {"audience": "老年人"})
    venues = house.settings.community_dir / "venues.csv"
    kept = [one for one in text(house, "venues.csv").splitlines() if "machinery_yard" not in one]
    venues.write_text("\n".join(kept) + "\n", encoding="utf-8")
    oldest = re.findall(
        r'href="(/staff/content/activities\.yml/[^"]+)"',
        admin.get("/staff/content/activities.yml").text,
    )[-1]
    page = admin.fill(oldest)
    assert page.status_code == 422
    assert "对不上" in main_of(page)


def test_publishing_tells_how_it_goes_and_why_it_failed(house: House, admin: Visitor) -> None:
    path = "/staff/content/publish"
    slow = "import sys,time; time.sleep(.5); sys.exit('WARNING - 第 7 行不对')"
    press = house.app.extensions["press"] = Press(ROOT, ["python3", "-c", slow])
    answer = admin.fill(path)
    assert answer.status_code == 303
    page = admin.get(path)
    assert "正在更新网站" in main_of(page)
    assert page.headers["Refresh"]
    while press.now:
        time.sleep(0.05)
    failed = admin.get(path)
    assert "第 7 行不对" in main_of(failed)
    assert "Refresh" not in failed.headers
    assert flaws(failed.text) == []


def test_what_is_not_published_yet_is_listed_by_name(house: House, admin: Visitor) -> None:
    release = house.settings.build / "releases" / "20261123T040000Z"
    (release / "site").mkdir(parents=True)
    keep_inputs(house.settings.community_dir, release)
    (house.settings.build / "site").symlink_to(release / "site", target_is_directory=True)
    path = "/staff/content/publish"
    assert "网站上的和数据里的一样" in main_of(admin.get(path))
    admin.fill(NEW, FIELDS)
    assert "“八段锦晨练”：新加的" in main_of(admin.get(path))
    assert "11月23日 12:00" in main_of(admin.get(path))


def test_what_an_expired_session_stopped_comes_back_after_signing_in(
    house: House, admin: Visitor
) -> None:
    path = "/staff/activities/choir/20261202T1500"
    for address, name, typed in ((NEW, "summary", FIELDS), (path, "reason", {"reason": "停电"})):
        fields = form_on(admin.get(address), address).filled(typed)
        nobody = house.visitor()
        stopped = nobody.post(address, fields)
        assert stopped.status_code == 401
        login = next(a for a in re.findall(r'action="([^"]+)"', stopped.text) if "login" in a)
        page = nobody.submit(stopped, login, {"username": "admin", "password": "demo"})
        assert page.status_code == 200
        assert form_on(page, address).value(name) == fields[name][0]


def test_an_editor_writes_what_the_site_says_and_sees_no_issue(house: House) -> None:
    eddy = house.staff("editor")
    assert "全部活动" in main_of(eddy.get("/staff/"))
    assert eddy.fill(NEW, FIELDS).status_code == 303
    assert "示例网站编辑" in main_of(eddy.get("/staff/content/activities.yml"))
    for path in ("/staff/register", "/staff/board", "/staff/sign-ins/all", "/staff/callers",
                 f"/staff/issues/{house.number('楼上漏水')}"):  # fmt: skip
        assert eddy.get(path).status_code in (403, 404), path
    assert eddy.get("/staff/exports").status_code == 200


def test_what_is_over_is_listed_on_pages_of_its_own(house: House, admin: Visitor) -> None:
    path = house.settings.community_dir / "activities.yml"
    many = "".join(
        f"- uid: over_{n}\n  summary: 以前的第{n}场\n  category: arts\n"
        f"  location_id: jingui_square\n  dtstart: {2010 + n // 12}-{n % 12 + 1:02}-01 09:00\n"
        '  duration: "1:00"\n'
        for n in range(70)
    )
    path.write_text(text(house) + many, encoding="utf-8")
    admin.fill("/staff/activities/choir", {"audience": "老年人"})
    page = admin.get("/staff/activities")
    assert "金桂合唱团排练" in main_of(page)
    assert "以前的第" not in main_of(page)
    assert "以前的70个" in main_of(page)
    assert flaws(page.text) == []
    shown = [re.findall(r"以前的第(\d+)场</a>", admin.get(f"/staff/activities?past={n}").text)
             for n in (1, 2, 3, 9)]  # fmt: skip
    assert [len(one) for one in shown] == [30, 30, 10, 10]
    assert list(map(int, shown[0] + shown[1] + shown[2])) == list(reversed(range(70)))
    last = admin.get("/staff/activities?past=3")
    assert "下一页" not in main_of(last)
    assert flaws(last.text) == []
    assert "金桂合唱团排练" in main_of(admin.get("/staff/activities?past=x"))
