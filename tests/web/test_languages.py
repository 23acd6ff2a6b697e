"""The forms in English: chosen by a link, complete, and never forced upon anybody."""

import gettext
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from forms_app.rules.said import Said, from_json, named, said, to_json
from forms_app.web.words import left_words
from scripts.catalogue import po_file
from scripts.texts import HAN
from tests.support.web import House, Visitor

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
# A name may be broken between its phrases.
_PHRASE = re.compile('<span class="phrase">(.*?)</span>')


def english(visitor: Visitor) -> Visitor:
    visitor.get("/language?to=en&back=")
    return visitor


class Reader(HTMLParser):
    """The words of a page outside of elements that say they are Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_chinese = (given.get("lang") or "").startswith("zh") or any(
            kept for _, kept in self.open
        )
        if not is_chinese:
            read_out = ("title", "alt", "aria-label", "placeholder")
            self.words += [given[name] or "" for name in read_out if name in given]
        if tag not in ("meta", "link", "input", "img", "br", "circle", "path"):
            # What stands in a field will be sent and kept, as it is.
            self.open.append((tag, is_chinese or tag == "textarea"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        depth = len(self.open)
        self.handle_starttag(tag, attrs)
        del self.open[depth:]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(kept for _, kept in self.open):
            self.words.append(data)


def chinese_on(page: str, *data: str) -> list[str]:
    """What a page says in Chinese without saying so, but for the office's own names."""
    reader = Reader()
    reader.feed(_PHRASE.sub(r"\1", page))
    for name in sorted(data, key=len, reverse=True):
        reader.words = [words.replace(name, "") for words in reader.words]
    return [words.strip() for words in reader.words if HAN.search(words)]


def names_of(house: House) -> list[str]:
    circle = house.circle
    named = [*circle.communities.values(), *circle.estates.values()]
    return [circle.name, *filter(None, circle.masthead), *(one.name for one in named)]


def translated_name(name: str) -> str:
    return getattr(name, "english", "")


