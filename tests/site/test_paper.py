"""What is made to be printed: codes that can be read, weeks that stay one sheet, honest gaps."""

import re
from datetime import date

import pytest
from msgspec.structs import replace
from pages import Site, make, programmes
from pages.programmes import PAPERS, arrange
from pages.rendering import ROOT

from forms_app.community import Circle
from forms_app.rules.worktime import Clocks, DutyHours
from tests.support.places import activity, circle, estate, gate, room
from tests.support.qr_reader import drawn, read_dots
from tests.support.running import ROOT as PROJECT

TODAY = date(2026, 11, 24)
DOCS = PROJECT / "site" / "docs"
HOME = "https://circle.example.cn/huang"
A4, A3 = PAPERS


@pytest.fixture(scope="module")
def site(sample_circle: Circle) -> Site:
    return make(sample_circle, None, TODAY, HOME)


def sheets(site: Site) -> dict[str, str]:
    return {path: text for path, text in site.pages.items() if path.startswith("print/")}


def codes_on(text: str) -> list[str]:
    return re.findall(r"<svg[^>]*class=\"qr\".*?</svg>", text)


def read(svg: str) -> str:
    (said,) = read_dots(drawn(svg))
    return said


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("print/poster/jingui.md", "issues/new?community_id=jingui"),
        ("print/poster/yinxing.md", "issues/new?community_id=yinxing"),
        ("print/near/cuihu.md", "near/cuihu/"),
        ("print/cards/jingui.md", "issues/new?community_id=jingui"),
        ("print/tickets/jingui.md", "issues/"),
        ("print/rating/service/mediation.md", "ratings/new?about=service:mediation"),
        ("print/rating/activity/choir.md", "ratings/new?about=activity:choir"),
        ("print/rating/venue/jingui_hall.md", "ratings/new?about=venue:jingui_hall"),
        ("print/rating/blank.md", "rate/"),
        ("print/week/yinxing-a4.md", "calendar/"),
        ("print/week/yinxing-a3.md", "calendar/"),
    ],
)
def test_a_code_is_read_as_the_address_it_stands_for(site: Site, path: str, leads_to: str) -> None:
    found = codes_on(site.pages[path])
    assert found
    assert {read(svg) for svg in set(found)} == {f"{HOME}/{leads_to}"}


def test_without_a_public_address_no_sheet_has_a_code_and_each_says_why(
    sample_circle: Circle,
) -> None:
    for path, text in sheets(make(sample_circle, None, TODAY)).items():
        assert not codes_on(text), path
        assert "http" not in text, path
        if path != "print/duties.md":
            assert "还没有设置网址" in text, path


def test_every_sheet_says_on_which_day_it_was_made_and_that_it_is_a_sample(site: Site) -> None:
    for path, text in sheets(site).items():
        assert "11月24日生成" in text, path
        assert "示例" in text, path


def test_real_data_are_not_called_a_sample(sample_circle: Circle) -> None:
    made = make(replace(sample_circle, sample=False), None, TODAY, HOME)
    assert "请不要张贴" not in "".join(sheets(made).values())


def test_each_community_has_its_own_hotline_on_what_it_hands_out(
    site: Site, sample_circle: Circle
) -> None:
    for community in sample_circle.communities.values():
        other = next(c for c in sample_circle.communities.values() if c != community)
        for path in (f"poster/{community.id}", f"cards/{community.id}", f"tickets/{community.id}"):
            assert community.hotline in site.pages[f"print/{path}.md"]
            assert other.hotline not in site.pages[f"print/{path}.md"]


def test_the_poster_promises_the_minutes_that_the_office_has_set(sample_circle: Circle) -> None:
    slower = replace(sample_circle, clocks=replace(Clocks(), opinion_minutes=25))
    poster = make(slower, None, TODAY).pages["print/poster/jingui.md"]
    assert "25分钟内答复" in poster
    assert "10分钟" not in poster


PROMISED = re.compile("10分钟内?(?:答复|有回音|有人给您)")


def test_where_nobody_is_there_at_night_no_page_promises_minutes_at_any_hour(
    sample_circle: Circle,
) -> None:
    """Made or written by hand: the same sentence says 值班. Figures count and promise nothing."""
    duty = DutyHours(((510, 1050),), workdays_only=True)
    made = make(replace(sample_circle, clocks=Clocks(duty=duty)), None, TODAY)
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    texts = {**made.pages, **made.parts, **written}
    seen = set()
    for name, text in texts.items():
        words = re.sub("<br>|</?(?:span|strong|small)[^>]*>", "", text)
        for sentence in re.split("[。\n]|<[^>]*>", words):
            if PROMISED.search(sentence) and "figures" not in name:
                seen.add(name)
                assert "值班" in sentence, (name, sentence)
    assert {"print/poster/jingui.md", "print/cards/jingui.md", "home-top", "print-index"} <= seen
    for name in ("poster", "cards"):
        assert "工作日08:30至17:30" in made.pages[f"print/{name}/jingui.md"]


