"""A spreadsheet of a kind's records: what it would add, change and take away, and then that.

A sheet that was downloaded says of which version it is: what somebody else changed since then
stays, and where both changed one cell, nothing is saved before that is settled.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from forms_app.community import Circle, DataError, DataRefused, load
from forms_app.content.kind import Kind, Shape
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Record, Unwritable, Value, filled
from forms_app.content.offers import names_in
from forms_app.content.records import Changed, as_bytes, changed_fields
from forms_app.content.saving import (
    Change,
    ChangedMeanwhile,
    content_now,
    decoded,
    place_of,
    save,
)
from forms_app.content.shape import Cells, Column, Fault, Read
from forms_app.content.sheet import (
    ASIDE,
    FIELDS,
    KEY_LABEL,
    STAMP,
    STAMP_DIGITS,
    headings,
    in_our_sheets,
)
from forms_app.content.sheet_rows import Lines, only_counts, rows_below, without_gaps
from forms_app.content.versions import content_of, digest_of, seen_digest, versions
from forms_app.rules.dates import full_date
from forms_app.rules.refused import Refused
from forms_app.rules.said import said
from forms_app.settings import Settings

HEADINGS_WITHIN = 20  # rows


class WrongSheet(Refused):
    """The file is no sheet of this kind; the sentence says what to do."""


class Told(Struct, frozen=True):
    """A record that the sheet adds or changes, and the row that says so."""

    row: int
    title: str
    fields: tuple[Changed, ...] = ()


class Planned(Struct, frozen=True):
    """What would become of a file."""

    seen: str  # the digest of the file that it was planned for
    page: str
    added: tuple[Told, ...] = ()
    changed: tuple[Told, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)  # not in the sheet: name → title
    same: int = 0
    rows: int = 0
    faults: tuple[Fault, ...] = ()
    elsewhere: tuple[DataError, ...] = ()
    warnings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # headings that were passed over
    changes: Mapping[str, Mapping[str, Value] | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether it would change nothing."""
        return not self.changes


def shape_of(kind: Kind) -> Shape:
    """How a kind is written in a sheet."""
    return kind.shape or FIELDS


def stamp_of(content: bytes) -> str:
    """What a downloaded sheet remembers of the file it was made of."""
    return digest_of(content)[:STAMP_DIGITS]


def plan(
    settings: Settings,
    kind: Kind,
    pages: Iterable[tuple[str, Lines]],
    circle: Circle,
    today: date,
    *,
    takes_away: bool,
) -> Planned:
    """What the sheet would do; `takes_away` also what is not in it. Raises WrongSheet, Unwritable.

    Nothing is written.
    """
    content = content_now(settings, kind.file)
    text = decoded(content)
    known = kind.layout.records(text)
    page, found = _found(kind, pages, known, circle, today)
    read = shape_of(kind).read(kind, found.rows, known, circle, today)
    base = _base(settings, kind, found.stamp)
    if base is not None:
        _merge(read, base, known, kind, circle)
    names = names_in(circle)
    titles = {n: kind.title(v, names) or n for n, v in read.wanted.items()}
    added, changed, same = [], [], 0
    changes: dict[str, Mapping[str, Value] | None] = {}
    for name, values in read.wanted.items():
        row = read.rows[name]
        before = known.get(name)
        if before is not None and filled(before.values) == filled(values):
            same += 1
            continue
        changes[name] = values
        if before is None:
            added.append(Told(row, titles[name]))
        else:
            differ = tuple(told_fields(kind, before.values, values, circle))
            changed.append(Told(row, titles[name], differ))
    held = known if base is None else {n: r for n, r in known.items() if _is_as(base, n, r)}
    missing = {
        name: kind.title(record.values, names) or name
        for name, record in held.items()
        if name not in read.wanted and not kind.is_single
    }
    if takes_away:
        changes |= dict.fromkeys(missing)
    faults = list(read.faults)
    elsewhere: tuple[DataError, ...] = ()
    if changes and not faults:
        more, elsewhere = _judged(settings, kind, text, changes, read)
        faults += more
    return Planned(
        digest_of(content), page, tuple(added), tuple(changed), missing, same,
        len(found.rows), tuple(faults), elsewhere, tuple(_warnings(read, base, found, today)),
        found.unknown, changes,
    )  # fmt: skip


