"""Whatever arrives, the answer is a page in Chinese, nothing is lost that can be kept, and what is
kept is kept as it was written."""

import json
import re
import socket
from collections.abc import Iterator

import pytest

from forms_app.store.models import Entry, Issue, Rating
from tests.support.page_audit import flaws
from tests.support.running import Running, running
from tests.support.told import copy_demo
from tests.support.web import (
    PASSWORD,
    House,
    Visitor,
    errors_on,
    form_on,
    main_of,
    ticket_on,
)

pytestmark = pytest.mark.slow

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE issue; --",
    "{{ 7 * 7 }}{% for x in y %}",
    "</textarea><h1>x</h1>",
    "%s %(x)s {0} {note} {!r}",
    "\\u003cscript\\u003e &lt;b&gt; &amp;",
]


@pytest.fixture
def alice(house: House) -> Visitor:
    return house.visitor()


def told(house: House, number: str) -> str:
    return str(house.issue(number).description)


# Texts


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_and_code_in_every_field_are_kept_and_shown_as_they_were_written(
    house: House, alice: Visitor, text: str
) -> None:
    fields = {"description": text, "location": text, "reporter_name": text[:30]}
    number, _ = alice.report(**fields)
    issue = house.issue(number)
    assert (issue.description, issue.location, issue.reporter_name) == (
        text,
        text,
        text[:30].strip(),
    )
    leader, worker = house.staff("community_leader"), house.staff("worker")
    opinion = {"severity_class": "C", "urgency": "1", "initial_opinion": text}
    assert leader.move(number, "classify", opinion).status_code == 303
    me = next(
        v for v in form_on(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/assign")
        .options("lead") if v
    )  # fmt: skip
    assert leader.move(number, "assign", {"lead": me}).status_code == 303
    assert worker.move(number, "progress", {"note": text}).status_code == 303
    assert worker.move(number, "resolve", {"outcome": text}).status_code == 303
    verdict = {"satisfaction": "1", "comment": text}
    assert alice.fill(f"/issues/{number}", verdict, f"/issues/{number}/verdict").status_code == 303
    notes = [entry.note for entry in Entry.select().where(Entry.issue == issue)]
    assert notes.count(text) == 4
    for visitor, path in (
        (alice, f"/issues/{number}"),
        (leader, f"/staff/issues/{number}"),
        (leader, "/staff/"),
        (leader, "/staff/register"),
    ):
        page = visitor.get(path)
        assert page.status_code == 200
        wrong = [flaw for flaw in flaws(page.text) if "says {" not in flaw and "says }" not in flaw]
        assert wrong == []
        assert not re.search(r"<script>alert|<img src=x", page.text)
    assert Issue.select().count() > 10


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_and_code_in_a_refused_form_stay_what_was_written(alice: Visitor, text: str) -> None:
    answer = alice.fill("/issues/new", {"description": text, "reporter_phone": text[:20]})
    assert answer.status_code == 422
    assert form_on(answer, "/issues/new").value("description") == text
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    refused = alice.fill("/issues/", {"ticket": text})
    assert refused.status_code == 422
    assert form_on(refused, "/issues/").value("ticket") == text


@pytest.mark.parametrize("path", ["/search", "/staff/login", "/issues/new", "/ratings/new",
                                  "/ratings/thanks", "/elder", "/nowhere"])  # fmt: skip
@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_an_address_does_no_harm(alice: Visitor, path: str, text: str) -> None:
    query = dict.fromkeys(("q", "next", "about", "back", "community_id", "on"), text)
    answer = alice.get(path, query_string=query)
    assert answer.status_code in (200, 303, 404)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


def test_emoji_rare_characters_and_every_script_are_kept(house: House, alice: Visitor) -> None:
    text = "👵🏽👨‍👩‍👧 𠮷野家 㐂 ᠮᠣᠩᠭᠣᠯ བོད ئۇيغۇر é ﬀ ①"
    number, _ = alice.report(description=text)
    assert told(house, number) == text
    assert text in alice.get(f"/issues/{number}").text


def test_characters_nobody_can_see_are_dropped(house: House, alice: Visitor) -> None:
    number, _ = alice.report(description="灯\x00坏\x07了\x1b[31m\u202e倒\u2066过来\ufeff\x85")
    assert told(house, number) == "灯坏了[31m倒过来"


def test_a_tower_of_marks_over_other_lines_is_four_of_them(house: House, alice: Visitor) -> None:
    number, _ = alice.report(description="灯" + "\u0301\u0323" * 500 + "坏了，ก" + "\u0e47" * 90)
    assert told(house, number) == "灯" + "\u0301\u0323" * 2 + "坏了，ก" + "\u0e47" * 4


def test_line_breaks_are_kept_and_a_leading_one_survives_the_form(
    house: House, alice: Visitor
) -> None:
    answer = alice.fill("/issues/new", {"description": "第一行\r\n\r\n第三行\r第四行"})
    assert form_on(answer, "/issues/new").value("description") == "第一行\n\n第三行\n第四行"
    number, _ = alice.report(description="一\r\n二", location="一\n二")
    assert (told(house, number), house.issue(number).location) == ("一\n二", "一 二")


def test_the_longest_text_fits_and_one_more_letter_is_counted(house: House, alice: Visitor) -> None:
    number, _ = alice.report(description="长" * 10_000)
    assert len(told(house, number)) == 10_000
    refused = alice.fill("/issues/new", {"description": "😀" * 10_001, "consent": "y"})
    assert refused.status_code == 422
    assert "最多10000字，现在有10001字" in errors_on(refused)["description"]
    assert form_on(refused, "/issues/new").value("description") == "😀" * 10_001


# Bytes


@pytest.mark.parametrize(
    "body",
    [b"description=%FF%FE%ED%A0%80&community_id=jingui&consent=y",
     b"description=\xff\xfe\xed\xa0\x80&community_id=jingui&consent=y",
     b"description=%00%0&community_id=jingui&consent=y&%=&&&=&=="],
)  # fmt: skip
def test_bytes_that_are_no_text_break_nothing(house: House, alice: Visitor, body: bytes) -> None:
    token = alice.token().encode()
    answer = alice.client.post(
        "/issues/new",
        data=body + b"&csrf_token=" + token,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        told(house, answer.headers["Location"].rsplit("/", 1)[-1]).encode()
        assert alice.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/issues/%FF%FE", "/issues/%00", "/issues/%ED%A0%80", "/staff/issues/%00",
     "/staff/issues/%F0%9F%98%80", "/search?q=%FF", "/search?q=%00", "/ratings/new?about=%FF",
     "/staff/register?step=%FF", "/elder?back=%FF&on=1", "/%FF", "/%00", "/..%2f..%2fetc/passwd",
     "/issues/" + "9" * 5000, "/staff/issues/" + "9" * 5000, "/issues/260001%27%20OR%201=1"],
)  # fmt: skip
def test_broken_addresses_are_answered(house: House, path: str) -> None:
    for visitor in (house.visitor(), house.staff("street_leader")):
        answer = visitor.get(path)
        assert answer.status_code in (200, 303, 403, 404)
        assert answer.mimetype == "text/html"


