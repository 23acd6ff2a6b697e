"""Found by telephone and name: by whom, how, and what is noted of it."""

import logging

import pytest

from forms_app.store.accounts import ExportLog
from tests.support.web import House, Visitor, main_of

FINDERS = ["worker", "community_leader", "street_leader"]
FIELDS = {
    "description": "楼道灯不亮",
    "community_id": "jingui",
    "reporter_name": "张阿姨",
    "reporter_phone": "138 0000-4321",
    "consent": "y",
}


def find(visitor: Visitor, asked: str) -> str:
    answer = visitor.fill("/staff/callers", {"asked": asked})
    assert answer.status_code == 200
    return main_of(answer)


@pytest.mark.parametrize("role", FINDERS)
@pytest.mark.parametrize(
    "asked", ["13800004321", "138-0000 4321", "4321", "１３８００００４３２１", "张阿姨", "张"]
)
def test_a_caller_is_found_as_people_write_numbers_and_names(
    house: House, role: str, asked: str
) -> None:
    house.visitor().fill("/issues/new", FIELDS)
    found = find(house.staff(role), asked)
    assert "尾号21" in found
    assert "张**" in found
    assert "张阿姨" not in found


def test_who_nobody_is_is_not_found_and_another_community_sees_nothing(house: House) -> None:
    other = next(one for one in house.circle.communities if one != "jingui")
    house.visitor().fill("/issues/new", FIELDS | {"community_id": other})
    leader = house.staff("community_leader")
    assert "没有找到" in find(leader, "张阿姨")
    assert "没有找到" in find(leader, "99999")
    assert "没有找到" in find(leader, "%")
    assert "没有找到" in find(leader, "_")


@pytest.mark.parametrize("role", ["collector", "responder", "supervisor", "admin"])
def test_others_may_not_look_for_people(house: House, role: str) -> None:
    visitor = house.staff(role)
    assert visitor.get("/staff/callers").status_code == 403
    answer = visitor.post("/staff/callers", {"asked": "张", "csrf_token": visitor.token()})
    assert answer.status_code == 403
    assert "找反映人" not in visitor.get("/staff/").text
    assert ExportLog.select().count() == 0


def test_each_search_is_noted_without_what_was_looked_for(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.visitor().fill("/issues/new", FIELDS)
    leader = house.staff("community_leader")
    with caplog.at_level(logging.INFO):
        find(leader, "4321")
        find(leader, "李四")
    assert "4321" not in caplog.text
    assert "李四" not in caplog.text
    notes = [(row.filters, row.row_count) for row in ExportLog.select().order_by(ExportLog.id)]
    assert notes == [("按电话找反映人　找到1件", 1), ("按姓名找反映人　找到0件", 0)]
    shown = main_of(leader.get("/staff/exports"))
    assert "按电话找反映人" in shown
    assert "李四" not in shown


def test_nothing_is_no_search(house: House) -> None:
    answer = house.staff("worker").fill("/staff/callers", {"asked": " "})
    assert answer.status_code == 422
    assert ExportLog.select().count() == 0
