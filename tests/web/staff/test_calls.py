"""A call begins with its number: what it reported before, who is told of it, and what is noted."""

import pytest

from forms_app.store.accounts import ExportLog
from forms_app.store.models import Issue
from scripts.benchmarks.visits import cost, plan
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of, ticket_on

CALL = "/staff/issues/new?channel=phone"
EARLIER = "/staff/issues/new/caller"
LAMP = {
    "description": "楼道灯不亮",
    "community_id": "jingui",
    "estate_id": "guiyuan",
    "location": "3栋2单元",
    "reporter_name": "张阿姨",
    "reporter_phone": "138 0000-4321",
    "consent": "y",
}


def look(visitor: Visitor, number: str, *, status: int = 200, **typed: str) -> str:
    """The page of a call again, once its number was looked for."""
    form = form_on(visitor.get(CALL), "/staff/issues/new")
    sent = form.filled({"reporter_phone": number, **typed})
    answer = visitor.post(EARLIER, sent)
    assert answer.status_code == status, errors_on(answer)
    assert flaws(answer.text) == []
    return main_of(answer)


def test_the_number_is_asked_first_and_the_channel_is_known(house: House) -> None:
    page = house.staff("worker").get(CALL)
    form = form_on(page, "/staff/issues/new")
    assert form.value("channel") == "phone"
    fields = [name for name in form.sent if name in ("reporter_phone", "description", "estate_id")]
    assert fields == ["reporter_phone", "description", "estate_id"]


@pytest.mark.parametrize("number", ["13800004321", "138-0000 4321", "１３８００００４３２１"])
def test_a_known_number_tells_what_it_reported_and_keeps_what_was_typed(
    house: House, number: str
) -> None:
    told, _ = house.visitor().report(**LAMP)
    before = Issue.select().count()
    page = look(house.staff("worker"), number, description="还有一件事")
    assert "这个号码反映过1件，1件还没办完" in page
    assert f"{told} 楼道灯不亮" in page
    assert "张**" in page
    assert "张阿姨" not in page
    assert "还有一件事" in page
    assert Issue.select().count() == before


def test_what_is_still_open_comes_first(house: House) -> None:
    told = [dict(LAMP, description=words) for words in ("先说的事", "后说的事")]
    first, second = (house.visitor().report(**one)[0] for one in told)
    Issue.update(step="closed").where(Issue.number == second).execute()
    page = look(house.staff("community_leader"), "13800004321")
    assert page.index(first) < page.index(second)
    assert "这个号码反映过2件，1件还没办完" in page


@pytest.mark.parametrize(
    ("left", "asked"),
    [
        ("+86 138 0000 4321", "13800004321"), ("13800004321", "+8613800004321"),
        ("0086-13800004321", "86 13800004321"), ("０７９７－８７６５４３２", "0797 8765432"),
    ],
)  # fmt: skip
def test_the_country_s_number_makes_no_other_of_it(house: House, left: str, asked: str) -> None:
    house.visitor().fill("/issues/new", LAMP | {"reporter_phone": left})
    assert "这个号码反映过1件" in look(house.staff("worker"), asked)


def test_only_the_whole_number_fits_and_another_community_tells_nothing(house: House) -> None:
    other = next(one for one in house.circle.communities if one != "jingui")
    elsewhere = dict(LAMP, community_id=other, estate_id="", reporter_phone="13900004321")
    house.visitor().fill("/issues/new", LAMP)
    house.visitor().fill("/issues/new", elsewhere)
    worker = house.staff("worker")
    for number in ("00004321", "13900004321"):
        assert "这个号码没有反映过" in look(worker, number)


def test_who_may_not_look_for_people_is_told_nothing_and_still_takes_the_call(
    house: House,
) -> None:
    house.visitor().fill("/issues/new", LAMP)
    collector = house.staff("collector")
    page = main_of(collector.get(CALL))
    assert "反映过" not in page
    form = form_on(collector.get(CALL), "/staff/issues/new")
    sent = form.filled({"reporter_phone": "13800004321", "description": "灯还是不亮"})
    assert collector.post(EARLIER, sent).status_code == 403
    taken = collector.fill(CALL, {"description": "灯还是不亮", "community_id": "jingui"})
    assert "反映过" not in main_of(taken)
    assert ticket_on(taken)
    assert ExportLog.select().count() == 0


def test_each_look_is_noted_without_the_number(house: House) -> None:
    house.visitor().fill("/issues/new", LAMP)
    worker = house.staff("worker")
    look(worker, "13800004321")
    look(worker, "0797-0000199")
    notes = [(row.filters, row.row_count) for row in ExportLog.select().order_by(ExportLog.id)]
    assert notes == [("按电话找反映人　找到1件", 1), ("按电话找反映人　找到0件", 0)]


def test_the_place_of_an_earlier_one_can_be_taken_over(house: House) -> None:
    number, _ = house.visitor().report(**LAMP)
    worker = house.staff("worker")
    form = form_on(worker.get(CALL), "/staff/issues/new")
    sent = form.filled({"reporter_phone": "13800004321", "description": "水也停了"})
    answer = worker.post(EARLIER, {**sent, "place": number})
    again = form_on(answer, "/staff/issues/new")
    assert [again.value(name) for name in ("estate_id", "location")] == ["guiyuan", "3栋2单元"]
    assert "水也停了" in answer.text
    # Of somebody else's there is no place to take over.
    others = {**LAMP, "reporter_phone": "13900000139", "location": "9栋"}
    other, _ = house.visitor().report(**others)
    answer = worker.post(EARLIER, {**sent, "place": other})
    assert form_on(answer, "/staff/issues/new").value("location") == ""


@pytest.mark.parametrize("number", ["", "不肯说", "1380000432"])
def test_what_is_no_number_is_looked_for_nowhere(house: House, number: str) -> None:
    page = look(house.staff("worker"), number, status=422, description="灯不亮")
    assert "灯不亮" in page
    assert ExportLog.select().count() == 0


def test_an_old_page_is_no_search(house: House) -> None:
    worker = house.staff("worker")
    form = form_on(worker.get(CALL), "/staff/issues/new")
    sent = form.filled({"reporter_phone": "13800004321"}) | {"csrf_token": "x"}
    assert worker.post(EARLIER, sent).status_code in (400, 422)
    assert ExportLog.select().count() == 0


def test_the_general_form_asks_for_a_number_where_it_stands_and_leads_to_calls(
    house: House,
) -> None:
    page = house.staff("worker").get("/staff/issues/new")
    assert "正在接电话：从号码开始" in page.text
    assert "看这个号码反映过什么" in page.text
    assert form_on(page, "/staff/issues/new").value("channel") == ""


def test_a_number_is_found_along_its_index(house: House) -> None:
    """However many issues there are: most who call never called before."""
    leader = house.staff("community_leader")
    spent = cost(lambda: look(leader, "13800004321"), times=0)
    lines = [line for sql, values in spent.statements for line in plan(sql, values)]
    assert [line for line in lines if "issue_phone" in line] == [
        "SEARCH t1 USING INDEX issue_phone (<expr>=?)"
    ]
