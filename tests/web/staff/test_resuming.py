"""What was typed into a form as a session ended is on its page again, whichever form it was."""

import json
import re
from io import BytesIO

import pytest

from forms_app import casework
from forms_app.store import database
from forms_app.store.projects import Project
from forms_app.store.tables import TABLES
from tests.support.web import NOW, PASSWORD, House, form_on, main_of
from tests.web.staff.test_projects import found

STOPPED = [
    ("community_leader", "/staff/projects/topics/1", {"kind": "project", "title": "路灯线路改造"}),
    ("community_leader", "/staff/funds/jingui/2026", {"kind": "granted", "words": "街道拨付的"}),
    ("street_leader", "/staff/two-way/new/unit", {"level": "fair", "words": "方案拖了两天"}),
    ("community_leader", "/staff/incidents/new", {"title": "桂园停水", "told": "阀门坏了"}),
    ("community_leader", "/staff/ratings/sheet", {"satisfaction_3": "2", "comment_3": "说了两遍"}),
    ("admin", "/staff/accounts/new", {"username": "newcomer"}),
]
"""Who typed what into which form."""


@pytest.fixture
def house(house: House) -> House:
    found()
    return house


@pytest.mark.parametrize(("name", "address", "fields"), STOPPED, ids=[one[1] for one in STOPPED])
def test_what_was_typed_is_there_again_and_can_be_sent(
    house: House, name: str, address: str, fields: dict[str, str]
) -> None:
    visitor = house.staff(name)
    sent = form_on(visitor.get(address), address).filled(fields)
    casework.reset_password(name, PASSWORD, at_least=1, now=NOW)
    stopped = visitor.post(address, sent)
    assert stopped.status_code == 401
    back = visitor.submit(stopped, "/staff/login", {"username": name, "password": PASSWORD})
    assert back.status_code == 200
    assert "您写的内容还在" in main_of(back)
    assert "已经重新登录" not in visitor.get("/staff/").text
    form = form_on(back, address)
    assert {key: form.value(key) for key in fields} == fields
    assert visitor.submit(back, address).status_code in (303, 422)


@pytest.mark.parametrize("name", ["", "plan.pdf"])
def test_only_what_was_chosen_is_to_be_chosen_again(house: House, name: str) -> None:
    worker, number = house.staff("worker"), house.number("楼道灯不亮")
    page, address = f"/staff/issues/{number}", f"/staff/issues/{number}/note"
    sent = form_on(worker.get(page), address).filled({"note": "写了一半"})
    casework.reset_password("worker", PASSWORD, at_least=1, now=NOW)
    stopped = worker.post(address, {**sent, "files": [(BytesIO(b"%PDF"), name)]})
    back = worker.submit(stopped, "/staff/login", {"username": "worker", "password": PASSWORD})
    assert form_on(back, address).value("note") == "写了一半"
    assert ("要重新选" in main_of(back)) is bool(name)


def test_a_form_on_a_page_of_several_comes_back_alone(house: House) -> None:
    leader = house.staff("community_leader")
    told = {"kind": "project", "title": "路灯", "measures": "换线路", "budget": "1",
            "due_on": "2099-03-01", "lead": "jingui"}  # fmt: skip
    leader.fill("/staff/projects/topics/1", told)
    page = f"/staff/projects/{Project.get().id}"
    sent = form_on(leader.get(page), f"{page}/finish").filled({"result": "都换好了，写了很久"})
    casework.reset_password("community_leader", PASSWORD, at_least=1, now=NOW)
    stopped = leader.post(f"{page}/finish", sent)
    login = {"username": "community_leader", "password": PASSWORD}
    back = leader.submit(stopped, "/staff/login", login)
    assert form_on(back, f"{page}/finish").value("result") == "都换好了，写了很久"
    assert form_on(back, f"{page}/change").value("title") == "路灯"
    assert Project.get().done_at is None
    assert leader.submit(back, f"{page}/finish").status_code == 303


def test_somebody_elses_form_opens_nothing(house: House) -> None:
    draft = json.dumps({"path": "/staff/projects/topics/1", "fields": [["title", "a"]]})
    visitor = house.visitor()
    fields = {"username": "bob", "password": PASSWORD, "draft": draft}
    answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")
    assert "您写的内容还在" not in visitor.get("/staff/").text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["admin", "community_leader"])
def test_nothing_is_done_by_what_is_only_shown(house: House, name: str) -> None:
    """Of every address that takes a form: it would be valid, had it been sent."""
    rules = [rule for rule in house.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    paths = {re.sub(r"<[^>]+>", "1", rule.rule) for rule in rules if rule.rule.startswith("/staff")}
    visitor = house.visitor()
    before = None
    for path in sorted(paths):
        draft = json.dumps({"path": path, "fields": [["press", "forget"], ["up_to", "9"]]})
        fields = {"username": name, "password": PASSWORD, "draft": draft}
        answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
        assert answer.status_code in (200, 303), path
        after = _counts()
        assert before in (None, after), path
        before = after


def _counts() -> dict[str, int]:
    """Rows of every table but for those of signing in, counted in one question."""
    names = [one._meta.table_name for one in TABLES]
    names = [name for name in names if not re.search("session|browser|account", name)]
    columns = ", ".join(f'(SELECT COUNT(*) FROM "{name}")' for name in names)  # noqa: S608
    counted = database.proxy.execute_sql(f"SELECT {columns}").fetchone()
    return dict(zip(names, counted, strict=True))