def save_planned(settings: Settings, kind: Kind, planned: Planned, change: Change) -> bool:
    """Writes what was planned. Raises ChangedMeanwhile where the file is another one by now,
    DataRefused, ContentBusy and Unwritable."""

    def make(before: bytes) -> bytes:
        if digest_of(before) != planned.seen:
            raise ChangedMeanwhile
        text = kind.layout.changed(decoded(before), planned.changes, kind.order)
        return as_bytes(before, text)

    return save(settings, change, make)


def told_fields(
    kind: Kind, before: Mapping[str, Value], after: Mapping[str, Value], circle: Circle
) -> list[Changed]:
    """What differs, below the headings of the sheet."""
    if kind.shape is None:
        return changed_fields(kind, before, after, circle)
    old, new = (kind.shape.cells(kind, one, circle) for one in (before, after))
    return [Changed(label, old.get(label, ""), value) for label, value in new.items()
            if value != old.get(label, "")]  # fmt: skip


class _Found(Struct, frozen=True):
    """The rows of the page that is meant, by label."""

    rows: list[tuple[int, Cells]]
    stamp: str
    unknown: tuple[str, ...]


def _found(
    kind: Kind,
    pages: Iterable[tuple[str, Lines]],
    known: Collection[str],
    circle: Circle,
    today: date,
) -> tuple[str, _Found]:
    """The page with most of the kind's headings. Raises WrongSheet."""
    held = [(name, without_gaps(lines)) for name, lines in pages if name not in ASIDE]
    columns = shape_of(kind).columns(kind, circle)
    best: tuple[int, str, Lines, int, dict[int, str]] | None = None
    for name, lines in held:
        for at, (_number, cells) in enumerate(lines[:HEADINGS_WITHIN]):
            places = headings(columns, cells)
            if places and (best is None or len(places) > best[0]):
                best = (len(places), name, lines, at, places)
    _refuse_wrong(kind, columns, best[4] if best else {}, held, circle)
    if best is None:
        raise WrongSheet("这个文件里什么也没有。")
    _, name, lines, at, places = best
    head = lines[at][1]
    rows = rows_below(kind, lines[at + 1 :], places, circle, today)
    if not rows:
        raise WrongSheet("这张表里只有列名，下面没有内容。请在列名下面一行写一条，再上传。")
    above = " ".join(cell for _, cells in lines[:at] for cell in cells)
    stamp = STAMP.search(re.sub(r"\s", "", above))
    if not stamp and only_counts(rows, known):
        places = {p: label for p, label in places.items() if label != KEY_LABEL}
        rows = [(number, {k: v for k, v in own.items() if k != KEY_LABEL}) for number, own in rows]
    if not stamp:  # in a sheet of their own, an empty cell says nothing
        rows = [(number, {k: v for k, v in own.items() if v.strip()}) for number, own in rows]
    unknown = tuple(c for p, c in enumerate(head) if c.strip() and p not in places)
    return name, _Found(rows, stamp[1] if stamp else "", unknown)


def _refuse_wrong(
    kind: Kind,
    columns: Sequence[Column],
    places: Mapping[int, str],
    held: Sequence[tuple[str, Lines]],
    circle: Circle,
) -> None:
    """Raises WrongSheet where the headings are another kind's, or too few are known."""
    here = set(places.values())
    firsts = {one.label for one in columns if one.is_needed}
    told = [one for one in in_our_sheets(columns) if one.label != KEY_LABEL]
    is_enough = len(here - {KEY_LABEL}) >= min(2, len(told)) and here & (firsts or here)
    better = ""
    for other in KINDS.values():
        if other is kind:
            continue
        labels = shape_of(other).columns(other, circle)
        most = max(
            (len(headings(labels, cells)) for _, lines in held
             for _, cells in lines[:HEADINGS_WITHIN]), default=0,
        )  # fmt: skip
        if most > len(here) and most > len(labels) // 2:
            better = other.name
            break
    if better:
        raise WrongSheet(
            said(
                "这像是“%(other)s”的表，不是“%(kind)s”的，什么也没有改。请到“%(other)s”那一页上传。",
                other=said(better), kind=said(kind.name),
            )
        )  # fmt: skip
    if not is_enough:
        usable = "、".join(one.label for one in told)
        raise WrongSheet(
            said(
                "在这个文件里找不到“%(kind)s”的列名，什么也没有改。"
                "请先下载现在的表，在上面改；或者把列名写成：%(names)s。",
                kind=said(kind.name), names=usable,
            )
        )  # fmt: skip


