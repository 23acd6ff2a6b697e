"""A browser that keeps no cookies: nobody is left with a form that never goes through."""

from tests.support.web import House, Visitor, form_on


def test_without_cookies_the_form_says_so_and_keeps_what_was_typed(house: House) -> None:
    visitor = Visitor(house, house.app.test_client(use_cookies=False))
    typed = {"description": "楼道灯不亮", "estate_id": "guiyuan", "consent": "y"}
    page = visitor.post(
        "/issues/new", form_on(visitor.get("/issues/new"), "/issues/new").filled(typed)
    )
    assert page.status_code == 422
    assert "Cookie" in page.text
    assert form_on(page, "/issues/new").value("description") == "楼道灯不亮"
    assert "tel:" in page.text


def test_without_cookies_signing_in_says_so(house: House) -> None:
    visitor = Visitor(house, house.app.test_client(use_cookies=False))
    form = form_on(visitor.get("/staff/login"), "/staff/login")
    page = visitor.post("/staff/login", form.filled({"username": "worker", "password": "x"}))
    assert page.status_code == 422
    assert "Cookie" in page.text


def test_without_cookies_the_elder_version_and_english_lead_back_to_a_page(house: House) -> None:
    visitor = Visitor(house, house.app.test_client(use_cookies=False))
    for path in ("/elder?on=1&back=issues/", "/language?to=en&back=issues/"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/issues/")
