"""Each address as each visitor: who may see it, who may send it, and whether the page is sound."""

import pytest

from forms_app.store.models import Issue
from tests.support.every_page import EVERYBODY, ROLES, STAFF_PAGES, addresses, posts, who
from tests.support.page_audit import flaws
from tests.support.web import House, errors_on, main_of

pytestmark = pytest.mark.slow


def test_every_address_of_the_app_is_visited_here(house: House) -> None:
    rules = [rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    assert {rule.endpoint for rule in rules} == set(addresses(house))


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_page_is_sound_for_everybody(house: House, name: str) -> None:
    visitor = who(house, name, house.number("楼上漏水"))
    found = {}
    for path in [path for paths in addresses(house).values() for path in paths]:
        page = visitor.get(path)
        assert page.status_code in (200, 204, 303, 403, 404), path
        if page.mimetype == "text/html" and page.status_code not in (204, 303):
            found[path] = flaws(page.text)
            # What a phone keeps is nobody's: there a script gives each report its key.
            if 'name="form_key" value=""' in page.text and path != "/staff/offline":
                found[path].append("a form without the key by which it counts once")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", ["holder", "worker", "admin"])
def test_every_address_answers_a_head_as_a_get_without_its_body(house: House, name: str) -> None:
    visitor = who(house, name, house.number("楼上漏水"))
    differ = {}
    for path in [path for paths in addresses(house).values() for path in paths]:
        page, head = visitor.get(path), visitor.client.head(path, buffered=True)
        if (head.status_code, head.data) != (page.status_code, b""):
            differ[path] = page.status_code, head.status_code
    assert differ == {}


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_those_whom_it_concerns_see_a_page_of_the_staff(house: House, name: str) -> None:
    number = house.number("楼上漏水")
    summoned = house.number("烧烤摊油烟")
    visitor = who(house, name, number)
    answered, expected = {}, {}
    for path, seen_by in STAFF_PAGES.items():
        page = visitor.get(path.format(number=number, summoned=summoned))
        answered[path] = (
            page.status_code,
            page.headers.get("Location", "").startswith("/staff/login?next="),
        )
        if name in seen_by:
            expected[path] = [(200, False)]
        elif name not in ROLES:
            expected[path] = [(303, True)]
        else:
            expected[path] = [(403, False), (404, False)]
    wrong = {path: got for path, got in answered.items() if got not in expected[path]}
    assert wrong == {}


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_holder_of_its_ticket_follows_an_issue(house: House, name: str) -> None:
    number = house.number("楼上漏水")
    for path in (f"/issues/{number}", f"/issues/{number}/withdraw"):
        page = who(house, name, number).get(path)
        assert page.status_code == (200 if name == "holder" else 403)
        assert ("楼上漏水" in page.text) == (name == "holder" and path.endswith(number))


def test_every_address_that_takes_a_form_is_tried_here(house: House) -> None:
    rules = {r.endpoint for r in house.app.url_map.iter_rules() if "POST" in (r.methods or set())}
    adapter = house.app.url_map.bind("localhost")
    tried = {adapter.match(path.partition("?")[0], "POST")[0] for path, _ in posts(house, "260001")}
    assert rules == tried


@pytest.mark.parametrize("name", EVERYBODY)
def test_nothing_is_taken_without_the_token_of_a_form(house: House, name: str) -> None:
    number = house.number("楼上漏水")
    before = Issue.select().count(), house.issue(number).version
    visitor = who(house, name, number)
    for path, allowed in posts(house, number):
        answer = visitor.post(path, {"satisfaction": "5", "username": "admin"})
        if name in allowed:
            assert answer.status_code in (400, 422), path
        elif path.startswith("/staff/") and name not in ROLES:
            assert answer.status_code == 401, path
        else:
            assert answer.status_code in (403, 404), path
        if answer.mimetype != "application/json":
            assert flaws(answer.text) == [], path
    assert (Issue.select().count(), house.issue(number).version) == before


@pytest.mark.parametrize("elder", [False, True])
def test_every_refused_form_is_a_sound_page_too(house: House, elder: bool) -> None:
    pages = []
    resident = house.visitor()
    if elder:
        resident.get("/elder?on=1&back=")
    pages.append(resident.fill("/issues/new", {"description": "长" * 2001}))
    pages.append(resident.fill("/issues/", {"ticket": "<b>"}))
    number, _ = resident.report()
    pages.append(resident.get(f"/issues/{number}"))
    pages.append(resident.fill(f"/issues/{number}/withdraw", {"reason": "长" * 501}))
    for name, moves in (("community_leader", ("classify", "transfer", "merge", "correct")),):
        visitor = house.staff(name)
        pages += [visitor.move(number, move) for move in moves]
    collector = house.staff("collector")
    pages.append(collector.fill("/staff/issues/new"))
    pages.append(collector.fill("/staff/password", {"password": "x"}))
    pages.append(house.visitor().fill("/staff/login", {"username": "<i>"}))
    for page in pages:
        assert page.status_code in (200, 422)
        assert flaws(page.text) == []
        assert page.status_code == 200 or errors_on(page), main_of(page)


def test_pages_are_sound_with_nothing_in_the_house(house: House) -> None:
    for account in ("erin", "frank", "carol"):
        for path in ("/staff/", "/staff/register", "/staff/register?step=closed"):
            assert flaws(house.staff(account).get(path).text) == []