def test_a_json_body_is_no_form(alice: Visitor) -> None:
    body = {"description": "x", "community_id": "jingui", "consent": "y"}
    for text in (json.dumps(body), "[1,2", "null", '{"a":' * 3000):
        answer = alice.client.post(
            "/issues/new", data=text, content_type="application/json",
            headers={"X-CSRFToken": alice.token()},
        )  # fmt: skip
        assert answer.status_code == 422
        assert set(errors_on(answer)) == {"description", "community_id"}


@pytest.mark.parametrize(
    "content_type",
    ["", "nonsense", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain",
     "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data; boundary="],
)  # fmt: skip
def test_a_body_of_any_other_kind_is_refused(alice: Visitor, content_type: str) -> None:
    answer = alice.client.post("/issues/new", data=b"--x\r\nnot a form", content_type=content_type)
    assert answer.status_code in (400, 422)
    assert flaws(answer.text) == []


def test_fields_in_brackets_are_not_the_fields(alice: Visitor) -> None:
    token = alice.token()
    fields = {"description[]": "x", "description[a]": "y", "csrf_token": token}
    assert "description" in errors_on(alice.post("/issues/new", fields))


def test_of_a_field_sent_twice_one_counts(house: House, alice: Visitor) -> None:
    page = form_on(alice.get("/issues/new"), "/issues/new")
    fields = page.filled({"description": ["一", "二"], "community_id": ["jingui", "yinxing"],
                          "consent": ["y", "y"], "estate_id": ["", ""]})  # fmt: skip
    answer = alice.post("/issues/new", fields)
    assert answer.status_code == 303
    assert told(house, answer.headers["Location"].rsplit("/", 1)[-1]) in ("一", "二")


def test_a_file_in_the_place_of_a_text_is_no_text(alice: Visitor) -> None:
    from io import BytesIO

    fields = {"description": (BytesIO(b"x"), "x.txt"), "csrf_token": alice.token()}
    answer = alice.client.post("/issues/new", data=fields)
    assert answer.status_code == 422
    assert "description" in errors_on(answer)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_thousands_of_fields_are_answered_at_once(alice: Visitor, kind: str) -> None:
    if kind == "multipart/form-data":
        part = '--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n'
        body, kind = part * 4_000 + "--x--\r\n", f"{kind}; boundary=x"
    else:
        body = "&".join(f"f{number}=x" for number in range(10_000))
    answer = alice.client.post("/issues/new", data=body, content_type=kind)
    assert answer.status_code in (413, 422)
    assert flaws(answer.text) == []


def test_a_refused_form_of_unknown_size_is_a_page(alice: Visitor) -> None:
    answer = alice.client.post("/issues/new", data=b"x" * 300_000)
    assert answer.status_code == 413
    assert "内容太大" in main_of(answer)


def test_a_form_key_of_any_length_and_kind_is_taken(alice: Visitor) -> None:
    for key in ("x" * 5000, "键", "\x00", " ", "'--"):
        answer = alice.fill("/issues/new", {"description": key, "community_id": "jingui",
                                            "consent": "y", "form_key": key})  # fmt: skip
        assert answer.status_code in (303, 422)
        if answer.status_code == 303:
            assert ticket_on(alice.get(answer.headers["Location"])) is not None


