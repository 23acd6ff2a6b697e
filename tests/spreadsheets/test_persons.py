"""Who somebody is, out of one cell."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.persons import Person, person
from tests.support.office_sheets import headings, of_text, read

_NUMBER = "13970712345"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("王桂香13970712345桂园3栋2单元401", Person("王桂香", _NUMBER, "桂园3栋2单元401")),
        ("李明 139 7071 2345 岭秀花苑8-2-603", Person("李明", "13970712345", "岭秀花苑8-2-603")),
        ("何师傅，老机械厂5-201，手机13970712345", Person("何师傅", _NUMBER, "老机械厂5-201")),
        ("徐（岭秀9栋1单元）13970712345", Person("徐", _NUMBER, "岭秀9栋1单元")),
        ("桂园3栋张阿姨13970712345", Person("张阿姨", _NUMBER, "桂园3栋")),
        ("电话：13970712345（不愿透露姓名）", Person("", _NUMBER)),
        ("张先生13970712345、13970712346", Person("张先生", _NUMBER, "", has_more=True)),
        ("桂园3栋张阿姨", Person("桂园3栋张阿姨")), ("匿名", Person()),
    ],
)  # fmt: skip
def test_a_cell_is_parted_into_name_number_and_place(cell: str, found: Person) -> None:
    told = person(cell)
    assert (told.name, told.phone.replace(" ", ""), told.place, told.has_more) == (
        found.name, found.phone, found.place, found.has_more,
    )  # fmt: skip


def test_a_column_of_all_about_somebody_is_read_and_told(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,反映人信息,问题", "2026-11-3,王桂香13970712345桂园3栋2单元401,灯坏了",
        "2026-11-4,李明13970712346岭秀花苑8-2-603,门坏了",
    )  # fmt: skip
    assert headings(sheet)["reporter_name"] == "反映人信息"
    reading = read(sheet, takes_contacts=True)
    first = reading.good[0].report
    assert (first.reporter_name, first.location, first.estate_id) == (
        "王桂香", "桂园3栋2单元401", "guiyuan",
    )  # fmt: skip
    assert [one.sentence for one in reading.remarks] == ["一格里有称呼、电话和地址，已经分开。"] * 2


def test_a_name_alone_in_a_column_of_both_is_a_name(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "日期,称呼/电话,问题", "2026-11-3,饶大姐,社保卡密码忘了",
        "2026-11-4,李明 13970712345,灯坏了",
    ), takes_contacts=True)  # fmt: skip
    told = [(one.report.reporter_name, one.report.reporter_phone) for one in reading.good]
    assert told == [("饶大姐", ""), ("李明", "13970712345")]
    assert [one.note for one in reading.good] == ["", ""]
    assert [one.row for one in reading.remarks] == [3]


def test_numbers_among_words_are_left_out_with_those_in_a_column_of_their_own(
    tmp_path: Path,
) -> None:
    reading = read(of_text(
        tmp_path, "日期,姓名,家里,问题", "2026-11-3,王桂香,老伴13970712345,灯坏了",
        "2026-11-4,李明,儿子小李13970712346在外地,门坏了",
    ))  # fmt: skip
    assert [one.note for one in reading.good] == ["", ""]


def test_who_is_left_out_takes_their_address_along_and_the_row_is_the_same(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,反映人信息,问题", "2026-11-3,王桂香13970712345桂园3栋401,灯坏了",
    )  # fmt: skip
    (named,), (unnamed,) = read(sheet, takes_contacts=True).good, read(sheet).good
    assert (unnamed.report.reporter_name, unnamed.report.location, unnamed.note) == ("", "", "")
    assert named.keys == unnamed.keys
