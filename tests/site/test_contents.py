"""The pages of services, places, units and organisations, on a circle made by hand."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from pages import Site, make
from pages.__main__ import main
from pages.rendering import ROOT as SITE_ROOT
from pages.rendering import resolve

from forms_app.community import (
    Activity,
    Category,
    Circle,
    CommitteeMember,
    Community,
    DedicatedOfficer,
    Department,
    Door,
    Duty,
    Organization,
    Service,
    Venue,
    ZoneDuty,
    load,
    read_streets,
)
from forms_app.formats.page_text import read_page
from forms_app.rules.weekly import WeekTime
from forms_app.rules.worktime import CHINA, Clocks
from tests.support.running import ROOT

COMMUNITY = ROOT / "data" / "community"
TODAY = date(2026, 11, 23)
NASTY = '<script>alert(1)</script> *x* & "y" [z](w)'


@pytest.fixture(scope="module")
def circle() -> Circle:
    return Circle(
        name="示例圈",
        subdistrict="示例街道",
        sample=True,
        communities={"jingui": Community("jingui", "金桂社区", "0797-0000-101", "示例路1号")},
        categories={"light": Category("light", "路灯照明", "utilities")},
        channels={"web": "网上"},
        departments={
            "utilities": Department(
                "utilities",
                "区公管处",
                "department",
                (Duty("维护路灯", "LG", "示例条例"),),
                "0797-0000-111",
                "police",
                True,
            ),
            "police": Department("police", "区公安分局", "department", (), "", "", False),
            "school": Department("school", "示例小学", "partner", (), "", "", True),
        },
        zones=(ZoneDuty("jingui", "utilities", "包片干部", "0797-0000-112"),),
        committee=(CommitteeMember("utilities", "分管领导", "0797-0000-171"),),
        dedicated=(DedicatedOfficer("jingui", "特岗", "0797-0000-181"),),
        organizations={
            "street": Organization(
                "street", "街道大工委", "street_committee", "", "", "", ("书记",), "全街道", ""
            ),
            "jingui": Organization(
                "jingui", "金桂大党委", "community_committee", "street", "jingui", "", (), "", ""
            ),
        },
        estates={},
        entrances=(),
        venues={
            "hall": Venue("hall", "jingui", "活动室", 25.8, 114.9, "示例路2号", "有坡道"),
            "yard": Venue("yard", "jingui", "院子", 25.8, 114.9, "", ""),
        },
        walks=(),
        services={
            "meals": Service(
                "meals",
                "长者午餐",
                "culture_education",
                "utilities",
                "热饭热菜。",
                ("hall",),
                "每天11:30",
                "先登记\n再就餐",
                ("身份证",),
                "每餐8元",
                "0797-0000-121",
            )
        },
        activities={
            "choir": Activity(
                "choir",
                "合唱",
                "arts",
                "hall",
                datetime(2026, 11, 25, 15, tzinfo=CHINA),
                timedelta(hours=2),
                "FREQ=WEEKLY",
                "",
                (),
                (),
                "老年人",
                None,
                "CONFIRMED",
                "",
            )
        },
        school_terms=(),
        coord_system="wgs84",
        promise_minutes=10,
        speed_kmh={"elder": 3.0, "adult": 5.1},
        clocks=Clocks(),
    )


@pytest.fixture(scope="module")
def site(circle: Circle) -> Site:
    return make(circle, None, TODAY)


def test_a_service_says_where_when_how_and_for_how_much(site: Site):
    page = site.pages["services/meals.md"]
    for words in ("长者午餐", "活动室", "每天11:30", "先登记", "身份证", "每餐8元", "文教"):
        assert words in page
    assert 'href="../../ratings/new?about=service:meals"' in page
    assert 'href="../../duties/utilities/"' in page
    assert 'href="tel:07970000121"' in page


def test_a_service_leads_on_to_what_it_allows_with_the_form_filled_in(circle: Circle):
    def page_of(**more: Any) -> str:
        meals = replace(circle.services["meals"], **more)
        return make(replace(circle, services={"meals": meals}), None, TODAY).pages[
            "services/meals.md"
        ]

    assert "issues/new" not in page_of()
    page = page_of(online=("repair", "booking"), problem="noise")
    where = "service=booking%3Ameals&amp;category=noise&amp;community_id=jingui"
    assert f'href="../../issues/new?{where}">在网上预约</a>' in page
    assert "在网上报修" in page
    assert "在网上咨询" not in page
    # Where it is done in several communities, or in no place at all, the resident says where.
    assert "community_id" not in page_of(online=("repair",), venues=())


def test_a_service_of_every_week_says_until_when_and_what_comes_after(circle: Circle):
    weekly = replace(
        circle.services["meals"],
        book_by=WeekTime(4, time(17)), served=WeekTime(5, time(8)),
    )  # fmt: skip
    changed = replace(circle, services={"meals": weekly})
    page = make(changed, None, date(2026, 12, 4)).pages["services/meals.md"]
    assert "<span>12月4日 周五</span>" in page
    assert "<strong>17:00</strong> <span>前约</span>" in page
    assert "12月5日 周六 08:00起办" in page
    assert "排到12月12日 周六" in page
    page = make(changed, None, date(2026, 12, 31)).pages["services/meals.md"]
    assert "<span>1月1日 周五</span>" in page
    assert "1月2日 周六 08:00起办" in page
    assert "前约" not in make(circle, None, TODAY).pages["services/meals.md"]


def test_the_index_of_services_has_all_four_categories_even_when_empty(site: Site):
    index = site.parts["services-index"]
    kinds = {"报修": "城管", "调解和法律": "综治", "清运疏通": "环境整治", "孩子和老人": "文教"}
    shown, _, folded = index.partition("<summary>详细</summary>")
    for kind, office in kinds.items():
        assert f"<h2>{kind}</h2>" in shown
        assert f"{kind}（{office}）" in folded
    assert index.count("这一类暂时没有服务") == 3


def test_a_place_shows_its_services_and_the_next_thirty_days(site: Site):
    page = site.pages["venues/hall.md"]
    assert "长者午餐" in page
    assert "11月25日 周三 15:00" in page
    assert "12月23日 周三 15:00" in page
    assert "12月30日" not in page
    assert 'href="../../ratings/new?about=venue:hall"' in page


def test_a_place_where_nothing_is_on_says_so(site: Site):
    page = site.pages["venues/yard.md"]
    assert "今后30天这里没有安排活动" in page
    assert "没有登记固定的服务" in page


def test_a_units_page_gives_each_duty_with_what_it_rests_on(site: Site):
    page = site.pages["duties/utilities.md"]
    assert "维护路灯（依据：法律法规、待本单位确认，示例条例）" in page
    assert "示例" in page
    assert "路灯照明" in page
    assert "包片干部" in page
    assert 'href="../../duties/police/"' in page


def test_a_unit_without_duties_or_officers_says_so(site: Site):
    page = site.pages["duties/police.md"]
    assert "职责还没有填写" in page
    assert "没有登记包片人员" in page
    assert "tag-sample" not in page


def test_partners_stand_apart_from_departments(site: Site):
    index = site.parts["duties-index"]
    assert index.index("区级部门和镇街") < index.index("区公管处") < index.index("结对共建单位")
    assert index.index("结对共建单位") < index.index("示例小学")


def test_a_kind_of_problem_leads_to_its_unit(site: Site):
    table = site.parts["duties-by-category"]
    assert re.search(r"路灯照明.*区公管处.*0797-0000-111", table, re.DOTALL)


def test_residents_find_who_is_responsible_by_their_own_words(site: Site):
    whose = site.parts["duties-whose"]
    light = whose.partition("路灯照明")[2].partition("</li>")[0]
    assert "归<a" in light
    assert "区公管处" in light
    assert "issues/new?category=light" in light
    assert "0797-0000-111" in light


def test_the_organisations_hang_below_one_another(site: Site):
    tree = site.parts["organization"]
    assert tree.index("街道大工委") < tree.index("金桂大党委")
    assert tree.count("<ul>") == tree.count("</ul>") == 2


def test_the_committee_and_who_works_for_the_circle_alone_are_told_by_post(site: Site):
    assert re.search("区公管处.*分管领导.*0797-0000-171", site.parts["committee"], re.DOTALL)
    assert re.search("金桂社区.*特岗.*0797-0000-181", site.parts["dedicated"], re.DOTALL)
    assert "分管领导" in site.pages["duties/utilities.md"]
    assert "分管领导" not in site.pages["duties/police.md"]


def test_a_circle_that_named_nobody_says_so(circle: Circle):
    made = make(replace(circle, committee=(), dedicated=()), None, TODAY)
    assert "还没有登记兼职委员" in made.parts["committee"]
    assert "还没有登记" in made.parts["dedicated"]


def test_everything_that_can_be_rated_is_listed(site: Site):
    index = site.parts["rate-index"]
    for about in ("service:meals", "activity:choir", "venue:hall", "venue:yard"):
        assert f"ratings/new?about={about}" in index


def test_what_the_data_say_is_never_markup(circle: Circle):
    nasty = replace(
        circle,
        name=NASTY,
        communities={k: replace(v, name=NASTY) for k, v in circle.communities.items()},
        categories={k: replace(v, name=NASTY) for k, v in circle.categories.items()},
        departments={
            k: replace(v, name=NASTY, duties=(Duty(NASTY, "S", NASTY),), phone=NASTY)
            for k, v in circle.departments.items()
        },
        zones=tuple(replace(zone, officer_role=NASTY) for zone in circle.zones),
        committee=tuple(replace(one, post=NASTY, phone=NASTY) for one in circle.committee),
        dedicated=tuple(replace(one, post=NASTY, phone=NASTY) for one in circle.dedicated),
        organizations={
            k: replace(v, name=NASTY, duty=NASTY, members=(NASTY,))
            for k, v in circle.organizations.items()
        },
        venues={
            k: replace(v, name=NASTY, address=NASTY, accessibility=NASTY)
            for k, v in circle.venues.items()
        },
        services={
            k: replace(
                v,
                name=NASTY,
                description=NASTY,
                documents=(NASTY,),
                fees=NASTY,
                application_process=NASTY,
                schedules=NASTY,
                organization=NASTY,
            )
            for k, v in circle.services.items()
        },
        activities={
            k: replace(v, summary=NASTY, audience=NASTY, description=NASTY)
            for k, v in circle.activities.items()
        },
    )
    made = make(nasty, None, TODAY)
    bodies = [text.partition("\n---\n")[2] for text in made.pages.values()]
    for html in [*bodies, *made.parts.values()]:
        assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *x* &amp;" in made.pages["services/meals.md"]


def test_front_matter_holds_any_title(circle: Circle):
    title = 'a: "b" # \\ {c} \n---\n 😀'
    named = replace(circle.services["meals"], name=title, description=title)
    page = make(replace(circle, services={"meals": named}), None, TODAY).pages["services/meals.md"]
    front = yaml.safe_load(page.split("\n---\n")[0].removeprefix("---\n"))
    assert front["title"] == title
    assert front["parents"] == [{"path": "services/", "title": "服务清单"}]


def every_html(site: Site) -> Iterator[str]:
    yield from site.parts.values()
    for text in site.pages.values():
        yield text.partition("\n---\n")[2].strip()


def test_no_blank_line_ends_an_html_block_in_markdown(site: Site):
    for html in every_html(site):
        assert "\n\n" not in html
        assert html == "" or html.startswith("<")


class _Balance(HTMLParser):
    VOID = ("br", "hr", "img", "input", "link", "meta")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (HTMLParser's)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed(site: Site):
    for html in every_html(site):
        balance = _Balance()
        balance.feed(html)
        assert balance.open == []


def test_links_become_relative_to_the_page_that_carries_them():
    html = f'<a href="{SITE_ROOT}services/meals/">'
    assert resolve(html, "index.md") == '<a href="./services/meals/">'
    assert resolve(html, "rate.md") == '<a href="../services/meals/">'
    assert resolve(html, "calendar/index.md") == '<a href="../services/meals/">'
    assert resolve(html, "services/meals.md") == '<a href="../../services/meals/">'


@pytest.mark.slow
def test_pages_and_parts_can_be_written_for_another_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CIRCLE_DATA", str(COMMUNITY.parent))
    monkeypatch.setenv("SITE_TODAY", "2026-11-23")
    assert main([str(tmp_path)]) == 0
    expected = make(load(COMMUNITY), None, TODAY, streets=partial(read_streets, COMMUNITY))
    for path, text in expected.pages.items():
        assert (tmp_path / path).read_text(encoding="utf-8") == text
    assert (tmp_path / "parts" / "flowchart.html").exists()
    assert (tmp_path / "calendar" / "jingui.ics").exists()


def test_writing_without_a_folder_explains_itself(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert "输出文件夹" in capsys.readouterr().err


def test_data_that_cannot_be_used_are_refused_with_every_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path))
    assert main([str(tmp_path / "out")]) == 1
    assert "community" in capsys.readouterr().err


def test_a_door_is_shown_where_somebody_looks_for_it(circle: Circle) -> None:
    def made(file: str) -> Site:
        hall = replace(circle.venues["hall"], door=Door(file, "红色的门，右边有坡道", 320, 180))
        return make(replace(circle, venues={**circle.venues, "hall": hall}), None, TODAY,
                    doors=lambda door: door.file.encode())  # fmt: skip

    drawn = made("hall.svg")
    page = drawn.pages["venues/hall.md"]
    assert 'src="../../doors/hall.svg" alt="红色的门，右边有坡道" width="320" height="180"' in page
    assert "看看门口" not in page
    assert drawn.files["doors/hall.svg"] == b"hall.svg"
    # A photo costs nothing before somebody asks for it.
    photo = made("hall.jpg").pages["venues/hall.md"]
    assert "<summary>看看门口（照片）</summary>" in photo
    assert photo.index("<summary>看看门口") < photo.index("doors/hall.jpg")
    assert "doors/" not in make(circle, None, TODAY).pages["venues/hall.md"]


def test_what_stands_below_a_door_is_no_answer_to_a_search(circle: Circle) -> None:
    hall = replace(circle.venues["hall"], door=Door("hall.svg", "红色的门", 320, 180))
    sample = replace(circle, venues={**circle.venues, "hall": hall}, sample=True)
    drawn = make(sample, None, TODAY, doors=lambda door: door.file.encode())
    below = [page for page in drawn.pages.values() if "示例画，不是照片" in page]
    assert len(below) > 1
    for page in below:
        searched = read_page(f"<body><main>{page}</main>").text
        assert len(searched) > 20
        assert "示例画" not in searched
