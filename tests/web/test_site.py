"""What a visitor gets of the published site: the right file, the right type, and nothing else."""

import gzip
import json
import os
import shutil
from math import inf
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from forms_app.community import Circle
from forms_app.community.current_circle import CurrentCircle
from forms_app.formats.page_text import read_page
from forms_app.settings import Settings
from forms_app.web.languages import speak
from forms_app.web.search.entries import Entry
from forms_app.web.search.marking import marked, snippet
from forms_app.web.search.question import SameWords, read_question
from forms_app.web.search.ranking import rank
from forms_app.web.site import blueprint
from forms_app.web.words import FILTERS
from tests.support.running import ROOT
from tests.support.web import NOW

REPOSITORY = ROOT

HOME = '<!doctype html>\n<html lang="zh-CN">\n<head></head><body><main>首页</main></body></html>\n'
NEAR = HOME.replace("首页", "老人助餐点" * 200)
NOT_FOUND = HOME.replace("首页", "没有这一页")
CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def write_release(settings: Settings, name: str = "one", home: str = HOME) -> Path:
    site = settings.build / "releases" / name / "site"
    (site / "near" / "oak").mkdir(parents=True)
    (site / "static").mkdir()
    (site / "index.html").write_text(home)
    (site / "404.html").write_text(NOT_FOUND)
    (site / "near" / "index.html").write_text(NEAR)
    (site / "near" / "index.html.gz").write_bytes(gzip.compress(NEAR.encode(), mtime=0))
    (site / "near" / "oak.ics").write_text(CALENDAR, newline="")
    (site / "static" / "site.abc.css").write_text("main { margin: 0 }")
    (site / ".hidden").write_text("hidden")
    words = [
        {"url": "", "title": "首页", "text": "欢迎来到示例社区。"},
        {"url": "venues/", "title": "身边的温室", "text": "兰花温室在<一楼>，Wi-Fi 免费。"},
        {"url": "words/", "title": "说明", "text": "这里说明兰花和温室从哪里来。"},
    ]
    (site.parent / "search.json").write_text(json.dumps(words, ensure_ascii=False))
    link = settings.build / "new-site"
    link.symlink_to(site.relative_to(settings.build), target_is_directory=True)
    link.replace(settings.build / "site")
    return site


@pytest.fixture
def app(settings: Settings, sample_circle: Circle) -> Flask:
    """The published site with the app's templates, the sample data and nothing else of the app."""
    # A folder of its own: Flask's /static would stand before the site's.
    app = Flask(__name__, static_folder=None, root_path=str(settings.root))
    places = (REPOSITORY / "forms_app" / "templates", REPOSITORY / "site" / "overrides")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(place) for place in places])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(FILTERS)
    app.extensions["circle"] = CurrentCircle(settings.community_dir, sample_circle, inf)
    app.extensions["clock"] = lambda: NOW
    speak(app)

    def framed(partial: str) -> Markup:
        drawn = app.jinja_env.get_template(partial).render(
            root="/", here="search", back="search", circle_name="示例社区",
            masthead=("", "示例社区"), menu_pages=[],
            hotlines=[], sample=True, elder=False, language="zh", other_language=None,
        )  # fmt: skip
        return Markup(drawn)  # noqa: S704 (our own templates)

    @app.context_processor
    def surroundings() -> dict[str, object]:
        return {
            "circle": sample_circle,
            "site_root": f"{request.script_root}/",
            "here": "search",
            "circle_name": "示例社区",
            "masthead": ("", "示例社区"),
            "menu_pages": [],
            "hotlines": [],
            "notices": [],
            "incidents": (),
            "incident_banners": lambda _: "",
            "elder": False,
            "sample": True,
            "language": "zh",
            "language_tag": "zh-CN",
            "other_language": None,
            "as_written": "",
            "asset": lambda name: f"/static/{name}",
            "framed": framed,
        }

    app.register_blueprint(blueprint(settings))
    return app


@pytest.fixture
def visitor(settings: Settings, app: Flask) -> FlaskClient:
    write_release(settings)
    return app.test_client()


def test_a_folder_answers_with_its_index(visitor: FlaskClient) -> None:
    response = visitor.get("/")
    assert response.status_code == 200
    assert response.text == HOME
    assert response.content_type == "text/html; charset=utf-8"
    assert visitor.get("/near/").text == NEAR


