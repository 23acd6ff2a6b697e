"""One record of a list changed: every other letter of the file stays."""

import pytest

from forms_app.content.listing import (
    Part,
    Unwritable,
    records,
    with_record,
    with_records,
)
from tests.support.running import ROOT

UID = ("uid",)
ORDER = ("uid", "summary", "words", "dtstart", "capacity", "description")
TEXT = """# 我们的活动
- uid: choir
  summary: 合唱  # 周三
  words: [唱歌, 合唱]
  dtstart: 2026-10-14 15:00

# 下面是夏天的
- uid: film
  summary: "电影: 露天"
  # 天冷就不放
  dtstart: 2026-10-16 19:00
  description: |
    带凳子
    # 不是注释
"""


def lines_changed(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return [one for one in new if one not in old] + [f"-{one}" for one in old if one not in new]


@pytest.mark.parametrize(("file", "key"), [("activities.yml", UID), ("services.yml", ("id",))])
def test_a_record_written_as_it_is_changes_no_letter(file: str, key: str) -> None:
    text = (ROOT / "data" / "community" / file).read_text(encoding="utf-8")
    for name, record in records(text, key).items():
        assert with_record(text, key, name, record.values, ()) == text


def test_a_changed_field_changes_its_own_lines_alone() -> None:
    values = {**records(TEXT, UID)["film"].values, "description": "带凳子和伞"}
    after = with_record(TEXT, UID, "film", values, ORDER)
    assert lines_changed(TEXT, after) == [
        "  description: 带凳子和伞", "-  description: |", "-    带凳子", "-    # 不是注释",
    ]  # fmt: skip
    assert "# 天冷就不放\n" in after


def test_a_new_field_comes_where_it_belongs_and_an_emptied_one_goes() -> None:
    values = {**records(TEXT, UID)["choir"].values, "capacity": "40", "dtstart": ""}
    after = with_record(TEXT, UID, "choir", values, ORDER)
    assert records(after, UID)["choir"].values == {
        "uid": "choir", "summary": "合唱", "words": ("唱歌", "合唱"), "capacity": "40",
    }  # fmt: skip
    assert "合唱  # 周三\n" in after
    assert "\n\n# 下面是夏天的\n" in after


def test_what_yaml_would_take_for_something_else_stands_between_quotes() -> None:
    for text in ("1:30", "a: b", "- x", "否 # 不", "0797", "yes", "[一]", "'", '"引"', "*", "null"):
        after = with_record(TEXT, UID, "choir", {"uid": "choir", "summary": text}, ORDER)
        assert records(after, UID)["choir"].values["summary"] == text
        listed = with_record(TEXT, UID, "choir", {"uid": "choir", "words": (text, "二,")}, ORDER)
        assert records(listed, UID)["choir"].values["words"] == (text, "二,")


def test_lists_too_deep_for_any_reader_are_words_in_a_field_and_refused_in_a_file() -> None:
    deep = "[" * 50_000  # at which libyaml ends the process
    written = with_record("", UID, "a", {"uid": "a", "summary": deep, "words": (deep,)}, ORDER)
    values = records(written, UID)["a"].values
    assert (values["summary"], values["words"]) == (deep, (deep,))
    with pytest.raises(Unwritable):
        records(f"- uid: {deep}", UID)


def test_a_new_record_stands_at_the_end_and_one_can_be_taken_out() -> None:
    new = {"uid": "x", "description": "一\n\n二", "summary": "新"}
    after = with_record(TEXT, UID, "x", new, ORDER)
    assert after.startswith(TEXT)
    assert records(after, UID)["x"].values == new
    assert with_records(after, UID, {"x": None}, ()) == TEXT


def test_an_empty_file_and_one_without_its_last_line_break_take_a_record() -> None:
    for text in ("", "# 还没有\n", "- uid: a\n  summary: 甲"):
        assert "b" in records(with_record(text, UID, "b", {"uid": "b"}, ORDER), UID)


@pytest.mark.parametrize(
    "text",
    [
        "[{uid: a}]",
        "a: b",
        "- a\n",
        "- uid: a\n- uid: a\n",
        "- summary: 无\n",
        "- uid: a\n  more: {b: [c]}\n",
        "- uid: [\n",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        with_record(text, UID, "a", {"uid": "a", "summary": "甲"}, ORDER)


def test_a_record_on_one_line_stays_on_one_line() -> None:
    text = "- {uid: a, summary: 甲}\n- uid: b\n"
    values = {"uid": "a", "summary": "乙, 丙", "rdate": ("2026-12-01", "a: b")}
    after = with_record(text, UID, "a", values, ORDER)
    assert after == ('- { uid: a, summary: "乙, 丙", rdate: [2026-12-01, "a: b"] }\n- uid: b\n')


def test_a_list_of_groups_is_read_and_written() -> None:
    text = "- uid: a\n  duties:\n    - text: 甲\n      basis: SG\n- uid: b\n"
    duties = records(text, UID)["a"].values["duties"]
    assert duties == (Part.of({"text": "甲", "basis": "SG"}),)
    more = (*duties, Part.of({"text": "乙: 丙", "basis": "G", "source": ""}))
    after = with_record(text, UID, "a", {"uid": "a", "duties": more}, ORDER)
    assert after == text.replace("- uid: b", '    - text: "乙: 丙"\n      basis: G\n- uid: b')


def test_many_records_are_changed_at_once() -> None:
    text = "# 开头\n- uid: a\n  n: 1 # 记着\n- uid: b\n# 结尾\n"
    changes = {"a": {"uid": "a", "n": "2"}, "b": None, "c": {"uid": "c"}}
    assert with_records(text, UID, changes, ORDER) == (
        "# 开头\n- uid: a\n  n: 2 # 记着\n# 结尾\n- uid: c\n"
    )
