"""The ledger keeps every month; only the current one is ever written anew."""

import csv
from datetime import date
from io import StringIO

import pytest
from msgspec.structs import replace

from forms_app.community import Community
from forms_app.radius.coverage import Share, count
from forms_app.radius.ledger import COLUMNS, LedgerRefused, Row, is_ahead, merge, read, rows_of
from forms_app.radius.reach import Radius
from tests.support.places import FIRST, activity, circle, estate, gate, held, room, walk

NOVEMBER = date(2026, 11, 24)
WHOLE = circle([estate()], [gate()], [room()], [walk()])


def rows(day: date = NOVEMBER, sure: int = 60, *names: str) -> list[Row]:
    return [
        Row(day, "community", name, f"{name}社区", Share(100, sure, 5), Share(30, 20, 0))
        for name in names or ("jingui", "yinxing")
    ]


def test_a_count_becomes_one_row_a_line_with_todays_names():
    found = rows_of(WHOLE, count(Radius(WHOLE), held(activity("hall")), FIRST))
    (community,) = [row for row in found if row.group == "community"]
    assert community == Row(
        FIRST, "community", "jingui", "jingui社区", Share(100, 100, 0), Share(30, 30, 0)
    )
    assert {row.month for row in found} == {"2026-11"}
    assert len(found) == len({(row.group, row.key) for row in found})


def test_what_was_written_is_read_back():
    # Of every household it may be known that it is reached, or may yet be.
    for told in (rows(), rows(sure=95)):
        content = merge(None, told)
        assert content.startswith(b"\xef\xbb\xbfmonth,counted_on,group,key,name,")
        assert list(read(content)) == told


def test_the_same_count_leaves_the_ledger_as_it_is():
    content = merge(None, rows())
    assert merge(content, rows()) == content
    assert merge(content, ()) == content


def test_a_later_count_replaces_the_months_rows_even_where_it_is_lower():
    content = merge(merge(None, rows(date(2026, 11, 3), 90)), rows(NOVEMBER, 10))
    assert [row.everybody.sure for row in read(content)] == [10, 10]


def test_earlier_months_stay_byte_for_byte_whatever_becomes_of_a_community():
    october = merge(None, rows(date(2026, 10, 30), 60, "gone", "jingui"))
    # As a spreadsheet program may have saved it.
    october = october.replace(b"gone\xe7\xa4\xbe\xe5\x8c\xba", b'"gone"').replace(b"\n", b"\r\n")
    renamed = [replace(row, name="新名字") for row in rows(NOVEMBER, 10, "jingui")]
    both = merge(october, renamed)
    old_lines = october.split(b"\n", 1)[1]
    assert old_lines in both
    assert [(row.month, row.name) for row in read(both)] == [
        ("2026-10", "gone"),
        ("2026-10", "jingui社区"),
        ("2026-11", "新名字"),
    ]
    assert old_lines in merge(both, rows(date(2026, 11, 30)))


@pytest.mark.parametrize("earlier", [date(2026, 11, 23), date(2026, 10, 24)])
def test_a_clock_that_was_put_back_changes_nothing(earlier: date):
    content = merge(merge(None, rows(date(2026, 10, 31), 50)), rows(NOVEMBER))
    assert merge(content, rows(earlier, 1)) == content
    assert is_ahead(read(content), earlier)
    assert not is_ahead(read(content), NOVEMBER)


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_file_and_itself_on_the_page():
    named = replace(WHOLE, communities={"jingui": Community("jingui", '=1+1,"x"', "", "")})
    found = rows_of(named, count(Radius(named), (), FIRST))
    content = merge(None, found)
    names = [cells[4] for cells in csv.reader(StringIO(content.decode("utf-8-sig")))]
    assert '\'=1+1,"x"' in names
    assert not any(name.startswith("=") for name in names)
    assert read(content) == found


HEAD = ",".join(COLUMNS)
GOOD = "2026-11,2026-11-24,all,,所有住户,100,60,5,30,20,0"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "列名应该是"),
        ("month,households\n", 1, "列名应该是"),
        (f"{HEAD}\n{GOOD}", 2, "没有写完"),
        (f"{HEAD}\n{GOOD[:-4]}\n", 2, "应该有 11 格，现在是 10 格"),
        (f"{HEAD}\n{GOOD}\n\n", 3, "应该有 11 格，现在是 0 格"),
        (f"{HEAD}\n{GOOD}\n{GOOD}\n", 3, "与第 2 行重复"),
        (f"{HEAD}\n{GOOD.replace('2026-11,', 'Nov-26,')}\n", 2, "对不上"),
        (f"{HEAD}\n{GOOD.replace('2026-11-24', '2026/11/24')}\n", 2, "应该写成"),
        (f"{HEAD}\n{GOOD.replace('2026-11-24', '2026-11-31')}\n", 2, "没有「2026-11-31」这一天"),
        (f"{HEAD}\n{GOOD.replace(',all,', ',any,')}\n", 2, "不认识的分组"),
        (f"{HEAD}\n{GOOD.replace(',60,', ',六十,')}\n", 2, "不是整数"),
        (f"{HEAD}\n{GOOD.replace(',60,', ',-60,')}\n", 2, "不是整数"),
        (f"{HEAD}\n{GOOD.replace(',60,', ',96,')}\n", 2, "多于 100 户"),
        (f"{HEAD}\n{GOOD.replace('所有', chr(34) + '所有')}\n", 2, "引号没有成对"),
    ],
)
def test_a_ledger_that_somebody_changed_is_refused_with_its_line(text: str, line: int, reason: str):
    with pytest.raises(LedgerRefused, match=reason) as refused:
        merge(text.encode(), rows())
    assert refused.value.line_number == line


def test_another_encoding_is_refused_with_its_line():
    with pytest.raises(LedgerRefused) as refused:
        read(f"{HEAD}\n{GOOD}\n".encode("gbk"))
    assert (refused.value.line_number, refused.value.reason) == (2, "不是 UTF-8 编码")