def test_a_tampered_session_is_nobodys(house: House) -> None:
    for value in ("x", "eyJhY2NvdW50IjpbMSwxXX0.x.y", "=" * 3000, "\u00e9"):
        visitor = house.visitor()
        visitor.client.set_cookie(house.app.config["SESSION_COOKIE_NAME"], value)
        assert visitor.get("/staff/").status_code == 303
        assert visitor.get("/issues/").status_code == 200


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 50, "1.0", "１", "0"])
def test_a_tampered_version_changes_nothing(house: House, version: str) -> None:
    number = house.number("楼道灯不亮")
    fields = {"initial_opinion": "留着", "version": version}
    answer = house.staff("worker").move(number, "opine", fields)
    assert answer.status_code == 409
    assert "留着" in answer.text
    assert house.issue(number).opined_at is None


# Methods


def test_head_answers_like_get_without_a_body(house: House) -> None:
    for path in ("/issues/new", "/issues/", "/staff/login", "/healthz", "/static/site.css"):
        answer = house.visitor().client.head(path, buffered=True)
        assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"])
def test_other_methods_are_refused(house: House, method: str) -> None:
    for path in ("/issues/new", "/issues/260001", "/staff/login", "/staff/", "/nowhere"):
        answer = house.visitor().client.open(path, method=method)
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"] or "GET" in answer.headers["Allow"]


# A real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copy_demo(tmp_path_factory.mktemp("server"))) as started:
        yield started


def raw(server: Running, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


def test_fifty_megabytes_are_refused_in_chinese_and_the_next_visitor_is_served(
    server: Running,
) -> None:
    connection = server.connect()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/issues/new", b"description=" + b"x" * 50_000_000, kind)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 413
    assert "内容太大" in text
    assert "0797-0000-101" in text
    connection.close()
    again = server.connect()
    again.request("GET", "/issues/new")
    assert again.getresponse().status == 200
    again.close()


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"GET /issues/new HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 262_200 + b"\r\n\r\n", {431}),
        (b"GET /" + b"y" * 262_200 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414, 431}),
        (b"NONSENSE\r\n\r\n", {400}),
        (b"GET /issues/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {400, 403, 404}),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {200, 400}),
        (b"GET /staff/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", {303}),
        (b"POST /issues/new HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
        (b"POST /issues/new HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
         b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", {400, 422}),
        (b"POST /issues/new HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
         b"Connection: close\r\n\r\n0\r\n\r\n", {422}),
    ],
)  # fmt: skip
def test_requests_that_no_browser_sends_are_answered(
    server: Running, request_bytes: bytes, statuses: set[int]
) -> None:
    answer = raw(server, request_bytes)
    assert int(answer.split(b" ", 2)[1]) in statuses
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    assert "\nlocation: http" not in head.lower()
    assert "waitress" not in head.lower()


def test_the_database_is_whole_after_all_that(house: House) -> None:
    assert Rating.select().count() > 0
    assert house.staff("worker").get("/staff/").status_code == 200
    assert PASSWORD not in house.staff("worker").get("/staff/").text


def test_a_long_letter_is_taken_whole_and_unfolds(house: House, alice: Visitor) -> None:
    sentence = "下水道堵了，污水漫到门口。"
    letter = sentence * 300 + "结尾是这一句"
    number, _ = alice.report(description=letter)
    assert told(house, number) == letter
    for page in (
        alice.get(f"/issues/{number}"),
        house.staff("community_leader").get(f"/staff/issues/{number}"),
    ):
        before, _, after = page.text.partition('<details class="letter-rest">')
        assert "…</p>" in before
        assert "看后面的" in after
        assert before.count(sentence) + after.partition("</details>")[0].count(sentence) == 300
        assert "结尾是这一句" in after


@pytest.mark.parametrize("text", ["\u200b", "\u2800 \u3164", "\ufe0f\u200d"])
def test_nothing_but_invisible_characters_is_no_report(alice: Visitor, text: str) -> None:
    refused = alice.fill("/issues/new", {"description": text, "consent": "y"})
    assert refused.status_code == 422
    assert "请写一下发生了什么事" in errors_on(refused)["description"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１３８００００００００", "１３８００００００００"),
        ("（0797）8765432", "（0797）8765432"),
        ("0797-8765432转801", "0797-8765432转801"),
        ("无", ""),
    ],
)
def test_a_phone_is_kept_as_written_and_none_is_none(
    house: House, alice: Visitor, typed: str, kept: str
) -> None:
    number, _ = alice.report(reporter_phone=typed)
    assert house.issue(number).reporter_phone == kept


def test_a_ticket_opens_inside_the_message_that_brought_it(house: House, alice: Visitor) -> None:
    number, ticket = alice.report()
    other = house.visitor()
    message = f"您的查询码：{ticket}。\n到 https://circle.example/issues/#{ticket} 查进度，谢谢"
    assert other.fill("/issues/", {"ticket": message}).headers["Location"].endswith(number)
