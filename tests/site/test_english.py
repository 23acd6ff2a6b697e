"""The frames in English: the same days, places and answers, with names as the office wrote them."""

import gzip
import re
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace
from pages import Site, make
from pages.done import Note
from pages.english import ACTIVITY_KINDS, BASES, MOST, SERVICE_KINDS
from pages.english_record import LINES
from pages.english_record import OUTCOMES as ENGLISH_OUTCOMES
from pages.funds import Book, Item, Line, Meeting, Money

from forms_app.community import ACTIVITY_CATEGORIES, Circle
from forms_app.community import SERVICE_KINDS as CHINESE_KINDS
from forms_app.radius import reach
from forms_app.rules.funds import ENTRY_LABELS
from forms_app.rules.meetings import OUTCOMES
from forms_app.rules.worktime import CHINA
from tests.web.test_languages import chinese_on

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def site(sample_circle: Circle) -> Site:
    return make(sample_circle, None, TODAY)


def frames(site: Site) -> dict[str, str]:
    return {path: text for path, text in site.pages.items() if path.startswith("en/")}


def test_each_estate_has_one_and_so_have_calendar_and_services(
    site: Site, sample_circle: Circle
) -> None:
    near = {f"en/near/{estate_id}.md" for estate_id in sample_circle.estates}
    assert set(frames(site)) == near | {
        f"en/{name}.md" for name in ("calendar", "services", "done", "funds")
    }


def test_every_chinese_name_says_that_it_is_one(site: Site) -> None:
    index = site.parts["near-index-en"]
    for path, text in {**frames(site), "index": index}.items():
        assert chinese_on(text.partition("\n---\n")[2] or text) == [], path
        assert 'lang: "en"' in text or path == "index"


def test_the_days_of_two_weeks_are_told_with_weekdays_and_kinds(site: Site) -> None:
    text = site.pages["en/calendar.md"]
    days = re.findall(r"<h2>(.*?)</h2>", text)
    assert days[0].endswith("(today)")
    assert all(re.fullmatch(r"[A-Z][a-z]+day, \d+ [A-Z][a-z]+( \(today\))?", day) for day in days)
    assert len(days) <= 14
    assert "Cancelled" in text or "Moved to" in text


def test_words_for_every_kind_and_answer_there_is() -> None:
    assert set(ACTIVITY_KINDS) == set(ACTIVITY_CATEGORIES)
    assert set(SERVICE_KINDS) == set(CHINESE_KINDS)
    assert set(BASES) == set(reach.BASES)
    assert set(ENGLISH_OUTCOMES) == set(OUTCOMES)


def test_a_cancelled_one_a_moved_one_and_a_whole_day_are_said_in_english(
    sample_circle: Circle,
) -> None:
    first = next(iter(sample_circle.activities.values()))

    def one(uid: str, hour: int, **changed: object) -> object:
        start = datetime(2026, 11, 24, hour, tzinfo=CHINA)
        plain = replace(
            first, uid=uid, summary=uid, dtstart=start, duration=timedelta(hours=1), rrule="",
            rule="", exdate=(), rdate=(), reasons=(), status="CONFIRMED",
        )  # fmt: skip
        return replace(plain, **changed)  # type: ignore[arg-type]

    told = {
        "gone": one("gone", 9, status="CANCELLED"),
        "perhaps": one("perhaps", 10, status="TENTATIVE"),
        "whole": one("whole", 0, is_all_day=True, duration=timedelta(days=2)),
    }
    text = make(replace(sample_circle, activities=told), None, TODAY).pages["en/calendar.md"]
    assert "Cancelled" in text
    assert "not certain yet" in text
    assert "all day, until Wednesday, 25 November" in text


def test_of_very_many_activities_the_first_are_listed_and_the_page_stays_light(
    sample_circle: Circle,
) -> None:
    first = next(iter(sample_circle.activities.values()))
    start = datetime(2026, 11, 24, 9, tzinfo=CHINA)
    many = {
        f"a{place}": replace(
            first, uid=f"a{place}", summary=f"活动{place}", dtstart=start, rrule="", rule="",
            exdate=(), rdate=(), reasons=(),
        )
        for place in range(MOST + 7)
    }  # fmt: skip
    text = make(replace(sample_circle, activities=many), None, TODAY).pages["en/calendar.md"]
    assert "7 more stand in the calendar" in text
    assert len(gzip.compress(text.encode())) < 25_000