def test_head_answers_without_a_body(visitor: FlaskClient) -> None:
    response = visitor.head("/near/")
    assert (response.status_code, response.data) == (200, b"")
    assert int(response.headers["Content-Length"]) == len(NEAR.encode())


def test_a_folder_without_its_slash_leads_to_it(visitor: FlaskClient) -> None:
    response = visitor.get("/near?day=1")
    assert response.status_code == 301
    assert response.headers["Location"] == "near/?day=1"
    assert visitor.get("/near", follow_redirects=True).text == NEAR


def test_below_a_prefix_the_way_stays_below_it(settings: Settings, app: Flask) -> None:
    write_release(settings)
    nowhere = Flask("nowhere")
    visitor = Client(DispatcherMiddleware(nowhere, {"/circle": app}))
    location = visitor.get("/circle/near").headers["Location"]
    assert urljoin("http://localhost/circle/near", location) == "http://localhost/circle/near/"
    assert visitor.get("/circle/near/").text == NEAR
    found = visitor.get("/circle/search?q=兰花")
    assert 'href="/circle/venues/"' in found.text


def test_a_folder_without_index_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get("/near/oak/").status_code == 404
    assert visitor.get("/near/oak").status_code == 404


def test_an_unknown_page_answers_with_the_sites_own(visitor: FlaskClient) -> None:
    response = visitor.get("/no/such/page")
    assert response.status_code == 404
    assert response.text == NOT_FOUND
    assert response.content_type == "text/html; charset=utf-8"
    assert visitor.get("/index.html/").status_code == 404


@pytest.mark.parametrize(("path", "cookie"), [("/nowhere", "en"), ("/en/nowhere", "")])
def test_who_reads_english_gets_the_apps_page_instead(app: Flask, path: str, cookie: str) -> None:
    app.register_error_handler(404, lambda _error: ("the app's own page", 404))
    visitor = app.test_client()
    visitor.set_cookie("lang", cookie)
    response = visitor.get(path)
    assert (response.status_code, response.text) == (404, "the app's own page")


def test_without_a_site_the_app_answers(app: Flask) -> None:
    app.register_error_handler(404, lambda _error: ("the app's own page", 404))
    response = app.test_client().get("/")
    assert (response.status_code, response.text) == (404, "the app's own page")


@pytest.mark.parametrize(
    "path",
    [
        "/../search.json",
        "/near/../../search.json",
        "/%2e%2e/search.json",
        "/..%2fsearch.json",
        "/near/%2e%2e%2f%2e%2e%2fsearch.json",
        "/near/..%5c..%5csearch.json",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/near//etc/passwd",
        "/.hidden",
        "/near/%00",
        "/escape/passwd",
        "/escape.txt",
        "/" + "a" * 5000,
    ],
)
def test_nothing_outside_the_site_can_be_reached(
    settings: Settings, visitor: FlaskClient, path: str
) -> None:
    site = settings.build / "site"
    (site / "escape").symlink_to("/etc")
    (site / "escape.txt").symlink_to("/etc/passwd")
    response = visitor.get(path, follow_redirects=True)
    assert response.status_code == 404
    assert "root:" not in response.text
    assert "hidden" not in response.text
    assert "助餐" not in response.text


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/near/oak.ics", "text/calendar; charset=utf-8"),
        ("/static/site.abc.css", "text/css; charset=utf-8"),
    ],
)
def test_a_file_has_its_own_type(visitor: FlaskClient, path: str, content_type: str) -> None:
    assert visitor.get(path).content_type == content_type