def test_pages_are_chinese_whatever_the_browser_prefers(house: House) -> None:
    page = house.visitor().get("/issues/new", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="zh-CN">' in page.text
    assert "<h1>说件事</h1>" in page.text


def test_the_link_changes_the_language_and_comes_back_to_the_very_same_page(house: House) -> None:
    visitor = house.visitor()
    path = "/issues/new?community_id=yinxing"
    link = re.search(r'href="(/language\?to=en[^"]*)"', visitor.get(path).text)
    assert link is not None
    back = visitor.get(link[1].replace("&amp;", "&"))
    assert (back.status_code, unquote(back.headers["Location"])) == (303, path)
    page = visitor.get(path)
    assert '<html lang="en">' in page.text
    assert "<h1>Report a problem</h1>" in page.text
    assert visitor.get("/language?to=zh&back=issues/").headers["Location"] == "/issues/"
    assert '<html lang="zh-CN">' in visitor.get("/issues/").text


@pytest.mark.parametrize("to", ["", "xx", "../en", "zh"])
def test_a_language_that_there_is_not_is_chinese(house: House, to: str) -> None:
    visitor = english(house.visitor())
    visitor.get("/language", query_string={"to": to, "back": ""})
    assert '<html lang="zh-CN">' in visitor.get("/issues/").text


@pytest.mark.parametrize("back", ["//evil.example", "\\evil.example", "https://evil.example"])
def test_the_link_never_leads_elsewhere(house: House, back: str) -> None:
    answer = house.visitor().get("/language", query_string={"to": "en", "back": back})
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_caches_are_told_that_a_page_depends_on_the_cookie(house: House) -> None:
    for path in ("/issues/new", "/search", "/nowhere"):
        assert "Cookie" in house.visitor().get(path).headers["Vary"]
    assert "Cookie" not in house.visitor().get("/static/site.css").headers.get("Vary", "")


@pytest.mark.parametrize(
    "path",
    ["/issues/new", "/issues/", "/search", "/search?q=a", "/nowhere", "/answer/",
     "/ratings/thanks"],
)  # fmt: skip
def test_a_page_in_english_has_no_chinese_left(house: House, path: str) -> None:
    page = english(house.visitor()).get(path)
    assert chinese_on(page.text, *names_of(house)) == []


def test_kinds_have_the_names_that_the_office_gave_them_in_english(house: House) -> None:
    kind = house.circle.categories["street_light"]
    assert (kind.name, translated_name(kind.name)) == ("路灯照明", "Street lights")
    for path in ("/issues/new", "/search"):
        page = english(house.visitor()).get(path).text
        assert "Street lights" in page
        assert kind.name not in page
        assert kind.name in house.visitor().get(path).text
    answer = english(house.visitor()).get("/search?q=路灯坏了归谁管").text
    assert "<p>Street lights</p>" in answer


def test_a_kind_without_an_english_name_keeps_its_own() -> None:
    assert translated_name(named("燃气", "")) == ""
    assert named("燃气", "") == "燃气"


def test_what_has_a_frame_in_english_is_led_to_there(house: House) -> None:
    page = english(house.visitor()).get("/issues/").text
    for path in ("calendar", "near", "services"):
        assert f'href="/en/{path}/"' in page
        assert f'href="/{path}/"' not in page
        assert f'href="/{path}/"' in house.visitor().get("/issues/").text


def test_links_to_chinese_pages_say_so(house: House) -> None:
    page = english(house.visitor()).get("/issues/").text
    for path in ("venues", "duties", "handbook", "about/privacy"):
        (tag, words), *_ = re.findall(rf'<a href="/{path}/"([^>]*)>(.*?)</a>', page, re.S)
        assert 'hreflang="zh-CN"' in tag
        assert "(in Chinese)" in words
    assert "hreflang" not in re.search(r'<a href="/search"([^>]*)>', page)[1]  # type: ignore[index]
    assert "（中文）" not in house.visitor().get("/issues/").text


def test_what_is_wrong_with_a_form_is_said_in_english(house: House) -> None:
    visitor = english(house.visitor())
    page = visitor.fill("/issues/new", {"description": "x" * 10_001, "reporter_phone": "abc"})
    assert page.status_code == 422
    assert "At most 10000 characters; this has 10001." in page.text
    assert "things to put right" in page.text
    assert chinese_on(page.text, *names_of(house)) == []


def test_a_problem_is_followed_in_english_with_what_was_written_marked_as_chinese(
    house: House,
) -> None:
    visitor = english(house.visitor())
    number, ticket = visitor.report(description="The lamp is dark")
    page = visitor.get(f"/issues/{number}")
    assert f"Problem {number}" in page.text
    assert "<h1>Received; you will be answered in a moment</h1>" in page.text
    assert "We have received your problem." in page.text
    assert chinese_on(page.text, *names_of(house)) == []
    assert ticket


def test_a_long_history_is_followed_in_english(house: House) -> None:
    number = house.number("楼上漏水")
    holder = english(house.holder(number))
    issue = house.issue(number)
    told = (issue.description, issue.location)
    page = holder.get(f"/issues/{number}")
    assert "Give this verdict" in page.text
    assert re.search(r'<p>First answer</p>\s*<p lang="zh-CN">社区答复您：', page.text)
    assert chinese_on(page.text, *told, *names_of(house)) == []


def test_a_notice_is_said_in_the_language_of_who_pressed(house: House) -> None:
    visitor = english(house.visitor())
    number, _ = visitor.report(description="The lamp is dark")
    visitor.fill(f"/issues/{number}/withdraw", {"reason": "mended"})
    assert "you can do so on this page" in visitor.get(f"/issues/{number}").text
    assert house.entries(number)[-1].resident_line == "您已撤回。"


def test_what_somebody_wrote_is_never_taken_for_a_text_of_ours(house: House) -> None:
    visitor = english(house.visitor())
    number, _ = visitor.report(description="<b>100% %(x)s</b>")
    page = visitor.get(f"/issues/{number}")
    assert "&lt;b&gt;100% %(x)s&lt;/b&gt;" in page.text


def test_lengths_of_time_are_put_together_anew() -> None:
    with po_file("en").with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    words = left_words(NOW - timedelta(hours=1, minutes=20), NOW)
    assert words == "超时1小时20分"
    assert isinstance(words, Said)
    assert catalogue.gettext(words.template) == "%(length)s late"


def test_a_sentence_is_a_text_like_any_other() -> None:
    sentence = said("共%(count)s户", count=3)
    assert sentence == "共3户"
    assert (sentence.template, sentence.values) == ("共%(count)s户", {"count": 3})


def test_a_sentence_from_another_process_is_put_together_anew() -> None:
    sentence = said("这是%(kind)s，%(count)s行", kind=said("图片"), count=3)
    back = from_json(json.loads(json.dumps(to_json(sentence))))
    assert back == sentence == "这是图片，3行"
    assert isinstance(back, Said)
    assert back.template == sentence.template
    assert isinstance(back.values["kind"], Said)
    assert from_json(to_json("图片")) == "图片"