def test_eight_cards_and_four_ratings_come_from_a_sheet(site: Site) -> None:
    assert site.pages["print/cards/jingui.md"].count('class="cut"') == 8
    assert site.pages["print/tickets/jingui.md"].count('class="cut"') == 8
    rating = site.pages["print/rating/service/mediation.md"]
    assert rating.count('class="cut"') == 4
    for words in ("非常满意", "基本满意", "非常不满意", "service:mediation"):
        assert rating.count(words) >= 4


def test_a_ticket_card_has_a_box_for_each_character_of_a_ticket(site: Site) -> None:
    boxes = re.findall(
        r'class="ticket-boxes">((?:<span></span>)+)', site.pages["print/tickets/jingui.md"]
    )
    assert [row.count("<span>") for row in boxes] == [6, 4, 4, 4] * 8


def test_everything_that_is_printed_is_reached_from_the_list(site: Site) -> None:
    listed = set(re.findall(rf'href="{ROOT}(print/[^"]+)"', site.parts["print-index"]))
    assert listed == {f"{path.removesuffix('.md')}/" for path in sheets(site)}


def test_the_duty_list_holds_every_duty_every_phone_and_every_officer(
    site: Site, sample_circle: Circle
) -> None:
    text = site.pages["print/duties.md"]
    for unit in sample_circle.departments.values():
        assert unit.name in text
        assert unit.phone in text
        assert all(duty.text in text for duty in unit.duties)
    for zone in sample_circle.zones:
        assert zone.officer_role in text
        assert zone.phone in text


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_the_fuller_the_week_the_smaller_the_type_and_never_less_than_fits(
    paper: programmes.Paper,
) -> None:
    order = [layout.name for layout in paper.layouts]
    before = (0, 0)
    for each_day in range(1, 60):
        layout, most = arrange([each_day] * 7, paper)
        assert most == each_day or layout is paper.layouts[-1]
        now = (order.index(layout.name), -most if most < each_day else -10_000)
        assert now[0] >= before[0]
        before = now
    assert before[0] == len(order) - 1
    assert 0 < -before[1] < 59


def test_a_quiet_week_has_the_largest_type() -> None:
    assert arrange([1, 0, 1, 0, 0, 2, 0], A4)[0].name == "huge"
    assert arrange([0] * 7, A3)[0].name == "huge"


def crowded(each_day: int) -> Circle:
    """A community with so many activities a day, at three places with long names."""
    rooms = [
        replace(room(f"r{n}"), name=f"示例社区党群服务中心{n}号多功能活动室") for n in range(3)
    ]
    daily = [
        replace(
            activity(f"r{n % 3}", hour=8 + n // 5),
            uid=f"daily_{n}",
            summary=f"第{n}期老年人智能手机使用与防诈骗知识公益讲座",
            rrule="FREQ=DAILY;COUNT=21",
        )
        for n in range(each_day)
    ]
    return circle([estate()], [gate()], rooms, activities=daily)


@pytest.mark.slow
def test_what_does_not_fit_is_counted_and_not_lost() -> None:
    page = make(crowded(40), None, TODAY, HOME).pages["print/week/jingui-a4.md"]
    for week in page.split("<section")[1:]:
        shown = week.count('class="when"')
        left_out = sum(int(n) for n in re.findall(r"另?有(\d+)场，见日历", week))
        assert shown + left_out == 7 * 40
        assert shown > 20


def test_a_cancelled_time_says_so_on_paper() -> None:
    off = replace(activity(status="CANCELLED"), summary="合唱")
    made = make(circle([estate()], [gate()], [room()], activities=[off]), None, TODAY)
    for size in ("a4", "a3"):
        page = made.pages[f"print/week/jingui-{size}.md"]
        assert re.search(r"<s>合唱</s>\s*<span[^>]*>已取消", page)


def test_a_community_without_activities_says_so() -> None:
    empty = circle([estate()], [gate()], [room()])
    page = make(empty, None, TODAY).pages["print/week/jingui-a3.md"]
    assert page.count("这一周还没有安排活动") == 2