def test_whoever_takes_gzip_gets_it(visitor: FlaskClient) -> None:
    zipped = visitor.get("/near/", headers={"Accept-Encoding": "br, gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data).decode() == NEAR
    assert zipped.content_type == "text/html; charset=utf-8"
    plain = visitor.get("/near/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert plain.text == NEAR
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert zipped.vary.as_set() == plain.vary.as_set() == {"accept-encoding", "cookie"}


def test_what_the_visitor_has_is_not_sent_again(visitor: FlaskClient) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Cookie": "elder=1"}):
        first = visitor.get("/near/", headers=headers)
        again = {**headers, "If-None-Match": first.headers["ETag"]}
        assert visitor.get("/near/", headers=again).status_code == 304
        assert first.headers["Cache-Control"] == "no-cache"
        since = {**headers, "If-Modified-Since": first.headers["Last-Modified"]}
        assert visitor.get("/near/", headers=since).status_code == 304


def test_wechats_browser_is_told_how_to_go_on_and_nothing_of_it_is_kept(
    visitor: FlaskClient,
) -> None:
    wechat = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50", "Accept-Encoding": "gzip"}
    page = visitor.get("/near/", headers=wechat)
    assert '<html lang="zh-CN" class="in-wechat">' in page.text
    assert "Set-Cookie" not in page.headers
    plain = visitor.get("/near/")
    assert "in-wechat" not in plain.text
    again = visitor.get("/near/", headers=wechat | {"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 200
    visitor.set_cookie("elder", "1")
    assert 'class="elder in-wechat"' in visitor.get("/near/", headers=wechat).text


def test_elders_get_their_version_without_script(visitor: FlaskClient) -> None:
    visitor.set_cookie("elder", "1")
    elder = visitor.get("/near/", headers={"Accept-Encoding": "gzip"})
    assert elder.text == NEAR.replace("<html lang", "<html lang", 1).replace(
        '<html lang="zh-CN">', '<html lang="zh-CN" class="elder">'
    )
    assert "Cookie" in elder.headers["Vary"]
    assert 'class="elder"' in visitor.get("/no/such/page").text
    assert visitor.get("/near/oak.ics").text == CALENDAR
    visitor.set_cookie("elder", "0")
    assert visitor.get("/near/").text == NEAR


def test_elders_class_joins_the_ones_that_are_there(settings: Settings, app: Flask) -> None:
    write_release(settings, home=HOME.replace('"zh-CN"', '"zh-CN" class="wide"'))
    visitor = app.test_client()
    visitor.set_cookie("elder", "1")
    assert '<html lang="zh-CN" class="elder wide">' in visitor.get("/").text


def test_a_new_release_is_up_at_once(settings: Settings, visitor: FlaskClient) -> None:
    assert visitor.get("/").text == HOME
    visitor.get("/search?q=示例")
    site = write_release(settings, "two", HOME.replace("首页", "第二版"))
    (site.parent / "search.json").write_text('[{"url": "new/", "title": "第二版", "text": "新词"}]')
    assert "第二版" in visitor.get("/").text
    assert "第二版" in visitor.get("/search?q=新词").text
    shutil.rmtree(settings.build / "releases" / "one")
    assert "没有找到" in visitor.get("/search?q=兰花").text


def test_titles_come_first_and_what_has_one_word_of_two_is_called_near(
    visitor: FlaskClient,
) -> None:
    response = visitor.get("/search?q=兰花 温室")
    assert response.status_code == 200
    assert "找到这些" in response.text
    assert response.text.index('href="/venues/"') < response.text.index('href="/words/"')
    assert "身边的<mark>温室</mark>" in response.text
    assert "<mark>兰花</mark><mark>温室</mark>在&lt;一楼&gt;" in response.text
    assert "没有一处同时有这几个词" in visitor.get("/search?q=兰花 鲸鱼").text


def test_case_makes_no_difference(visitor: FlaskClient) -> None:
    assert "<mark>Wi-Fi</mark>" in visitor.get("/search?q=wi-fi").text


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20"])
def test_without_words_nothing_is_looked_for(visitor: FlaskClient, query: str) -> None:
    response = visitor.get(f"/search{query}")
    assert response.status_code == 200
    assert "找到" not in response.text
    assert "邻居常找的" in response.text


def test_too_many_words_are_cut_kindly(visitor: FlaskClient) -> None:
    assert "太长" in visitor.get("/search?q=" + "词" * 101).text
    assert "没有找到" in visitor.get("/search?q=" + "词" * 100).text


def test_what_is_typed_comes_back_as_text(visitor: FlaskClient) -> None:
    response = visitor.get("/search?q=<script>alert(1)</script>")
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;" in response.text


def test_search_works_before_there_is_a_site(app: Flask) -> None:
    assert "没有找到" in app.test_client().get("/search?q=词").text


@pytest.mark.parametrize("left", [b"", b'[{"url"', b'[{"url": "x"}]', b"7"])
def test_search_works_with_words_that_a_power_cut_left_half_written(
    settings: Settings, app: Flask, left: bytes
) -> None:
    (write_release(settings).parent / "search.json").write_bytes(left)
    assert "没有找到" in app.test_client().get("/search?q=词").text


def entry(title: str, text: str) -> Entry:
    same = SameWords(())
    return Entry(title, "page", title, text, "x/", 1.0, (), same.one(title), same.one(text))


def found(known: list[Entry], typed: str) -> list[Entry]:
    return [one.entry for one in rank(known, read_question(typed, SameWords(())))]


def test_titles_come_before_texts() -> None:
    once = entry("甲", "托管")
    titled = entry("托管", "别的")
    assert found([once, titled, entry("乙", "别的")], "托管") == [titled, once]


def test_signs_of_regular_expressions_are_only_signs() -> None:
    assert marked("(a.b)*", ["(a.b)"]) == Markup("<mark>(a.b)</mark>*")
    assert found([entry("甲", "axb")], "a.b") == []


def test_a_word_within_another_is_marked_once() -> None:
    assert marked("养老服务", ["养老", "养老服务"]) == Markup("<mark>养老服务</mark>")


def test_a_snippet_shows_what_stands_around_the_word() -> None:
    text = "前" * 100 + "托管" + "后" * 200
    assert snippet(text, ["托管"]) == "…" + "前" * 30 + "<mark>托管</mark>" + "后" * 88 + "…"
    assert snippet("短文", ["没有"]) == "短文"


def test_the_words_of_a_page_are_those_of_its_main_part() -> None:
    html = """<html><head><title>标题 - 站名</title><style>x{}</style></head><body>
    <nav>菜单</nav><main id="main"><nav class="breadcrumb">首页<nav>内</nav></nav>
    <details class="toc"><details>目录</details></details>
    <h1>标<em>题</em><a class="headerlink" href="#x">¶</a></h1><p>甲<b>乙</b>丙<br>丁 &amp; 戊</p>
    <svg><text>图</text></svg><script>var x</script><table><tr><td>己</td><td>庚</td></tr></table>
    <details data-unsearched><summary>看表</summary><table><tr><td>9</td></tr></table></details>
    <h1>又一个</h1></main><footer>页脚</footer></body></html>"""
    words = read_page(html)
    assert (words.title, words.text) == ("标题", "甲乙丙 丁 & 戊 己 庚 又一个")


def test_a_page_without_heading_takes_its_title() -> None:
    words = read_page("<title>标题</title><main><p>字</p></main>")
    assert (words.title, words.text) == ("标题", "字")


def test_dates_of_files_are_those_of_the_release(settings: Settings, visitor: FlaskClient) -> None:
    os.utime(settings.build / "site" / "index.html", (1_700_000_000, 1_700_000_000))
    assert visitor.get("/").headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.mark.parametrize("typed", ["ｗｉｆｉ", "WIFI", "wi\u200bfi", "養老", "养老"])
def test_wide_traditional_and_invisible_characters_find_what_is_meant(typed: str) -> None:
    page = entry("养老服务站", "大厅有WiFi")
    assert found([page], typed) == [page]
    assert "<mark>" in marked("养老服务站，大厅有WiFi", [typed])


def test_what_is_marked_stays_as_it_was_written() -> None:
    assert marked("大廳有ＷｉＦｉ，20㎡", ["wifi", "大厅", "m2"]) == Markup(
        "<mark>大廳</mark>有<mark>ＷｉＦｉ</mark>，20<mark>㎡</mark>"
    )


def test_what_is_measured_is_found_behind_its_number_as_it_is_marked() -> None:
    hall = entry("大厅", "有20㎡")
    assert found([hall, entry("楼", "am2x")], "m2") == [hall]


@pytest.mark.parametrize("typed", ["。", "？！", "-", "\u200b"])
def test_punctuation_alone_finds_nothing(typed: str) -> None:
    page = entry("养老。服务-站", "？！")
    assert found([page], typed) == []
    assert marked("养老。", [typed]) == Markup("养老。")