def _base(settings: Settings, kind: Kind, stamp: str) -> dict[str, Record] | None:
    """The records as the sheet was made of them; None where nobody knows any more."""
    content = content_now(settings, kind.file)
    if not stamp:
        return None
    if stamp_of(content) != stamp:
        kept = [one for one in versions(place_of(settings), kind.file)
                if one.digest.startswith(stamp)]  # fmt: skip
        found = content_of(place_of(settings), kind.file, kept[0]) if kept else None
        if found is None:
            return None
        content = found
    try:
        return kind.layout.records(decoded(content))
    except Unwritable:
        return None


def _merge(
    read: Read, base: Mapping[str, Record], known: Mapping[str, Record], kind: Kind, circle: Circle
) -> None:
    """What only others changed since the sheet was made stays; what both did is told."""
    for name in list(read.wanted):
        was, now = base.get(name), known.get(name)
        if was is not None and now is None:
            if filled(read.wanted[name]) == filled(was.values):
                del read.wanted[name]  # others took it away, and the sheet did not touch it
            else:
                told = "下载以后，别人把这一条去掉了"
                read.faults.append(Fault(read.rows[name], "", told, "还要的，编号空着当作新的"))
            continue
        if was is None or now is None or was.values == now.values:
            continue
        for field_name in {*was.values, *now.values, *read.wanted[name]}:
            before, theirs = was.values.get(field_name) or "", now.values.get(field_name) or ""
            mine = read.wanted[name].get(field_name) or ""
            if before == theirs or mine == theirs:
                continue
            if mine == before:
                read.wanted[name][field_name] = theirs
                continue
            one = kind.field(field_name)
            shown = one.input.shown(theirs, circle) if one else str(theirs)
            told = said("下载以后，别人把这一格改成了「%(now)s」", now=shown)
            label = one.label if one else field_name
            read.faults.append(Fault(read.rows[name], label, told, "改成一样的，或者重新下载再改"))


def _is_as(base: Mapping[str, Record], name: str, record: Record) -> bool:
    """Whether it stood in the sheet when that was made, and nobody changed it since."""
    return name in base and seen_digest(base[name]) == seen_digest(record)


def _judged(
    settings: Settings,
    kind: Kind,
    text: str,
    changes: Mapping[str, Mapping[str, Value] | None],
    read: Read,
) -> tuple[list[Fault], tuple[DataError, ...]]:
    """What the loader says of the file as it would be, by row where it is the sheet's."""
    after = kind.layout.changed(text, changes, kind.order)
    try:
        load(settings.community_dir, instead={kind.file: after.encode()})
    except DataRefused as refused:
        errors = refused.errors
    else:
        return [], ()
    owner: dict[int, str] = {}
    for name, record in kind.layout.records(after).items():
        owner |= dict.fromkeys(range(record.first + 1, record.end + 1), name)
    faults: list[Fault] = []
    elsewhere: list[DataError] = []
    for error in errors:
        name = owner.get(error.line, "") if error.file == kind.file else ""
        if name in read.rows:
            one = kind.field(error.column.split(" ")[0])
            label = one.label if one else error.column
            faults.append(Fault(read.rows[name], label, error.problem, error.remedy))
        else:
            elsewhere.append(error)
    return faults, tuple(elsewhere)


def _warnings(
    read: Read, base: Mapping[str, Record] | None, found: _Found, today: date
) -> Iterable[str]:
    if read.newest is not None and read.newest < today:
        yield said(
            "表里最晚的日子是%(day)s，都已经过去了，像是以前的表。是要存的，请打勾。",
            day=full_date(read.newest),
        )
    if found.stamp and base is None:
        yield "这张表太旧，对不上是哪一版：别人后来改的，可能会被改回去。请细看下面的改动。"


def grouped(faults: Sequence[Fault]) -> list[tuple[Fault, list[int]]]:
    """Each cause once, with the rows that have it; the one that most rows have comes first."""
    found: dict[tuple[str, str], tuple[Fault, list[int]]] = {}
    for one in faults:
        found.setdefault((one.column, one.problem), (one, []))[1].append(one.row)
    return sorted(found.values(), key=lambda one: (-len(one[1]), one[1][0]))
