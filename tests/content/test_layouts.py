"""How files hold records: what nobody touches keeps its letters, in sheets and parts of a file."""

import pytest

from forms_app.content.layouts import Section, Sheet, Top
from forms_app.content.listing import Unwritable

PEOPLE = Sheet(("id",), ("id", "name", "note"))
TEXT = 'id,name,note\r\na,甲,"一, 二"\r\n\r\nb,乙,"两\r\n行"\r\n'
CIRCLE = """name: 圈 # 名称
rules:
  hours: "8:00-12:00" # 值守
  days:
    1: 2
# 种类
kinds:
  - { code: light, words: [灯, 路灯] }
  - code: noise
    name: 吵

last: x
"""


def test_rows_are_changed_added_and_taken_out_with_their_own_line_ends() -> None:
    found = PEOPLE.records(TEXT)
    assert found["b"].values == {"id": "b", "name": "乙", "note": "两\r\n行"}
    after = PEOPLE.changed(TEXT, {"a": {"id": "a", "name": "丙"}, "c": {"id": "c"}}, ("id",))
    assert after == 'id,name,note\r\na,丙,\r\n\r\nb,乙,"两\r\n行"\r\nc,,\r\n'
    assert PEOPLE.changed(TEXT, {"a": None}, ()) == 'id,name,note\r\n\r\nb,乙,"两\r\n行"\r\n'
    assert PEOPLE.changed(TEXT, {"a": found["a"].values}, ()) == TEXT


def test_a_column_that_is_new_stands_behind_the_others_and_a_new_file_has_a_head() -> None:
    after = PEOPLE.changed(TEXT, {"a": {"id": "a", "street": "x"}}, ("id", "street"))
    assert after.startswith("id,name,note,street\r\na,,,x\r\n")
    assert PEOPLE.changed("", {"a": {"id": "a"}}, ()) == "id,name,note\na,,\n"


def test_a_sheet_that_says_its_separator_keeps_it() -> None:
    text = "sep=;\r\nid;name;note\r\na;甲, 乙;\r\n"
    assert PEOPLE.records(text)["a"].values == {"id": "a", "name": "甲, 乙", "note": ""}
    after = PEOPLE.changed(text, {"b": {"id": "b", "name": "丙;丁"}}, ("id",))
    assert after == text + 'b;"丙;丁";\r\n'
    added = PEOPLE.changed(text, {"a": {"id": "a", "street": "x"}}, ("id", "street"))
    assert added == "sep=;\r\nid;name;note;street\r\na;;;x\r\n"


@pytest.mark.parametrize("text", ["id,name\na,b\na,c\n", "id,name\n,b\n", 'id,name\n"a,b\n'])
def test_a_sheet_that_cannot_be_told_apart_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        PEOPLE.records(text)


def test_a_part_of_a_file_is_changed_and_the_rest_stays() -> None:
    kinds = Section("kinds", ("code",))
    assert list(kinds.records(CIRCLE)) == ["light", "noise"]
    assert kinds.records(CIRCLE)["noise"].first == CIRCLE.splitlines().index("  - code: noise")
    after = kinds.changed(
        CIRCLE,
        {"light": {"code": "light", "words": ("灯",)}, "noise": {"code": "noise", "name": "闹"}},
        ("code", "name", "words"),
    )
    assert after == CIRCLE.replace("[灯, 路灯]", "[灯]").replace("name: 吵", "name: 闹")
    added = kinds.changed(CIRCLE, {"dust": {"code": "dust"}}, ("code",))
    assert added == CIRCLE.replace("    name: 吵\n", "    name: 吵\n  - code: dust\n")


def test_a_group_is_one_record_and_keeps_its_remarks() -> None:
    rules = Section("rules")
    values = rules.records(CIRCLE)["all"].values
    after = rules.changed(CIRCLE, {"all": {**values, "hours": "9:00-10:00"}}, ("hours",))
    assert after == CIRCLE.replace('"8:00-12:00" #', "9:00-10:00 #")
    with pytest.raises(Unwritable):
        Section("nothing").records(CIRCLE)


def test_what_stands_at_the_top_is_one_record_and_keeps_its_remarks() -> None:
    top = Top(("name", "last", "door"))
    assert top.records(CIRCLE)["all"].values == {"name": "圈", "last": "x"}
    after = top.changed(CIRCLE, {"all": {"name": "新: 圈", "door": "south"}}, ())
    assert after == CIRCLE.replace("name: 圈 #", 'name: "新: 圈" #').replace(
        "    name: 吵\n\nlast: x\n", "    name: 吵\ndoor: south\n\n"
    )
    assert top.changed(CIRCLE, {"all": top.records(CIRCLE)["all"].values}, ()) == CIRCLE
