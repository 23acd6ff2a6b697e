"""Spreadsheet files that want to hold a reader up, written by hand and small on the disk."""

import warnings
import zipfile
from io import BytesIO

_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_HEADS = ("工单编号", "受理时间", "诉求内容", "所属社区")
_ROW = ("GD1", "2026-11-03 09:00", "路灯不亮", "金桂社区")


def raw_xlsx(sheet: str, strings: str = "", *, before: str = "", pages: int = 1) -> bytes:
    """A workbook whose `worksheet` element holds just this; `before` stands ahead of it."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        listed = "".join(
            f'<sheet name="表{n}" sheetId="{n}" r:id="p"/>' for n in range(1, pages + 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="p" Type="{_RELS}/worksheet" '
            f'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{strings}</sst>')
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{before}<worksheet xmlns="{_MAIN}">'.encode())
            part.write(sheet.encode())
            part.write(b"</worksheet>")
    return content.getvalue()


def raw_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def raw_row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def raw_rows(*more: str) -> str:
    """The sheet data with headings, one good row, and more."""
    heads = "".join(raw_cell(f"{chr(65 + n)}1", words) for n, words in enumerate(_HEADS))
    good = "".join(raw_cell(f"{chr(65 + n)}2", words) for n, words in enumerate(_ROW))
    return f"<sheetData>{raw_row(1, heads)}{raw_row(2, good)}{''.join(more)}</sheetData>"


def merged_cells(count: int) -> bytes:
    """A workbook with so many merged areas."""

    areas = '<mergeCell ref="A3:A4"/>' * count
    return raw_xlsx(f"{raw_rows()}<mergeCells>{areas}</mergeCells>")


def merged_to_the_end(count: int) -> bytes:
    """Few rows, and as many areas that each go over the whole sheet."""
    areas = '<mergeCell ref="A2:XFD1048576"/>' * count
    filled = (raw_row(n, raw_cell(f"B{n}", "x")) for n in range(3, 20_000))
    return raw_xlsx(f"{raw_rows(*filled)}<mergeCells>{areas}</mergeCells>")


def million_columns() -> bytes:
    """A row with a million cells, none with its address."""
    wide = '<c t="inlineStr"><is><t>内容</t></is></c>' * 1_000_000
    return raw_xlsx(f"<sheetData><row r='1'>{wide}</row></sheetData>")


def million_column_csv() -> bytes:
    return (",".join(["内容"] * 1_000_000) + "\n" + ",".join("x" * 1_000_000) + "\n").encode()


def long_text_everywhere() -> bytes:
    """One text of 30,000 letters that a hundred thousand cells share."""
    cells = (raw_row(n, f'<c r="C{n}" t="s"><v>0</v></c>') for n in range(3, 100_000))
    return raw_xlsx(raw_rows(*cells), f"<si><t>{'长' * 30_000}</t></si>")


def many_strings() -> bytes:
    return raw_xlsx(raw_rows(), "<si><t>x</t></si>" * 5_000_000)


def bordered_to_the_end(columns: int) -> bytes:
    """Two rows with something in them, and a million with a border alone."""
    cells = '<c s="1"/>' * columns
    border = f"<row>{cells}</row>" * 1_048_574
    return raw_xlsx(f"{raw_rows().removesuffix('</sheetData>')}{border}</sheetData>")


def entities() -> bytes:
    """A billion laughs."""
    laughs = "".join(
        f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)
    )  # fmt: skip
    return raw_xlsx(
        f"<sheetData>{raw_row(1, raw_cell('A1', '&l9;'))}</sheetData>",
        before=f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}]>',
    )


def endless_number() -> bytes:
    return raw_xlsx(
        raw_rows(raw_row(3, '<c r="A3"><v>1e99999999</v></c><c r="B3"><v>9e307</v></c>'))
    )


def thousands_of_pages() -> bytes:
    return raw_xlsx(raw_rows(), pages=5000)


def raw_ods(table: str) -> bytes:
    """A workbook in the open format whose one table holds just this."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{_ODF}:office:1.0" '
            f'xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="工单">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def ods_row(*texts: str, times: int = 1, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell table:number-columns-repeated="{repeated}" '
        f'office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def repeated_ods() -> bytes:
    """One cell that says it stands in every cell of the sheet."""
    return raw_ods(ods_row(*_HEADS) + ods_row("内容", times=1_048_576, repeated=16_384))


HOSTILE = {
    "three million merged cells": lambda: merged_cells(3_000_000),
    "merged areas over the whole sheet": lambda: merged_to_the_end(40_000),
    "a million columns": million_columns,
    "a million columns of plain text": million_column_csv,
    "one long text in every cell": long_text_everywhere,
    "five million texts": many_strings,
    "entities within entities": entities,
    "thousands of pages": thousands_of_pages,
    "one cell repeated everywhere": repeated_ods,
}