def test_without_anything_it_says_so(sample_circle: Circle) -> None:
    empty = replace(sample_circle, activities={}, services={})
    pages = make(empty, None, TODAY).pages
    assert "Nothing is planned" in pages["en/calendar.md"]
    assert "None at present" in pages["en/services.md"]
    assert "Nothing takes place within reach" in pages["en/near/guiyuan.md"]


def test_what_was_done_and_the_money_are_told_around_the_words_of_the_office(
    sample_circle: Circle,
) -> None:
    note = Note("jingui", "guiyuan", "noise", 1, "换了<灯>。", "2026-11-20", after="a.jpg")
    gone = replace(note, category="gone", days=0, after="")
    book = Book("jingui", 2026, 10_000_00, 0, 1_200_00, 8_800_00, ())
    items = (Item(1, "扶正路灯杆", "agreed", 2_000_00), Item(2, "加长椅", "later", 0))
    money = Money(
        (book, replace(book, book_id="yinxing", left=-1)),
        (Meeting("jingui", "2026-11-10", 21, 9, items),),
    )
    site = make(sample_circle, None, TODAY, notes=(note, gone), photos={"a.jpg": b"a"}, money=money)
    done, funds = site.pages["en/done.md"], site.pages["en/funds.md"]
    for words in ("done in 1 day<", "done on the same day", "换了&lt;灯&gt;。", 'alt="Afterwards"'):
        assert words in done, words
    for words in ("8,800.00", "8,799.99", "-0.01", "All communities", "2,000.00 yuan", "put off"):
        assert words in funds, words
    assert "about 9 in ten were satisfied" in funds
    assert "10 November 2026" in funds
    for text in (done, funds):
        assert chinese_on(text.partition("\n---\n")[2]) == []
        assert re.search(r'<a href="[^"]*jingui/"><span lang="zh-CN">', text)


def test_each_place_and_kind_has_a_page_of_its_own_in_english(sample_circle: Circle) -> None:
    note = Note("jingui", "guiyuan", "noise", 2, "换了灯。", "2026-11-20")
    lines = (
        Line(1, "2026-11-01", "granted", "街道拨付", 10_000_00, None),
        Line(2, "2026-11-12", "spent", "路灯", 1_200_00, None, "2026-11-10"),
        Line(3, "2026-11-12", "corrected", "", -200_00, 2),
    )
    money = Money(
        (Book("jingui", 2026, 10_000_00, 0, 1_000_00, 9_000_00, lines),),
        (Meeting("jingui", "2026-11-10", 21, None, (Item(1, "扶正灯杆", "agreed", 2_000_00),)),),
    )
    pages = make(
        sample_circle, None, TODAY, notes=(note, replace(note, category="gone")), money=money
    ).pages
    for path, words in {
        "en/done/jingui.md": ("done in 2 days", "换了灯。", "20 November 2026"),
        "en/done/kinds/noise.md": ("<h1>Noise: what was done</h1>", "金桂社区"),
        "en/funds/jingui.md": (
            "9,000.00 left", "No. 3, correction:", "No. 2 was wrong", "-200.00",
            "agreed at the meeting of 10 November 2026", "2,000.00 agreed by", "12 November 2026",
        ),
    }.items():  # fmt: skip
        text = pages[path].partition("\n---\n")[2]
        for word in words:
            assert word in text, (path, word)
        assert chinese_on(text) == [], path
        assert path.removeprefix("en/") in pages


def test_every_kind_of_line_has_its_english() -> None:
    assert set(LINES) == set(ENTRY_LABELS)


def test_as_long_as_nothing_is_told_both_say_so(site: Site) -> None:
    assert "Nothing is told yet" in site.pages["en/done.md"]
    assert "Nothing is told yet" in site.pages["en/funds.md"]
