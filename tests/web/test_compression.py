"""What travels gzipped, and what never may: words from outside together with secrets."""

import gzip
import re

import pytest
from werkzeug.test import TestResponse

from forms_app.web.compression import PADDING_BYTES, padded
from tests.support.web import House, Visitor, form_on

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def is_zipped(page: TestResponse) -> bool:
    return page.headers.get("Content-Encoding") == "gzip"


def without_what_changes(page: str) -> str:
    return re.sub(r'value="[^"]*"|data-now="[^"]*"', "", page)


@pytest.mark.parametrize("path", ["/issues/new", "/issues/", "/staff/login", "/answer/"])
def test_a_form_travels_gzipped_and_says_the_same(house: House, path: str) -> None:
    visitor = house.visitor()
    plain, zipped = visitor.get(path), visitor.get(path, headers=GZIP)
    assert not is_zipped(plain)
    assert is_zipped(zipped)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(plain.data) / 2
    said = gzip.decompress(zipped.data).decode()
    assert without_what_changes(said) == without_what_changes(plain.text)


def test_what_is_rated_is_one_of_a_list_and_travels_gzipped(house: House) -> None:
    about = f"service:{next(iter(house.circle.services))}"
    visitor = house.visitor()
    for known in (about, about.replace(":", "%3A")):
        assert is_zipped(visitor.get(f"/ratings/new?about={known}", headers=GZIP))
    guesses = (f"{about}&x=guess", f"{about}&about=guess", f"%73{about[1:]}", "service:guess")
    for query in guesses:
        assert not is_zipped(visitor.get(f"/ratings/new?about={query}", headers=GZIP)), query


def test_a_gzipped_form_can_be_sent(house: House) -> None:
    visitor = house.visitor()
    page = visitor.get("/issues/new", headers=GZIP)
    page.set_data(gzip.decompress(page.data))
    typed = form_on(page, "/issues/new").filled(
        {"description": "灯", "community_id": "jingui", "consent": "y"}
    )
    assert visitor.post("/issues/new", typed).status_code == 303


def test_what_the_address_or_the_form_brought_is_never_compressed(house: House) -> None:
    worker = house.staff("worker")
    asked = [
        house.visitor().get("/issues/new?community_id=yinxing", headers=GZIP),
        house.visitor().get("/search?q=养老", headers=GZIP),
        house.visitor().get("/staff/login?next=/staff/register", headers=GZIP),
        worker.get("/staff/register?q=路灯", headers=GZIP),
        worker.get("/staff/issues/269999", headers=GZIP),
    ]
    visitor = house.visitor()
    typed = form_on(visitor.get("/issues/new"), "/issues/new").filled({"description": "长" * 9999})
    asked.append(visitor.post("/issues/new", typed, headers=GZIP))
    assert [answer.status_code for answer in asked] == [200, 200, 200, 200, 404, 422]
    assert not any(is_zipped(answer) for answer in asked)


def test_what_a_page_of_our_own_asked_for_travels_gzipped_and_what_a_link_did_does_not(
    house: House,
) -> None:
    worker, visitor = house.staff("worker"), house.visitor()
    typed = form_on(visitor.get("/issues/new"), "/issues/new").filled({"description": "长" * 9999})
    for site in ("same-origin", "same-site", "cross-site", "none"):
        asked = {**GZIP, "Sec-Fetch-Site": site}
        answers = [
            worker.get("/staff/register?q=路灯", headers=asked),
            visitor.get("/search?q=养老", headers=asked),
            visitor.post("/issues/new", typed, headers=asked),
            worker.get("/staff/issues/269999", headers=asked),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 422, 404]
        assert {is_zipped(answer) for answer in answers} == {site == "same-origin"}
    part = visitor.get(
        "/static/site.css",
        headers={**GZIP, "Sec-Fetch-Site": "same-origin", "Range": "bytes=0-9"},
    )
    assert (part.status_code, len(part.data)) == (206, 10)


def test_the_length_of_a_page_tells_nothing_of_a_letter_more(house: House) -> None:
    visitor = house.visitor()
    lengths = {len(visitor.get("/issues/", headers=GZIP).data) for _ in range(40)}
    assert max(lengths) - min(lengths) > 10
    body = b"the same words " * 30
    by_padding = [len(padded(body, lambda _limit, n=n: n)) for n in range(PADDING_BYTES)]  # type: ignore[misc]
    assert len(set(by_padding)) == PADDING_BYTES
    assert all(gzip.decompress(padded(body)) == body for _ in range(5))


def test_a_file_travels_gzipped_and_is_kept_by_the_browser(house: House) -> None:
    visitor = house.visitor()
    plain = visitor.get("/static/site.css?v=1")
    zipped = visitor.get("/static/site.css?v=1", headers=GZIP)
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.data == visitor.get("/static/site.css?v=2", headers=GZIP).data
    assert zipped.headers["ETag"].startswith("W/")
    again = visitor.get(
        "/static/site.css", headers={**GZIP, "If-None-Match": zipped.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    part = visitor.get("/static/site.css", headers={**GZIP, "Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, plain.data[:10])


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "identity"])
def test_a_browser_that_cannot_read_gzip_gets_it_plain(house: House, accepts: str) -> None:
    for path in ("/static/site.css", "/issues/new"):
        page = house.visitor().get(path, headers={"Accept-Encoding": accepts})
        assert not is_zipped(page)
        assert "</" in page.text or "{" in page.text


def test_what_is_small_or_no_text_stays_as_it_is(house: House) -> None:
    visitor: Visitor = house.visitor()
    assert not is_zipped(visitor.get("/healthz", headers=GZIP))
    assert not is_zipped(visitor.get("/issues/260001", headers=GZIP))  # 403: no ticket
