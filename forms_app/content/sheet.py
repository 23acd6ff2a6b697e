"""A kind's records as rows of a spreadsheet: its columns, the cells of a record, and back."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from forms_app.community import Circle
from forms_app.community.values import Unreadable
from forms_app.content.inputs import Choice, Choices, Line, Phone, YesNo, folded
from forms_app.content.kind import Field, Kind
from forms_app.content.listing import Record, Value, name_of
from forms_app.content.shape import Cells, Column, Fault, Read
from forms_app.rules.dates import full_date

KEY_LABEL = "编号"
KEY_NOTE = "系统自己编的，不要改；新加的行空着。"
# Pages of the workbook that hold no records, and what its title says of the file's version.
ASIDE = ("说明", "可选")
STAMP_DIGITS = 12
STAMP = re.compile(f"版本([0-9a-f]{{{STAMP_DIGITS}}})")
# What people call a column that names a record of a kind.
_REFERRED = {
    "communities": ("社区", "村居"), "estates": ("小区",), "venues": ("地点", "场所"),
    "departments": ("单位", "部门"), "organizations": ("党组织",),
}  # fmt: skip


class FieldShape:
    """A field a column, and behind them the key where it is made by itself."""

    def columns(self, kind: Kind, circle: Circle) -> tuple[Column, ...]:
        found = [_column(kind, one, circle) for one in kind.fields]
        return (*found, Column(KEY_LABEL, KEY_NOTE)) if kind.made else tuple(found)

    def cells(self, kind: Kind, values: Mapping[str, Value], circle: Circle) -> dict[str, str]:
        found = {
            one.label: one.input.shown(values.get(one.name) or "", circle) for one in kind.fields
        }
        return found | ({KEY_LABEL: str(values.get(kind.key[0], ""))} if kind.made else {})

    def read(
        self,
        kind: Kind,
        rows: Iterable[tuple[int, Cells]],
        known: Mapping[str, Record],
        circle: Circle,
        today: date,
    ) -> Read:
        found = Read()
        titles = unique_titles(kind, known)
        for row, cells in rows:
            values = _values(kind, row, cells, circle, today, found)
            name = _name(kind, row, cells, values, known, titles, found)
            if name is None:
                continue
            before = known[name].values if name in known else {}
            if name in found.wanted:
                said = f"和第 {found.rows[name]} 行是同一条"
                found.faults.append(Fault(row, "", said, "去掉一行，或者改成不一样的"))
                continue
            made = {kind.key[0]: name} if kind.made else {}
            found.wanted[name] = {**before, **values, **made}
            found.rows[name] = row
            for one in kind.fields:
                if one.is_needed and not found.wanted[name].get(one.name):
                    is_told = any(f.row == row and f.column == one.label for f in found.faults)
                    if not is_told:
                        found.faults.append(Fault(row, one.label, "没有填", "这一格必须填"))
        return found


FIELDS = FieldShape()


def above(kind: Kind, today: date, stamp: str) -> tuple[str, list[str]]:
    """What a workbook says above its headings, and what its other page explains first."""
    about = "一行一条，改好在网页上传，这一行和列名不要改"
    title = f"{kind.name}　{full_date(today)}下载　版本{stamp}　{about}"
    notes = [kind.about, "深色的列必填。写名称就行，不用写编号。日期写“2026年11月3日”。"]
    return title, notes


def unique_titles(kind: Kind, known: Mapping[str, Record]) -> dict[str, str]:
    """Names by what people call a record, where only one is called so."""
    found: dict[str, list[str]] = {}
    for name, record in known.items():
        title = kind.title(record.values, lambda _kind, key: key)
        found.setdefault(folded(title), []).append(name)
    return {title: names[0] for title, names in found.items() if len(names) == 1}


def fresh_name(kind: Kind, said: str) -> str:
    """A new record's key, made of what it says: the same each time the sheet is read."""
    return f"{kind.made}_{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def in_our_sheets(columns: Sequence[Column]) -> list[Column]:
    """Those that a sheet of ours has."""
    return [one for one in columns if not one.is_only_read]


