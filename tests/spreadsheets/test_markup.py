"""What offices' systems export as .xls and is none: a web page's table, and Excel 2003's XML."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.sheets import FileRefused, Sheet, read_sheets
from tests.support.spreadsheets import HEADS, file_of, order

HEAD = "<html xmlns:x='urn:x'><head><meta charset=gbk><style>td{mso-number-format:1}</style></head>"


def web_page(rows: list[list[str]], tag: str = "td") -> str:
    lines = (
        "<TR>" + "".join(f"<{tag} class=xl1>{escape(cell)}</{tag}>" for cell in row) + "</TR>\r\n"
        for row in rows
    )
    return f"{HEAD}<body><table border=1>\r\n{''.join(lines)}</table></body></html>"


def only(text: str, folder: Path, encoding: str = "gb18030") -> Sheet:
    (found,) = reader.sheets(file_of(text.encode(encoding), folder))
    return found


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_the_table_of_a_web_page_is_read_like_a_sheet(tmp_path: Path, encoding: str) -> None:
    found = only(web_page([HEADS, order(1), order(2)]), tmp_path, encoding)
    assert found.headers == HEADS
    assert [row.cells for row in found.rows] == [tuple(order(1)), tuple(order(2))]


def test_cells_that_were_never_closed_are_told_apart_all_the_same(tmp_path: Path) -> None:
    text = web_page([HEADS, order(1)]).replace("</td>", "").replace("</TR>", "")
    assert only(text, tmp_path).rows[0].cells == tuple(order(1))


@pytest.mark.parametrize("begins", ["<!-- 导出 -->", "<div>", "<head></head><body>", "<center>"])
def test_a_page_may_begin_with_anything(tmp_path: Path, begins: str) -> None:
    text = web_page([HEADS, order(1)])
    assert only(begins + text[text.index("<table") :], tmp_path).headers == HEADS


def test_words_that_begin_with_a_bracket_are_no_page(tmp_path: Path) -> None:
    assert only("<时间>,内容\n2026-11-3,灯坏了\n", tmp_path).headers == ("<时间>", "内容")


def test_merged_headings_and_cells_stand_where_they_did(tmp_path: Path) -> None:
    text = (
        "<table><tr><th rowspan=2>受理时间<th rowspan=2>诉求内容<th colspan=2>来电人</tr>"
        "<tr><th>姓名<th>电话</tr>"
        "<tr><td rowspan=2>2026-11-03<td>路灯坏了<td>示例<td>0797-0000-1</tr>"
        "<tr><td>井盖松了<td>示例<td>0797-0000-2</tr></table>"
    )
    found = only(text, tmp_path)
    assert found.headers == ("受理时间", "诉求内容", "来电人·姓名", "来电人·电话")
    assert [row.cells[:2] for row in found.rows] == [
        ("2026-11-03", "路灯坏了"), ("2026-11-03", "井盖松了"),
    ]  # fmt: skip


def test_words_are_words_and_nothing_of_a_page_is_run_or_fetched(tmp_path: Path) -> None:
    cell = (
        "3栋<br>路灯<b>坏了</b>&lt;b&gt;&#x20;&amp;<script>不算</script><!-- 不算 -->"
        "<img src='http://evil.example/x'><table><tr><td>很黑</table>"
    )
    found = only(f"<table><tr><td>时间<td>内容<tr><td>2026-11-3<td>{cell}</table>", tmp_path)
    assert found.rows[0].cells == ("2026-11-3", "3栋\n路灯坏了<b> &很黑")


def test_the_xml_of_excel_2003_is_read_with_its_names_gaps_and_times(tmp_path: Path) -> None:
    rows = "".join(
        "<Row>" + "".join(f"<Cell><Data ss:Type='String'>{x}</Data></Cell>" for x in row) + "</Row>"
        for row in (["时间", "内容", "地点"], ["2026-11-03T15:04:00.000", "路灯坏了", "3栋"])
    )
    text = (
        "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
        "<!DOCTYPE x [<!ENTITY own SYSTEM 'file:///etc/hostname'>]>"
        "<Workbook xmlns='urn:s' xmlns:ss='urn:s'><Styles><Style ss:ID='a'/></Styles>"
        f"<Worksheet ss:Name='工单'><Table>{rows}<Row ss:Index='5'>"
        "<Cell><Data>2026-11-4</Data></Cell><Cell ss:Index='3'><Data>&own;5栋</Data></Cell></Row>"
        "</Table></Worksheet></Workbook>"
    )
    found = only(text, tmp_path, "utf-8")
    assert found.name == "工单"
    assert [(row.number, row.cells) for row in found.rows] == [
        (2, ("2026-11-03T15:04:00.000", "路灯坏了", "3栋")), (5, ("2026-11-4", "", "&own;5栋")),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "<table>" + "<tr><td rowspan=99999999 colspan=99999999>x" * 40_000,
        "<table><tr>" + "<td>x" * 1_500_000,
        "<table><tr><td>x</table>" * 100_000,
        "<table>" + "<tr>" * 2_100_000,
        "<table><tr><td>" * 300_000,
        "<html><!--" * 800_000,
        "<html>" + "<?" * 2_000_000,
        "<table><tr><td " + "a='" * 2_000_000,
    ],
)
def test_a_page_that_would_cost_too_much_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused):
        read_sheets(file_of(text.encode(), tmp_path))