def _zip(*parts: tuple[str, bytes]) -> bytes:
    content = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two parts of one name are meant
        for name, part in parts:
            archive.writestr(name, part)
    return content.getvalue()


def _parts(workbook: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def with_parts(*more: tuple[str, bytes], **instead: bytes) -> bytes:
    """A sound workbook with more parts, or with others in the place of its own (by their end)."""
    parts = [
        (name, next((part for end, part in instead.items() if name.endswith(f"{end}.xml")), given))
        for name, given in _parts(raw_xlsx(raw_rows()))
    ]
    return _zip(*parts, *more)


def with_target(target: str) -> bytes:
    """A workbook whose page is said to lie there."""
    parts = [
        (name, part.replace(b"worksheets/sheet1.xml", target.encode()))
        for name, part in _parts(raw_xlsx(raw_rows()))
    ]
    return _zip(*parts)


def outside_entity() -> bytes:
    return raw_xlsx(
        f"<sheetData>{raw_row(1, raw_cell('A1', '&x;'))}</sheetData>",
        before='<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    )


def deep() -> bytes:
    return raw_xlsx("<a>" * 200_000 + "</a>" * 200_000)


def zeros() -> bytes:
    return with_parts(sheet1=b"<worksheet>" + b" " * 300_000_000)


# What may be read or refused, but holds nobody up and brings nothing along.
ODD = {
    "nothing": lambda: b"",
    "half a workbook": lambda: raw_xlsx(raw_rows())[:700],
    "a zip of something else": lambda: _zip(("x.txt", b"x")),
    "a zip within a zip": lambda: _zip(("xl/workbook.xml", _zip(("x", b"x")))),
    "names that lead out": lambda: with_parts(("../../../tmp/slipped-out", b"x"), ("/etc/x", b"x")),
    "a page that lies elsewhere": lambda: with_target("../../../../etc/passwd"),
    "a page on the net": lambda: with_target("http://127.0.0.1:1/sheet.xml"),
    "a page that is the list of pages": lambda: with_target("workbook.xml"),
    "two parts of one name": lambda: with_parts(("xl/workbook.xml", b"<x/>")),
    "a program inside": lambda: with_parts(("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 500)),
    "links to other workbooks": lambda: with_parts(
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    ),
    "an entity from outside": outside_entity,
    "a definition from outside": lambda: raw_xlsx(
        raw_rows(), before='<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:1/x.dtd">'
    ),
    "elements within elements": deep,
    "three hundred megabytes of blanks": zeros,
    "twenty thousand parts": lambda: with_parts(*((f"x/{n}", b"") for n in range(20_000))),
    "formulas": lambda: raw_xlsx(
        raw_rows(raw_row(3, "<c r='A3'><f>WEBSERVICE(\"http://127.0.0.1:1/\")</f><v>1</v></c>"))
    ),
    "rows without numbers": lambda: raw_xlsx(raw_rows("<row r='-1'><c r='A0'/></row>")),
    "a row beyond all": lambda: raw_xlsx(raw_rows(raw_row(10**12, raw_cell("A1", "x")))),
    "a column beyond all": lambda: raw_xlsx(raw_rows(raw_row(3, raw_cell("ZZZZZZZZ3", "x")))),
    "a text that is not there": lambda: raw_xlsx(
        raw_rows(raw_row(3, "<c r='A3' t='s'><v>99999999</v></c><c t='s'><v>-1</v></c>")), "<si/>"
    ),
    "a number of four hundred digits": lambda: raw_xlsx(
        raw_rows(raw_row(3, f"<c r='A3'><v>{'9' * 400}</v></c><c t='s'><v>{'9' * 400}</v></c>"))
    ),
    "a style that is not there": lambda: raw_xlsx(
        raw_rows(raw_row(3, "<c r='A3' s='99999'><v>1</v></c>"))
    ),
    "a merged area that is none": lambda: raw_xlsx(
        f"{raw_rows()}<mergeCells><mergeCell ref='A1'/><mergeCell ref='x:y'/></mergeCells>"
    ),
    "letters of no alphabet": lambda: with_parts(sheet1=b"<?xml version='1.0' encoding='x'?><a/>"),
    "an old workbook that is none": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
    "an old workbook of zeros": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50_000,
    "text with nothing in it": lambda: b"\0" * 100_000,
    "text whose quote never ends": lambda: b'a,b\n"' + b"x" * 5_000_000,
    "half a letter": lambda: "工单,内容\n1,路".encode()[:-1],
    "text of two bytes that breaks off": lambda: b"\xff\xfe" + "工单".encode("utf-16-le") + b"\xd8",
    "an open workbook of nothing": lambda: raw_ods(""),
    "an open workbook repeated below nothing": lambda: raw_ods(ods_row("x", times=-5, repeated=-1)),
    "a page": lambda: b"<html><table><tr><td>x</td></tr></table></html>",
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
}