def headings(columns: Sequence[Column], cells: Sequence[str]) -> dict[int, str]:
    """Which column stands at which place of a row of headings: by its label, else by a synonym,
    else by the longest synonym that the heading ends with.
    """
    found: dict[int, str] = {}
    texts = {place: folded(re.sub(r"[*＊]|[(（].*", "", cell)) for place, cell in enumerate(cells)}
    for wanted in (lambda one: (one.label,), lambda one: one.others):
        for column in columns:
            if column.label in found.values():
                continue
            names = {folded(re.sub(r"[(（].*", "", name)) for name in wanted(column)}
            place = next((p for p, t in texts.items() if t in names and p not in found), None)
            if place is not None:
                found[place] = column.label
    for place, text in texts.items():
        ends = [
            (len(name), column.label)
            for column in columns
            if column.label not in (KEY_LABEL, *found.values()) and place not in found
            for name in map(folded, (column.label, *column.others))
            if not name.isascii() and text.removesuffix("名称").endswith(name)
        ]
        if found and ends:
            found[place] = max(ends)[1]
    return found


def _others(kind: Kind, one: Field) -> tuple[str, ...]:
    """What people call a column in their own sheets: as the field says, or by what it holds."""
    found = one.others
    if kind.one not in _REFERRED.get(one.refers, ()):
        found += _REFERRED.get(one.refers, ())
    if one.name == "name" and not kind.is_single:
        found += (kind.one, f"{kind.one}名称", f"{kind.one}名", kind.name, "名称")
    phones = [each for each in kind.fields if isinstance(each.input, Phone)]
    if phones and one is phones[0]:
        found += ("电话", "手机", "手机号", "联系方式")
    return tuple(dict.fromkeys(found))


def _column(kind: Kind, one: Field, circle: Circle) -> Column:
    choices: tuple[str, ...] = ()
    if isinstance(one.input, YesNo):
        choices = ("是", "否")
    elif isinstance(one.input, Choice):
        choices = tuple(one.input.offers(circle).values())
    note = one.hint
    if isinstance(one.input, Choices):
        note = f"{note}可以写几个，用顿号分开：{'、'.join(choices)}"
        choices = ()
    width = 14 if one.input.letters <= Line().letters else 40
    return Column(one.label, note, one.is_needed, choices, (one.name, *_others(kind, one)), width)


def _values(
    kind: Kind, row: int, cells: Cells, circle: Circle, today: date, found: Read
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for one in kind.fields:
        if one.label not in cells:
            continue
        text = values[one.name] = cells[one.label].strip()
        fault = too_long(row, one.label, text, one.input.letters)
        if fault is not None:
            found.faults.append(fault)
            continue
        try:
            values[one.name] = one.input.read(text, circle, today) if text else ""
        except Unreadable as refused:
            found.faults.append(Fault(row, one.label, refused.problem, refused.remedy))
    return values


def too_long(row: int, label: str, text: str, most: int) -> Fault | None:
    """What is wrong with a cell of more letters than it may hold, which nobody then reads: a cell
    holds 32,767, and looking for hours in so many blanks takes a quarter of a minute.
    """
    if len(text) <= most:
        return None
    return Fault(row, label, f"有{len(text)}字，太长", f"最多{most}字")


def _name(
    kind: Kind,
    row: int,
    cells: Cells,
    values: Mapping[str, Value],
    known: Mapping[str, Record],
    titles: Mapping[str, str],
    found: Read,
) -> str | None:
    """Which record a row is of: by its key, else by what it is called; a new one else."""
    if kind.is_single:
        return next(iter(known), "all")
    if not kind.made:
        name = name_of(values, kind.key)
        if not name:
            label = next((f.label for f in kind.fields if f.name == kind.key[0]), "")
            found.faults.append(Fault(row, label, "没有填", "这一格必须填"))
            return None
        return name
    key = cells.get(KEY_LABEL, "").strip()
    if key in known:
        return key
    if key:
        said = f"没有编号「{key}」"
        found.faults.append(Fault(row, KEY_LABEL, said, "新加的行编号空着，由系统来编"))
        return None
    title = kind.title(values, lambda _kind, code: code)
    named = titles.get(folded(title))
    return named if named and named not in found.wanted else fresh_name(kind, f"{title} {row}")
