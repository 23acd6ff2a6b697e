"""What is too large is a page that says so, whoever sends it and wherever."""

import pytest

from forms_app.web.bodies import LARGEST_TEXT, largest_body
from forms_app.web.photos import LARGEST_BODY
from tests.support.web import House, errors_on, main_of

KINDS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("username", ["", "worker"])
def test_no_address_stumbles_over_too_large_a_body(house: House, username: str, kind: str) -> None:
    visitor = house.staff(username) if username else house.visitor()
    rules = [rule for rule in house.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(rules) > 20
    for rule in rules:
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "1").replace(f"<int:{name}>", "1")
        size = largest_body(house.app, "POST", path, kind) + 1
        sizes = {"CONTENT_LENGTH": str(size), "circle.too_large": True}
        answer = visitor.client.post(path, content_type=kind, environ_overrides=sizes)
        assert answer.status_code in (413, 401, 403, 422), path
        if answer.status_code == 413:
            told = main_of(answer) if answer.mimetype == "text/html" else answer.text
            assert "内容太大" in told


def test_signed_out_the_sign_in_page_comes_however_large_the_body(house: House) -> None:
    for size in (LARGEST_TEXT + 1, 300_000):
        answer = house.visitor().client.post("/staff/issues/new", data=b"x=" + b"x" * size)
        assert answer.status_code == 413


def test_only_pages_that_take_files_take_much_and_only_as_files(house: House) -> None:
    multipart, text = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
    takes = {
        path: largest_body(house.app, "POST", path, multipart)
        for path in ("/issues/new", "/issues/new/photos", "/staff/issues/new",
                     "/staff/issues/260001/handle", "/staff/issues/260001/nothing", "/staff/login",
                     "/issues/", "/nowhere")
    }  # fmt: skip
    large = {path for path, most in takes.items() if most == LARGEST_BODY}
    assert {"/issues/new", "/issues/new/photos", "/staff/issues/new"} <= large
    assert {takes[path] for path in set(takes) - large} == {LARGEST_TEXT}
    assert "/staff/issues/260001/nothing" not in large
    assert largest_body(house.app, "POST", "/issues/new", text) == LARGEST_TEXT


@pytest.mark.slow
def test_a_number_of_four_hundred_digits_is_no_page_of_ours(house: House) -> None:
    many, alice = "9" * 400, house.holder(house.number("楼上漏水"))
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.arguments]
    for visitor in (house.visitor(), house.staff("worker"), alice):
        for rule in rules:
            path = rule.rule
            for name in rule.arguments:
                for place in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
                    path = path.replace(place, many)
            if "GET" in (rule.methods or ()):
                assert visitor.get(path).status_code < 500, path
            if "POST" in (rule.methods or ()):
                assert visitor.post(path, {"csrf_token": "x"}).status_code < 500, path
        for query in ("page", "before", "after", "sheet", "up_to", "limit", "offset", "year"):
            for path in ("/staff/register", "/staff/", "/staff/notices", "/staff/exports",
                         "/staff/ratings", "/search", "/staff/import"):  # fmt: skip
                assert visitor.get(f"{path}?{query}={many}").status_code < 500, (path, query)


def test_a_number_of_four_hundred_digits_in_a_form_is_refused_beside_it(house: House) -> None:
    leader = house.staff("community_leader")
    for number in ("9" * 400, "-" + "9" * 400, "9" * 5000, "1e400"):
        answer = leader.fill("/staff/paper", {"count": number})
        assert answer.status_code == 422
        assert errors_on(answer)["count"] == "一次印1到50张"
    fields = {"csrf_token": leader.token(), "up_to": "9" * 400}
    assert leader.post("/staff/notices/read", fields).status_code < 500
