"""A sheet's rows as the reports they would become, and every row that cannot, with its remedy."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forms_app.casework import Incoming, Report
from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES
from forms_app.spreadsheets.columns import COLUMNS
from forms_app.spreadsheets.sheets import Row, Sheet
from forms_app.spreadsheets.values import EARLIEST, is_finished, moment, name, narrow, phone

DESCRIPTION_LETTERS, LOCATION_LETTERS, NAME_LETTERS = 2000, 100, 30


@dataclass(frozen=True)
class Choices:
    """How somebody wants a sheet read."""

    columns: Mapping[str, int]  # a name of COLUMNS → the place of a column
    usual_community: str = ""  # for rows that name none
    usual_channel: str = ""  # for rows that name none
    takes_contacts: bool = False
    takes_finished: bool = False


@dataclass(frozen=True)
class Fault:
    row: int
    column: str
    sentence: str


@dataclass
class Reading:
    good: list[Incoming] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    finished: int = 0  # left out: the file says that they are over


class _Wrong(Exception):
    def __init__(self, column: str, sentence: str) -> None:
        self.column = column
        self.sentence = sentence
        super().__init__(sentence)


def read_rows(
    circle: Circle, sheet: Sheet, choices: Choices, within: Mapping[str, str], now: datetime
) -> Reading:
    """Every row of the sheet; `within` are the communities that its reader may enter for."""
    reader = _Reader(circle, sheet, choices, within, now)
    reading = Reading()
    seen: dict[str, int] = {}
    for row in sheet.rows:
        if not choices.takes_finished and reader.is_finished(row):
            reading.finished += 1
            continue
        incoming, wrong = reader.read(row)
        if incoming:
            wrong += _repeated(incoming, seen)
        if wrong:
            reading.faults += [
                Fault(row.number, reader.heading(error.column), error.sentence) for error in wrong
            ]
        elif incoming:
            reading.good.append(incoming)
    return reading


@dataclass(frozen=True)
class Prepared:
    """A sheet ready to be taken."""

    fresh: tuple[Incoming, ...]
    known: tuple[Incoming, ...]  # imported before
    faults: tuple[Fault, ...]  # by row
    finished: int

    @property
    def takeable(self) -> tuple[Incoming, ...]:
        """Fresh and known: known ones are passed over once more when they are taken."""
        return (*self.fresh, *self.known)

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})


def prepared(reading: Reading, issues: Mapping[str, str], number_heading: str) -> Prepared:
    """The reading beside what was imported before; `issues` is key of a row → issue's number."""
    fresh, known, faults = [], [], list(reading.faults)
    for row in reading.good:
        if issues.keys().isdisjoint(row.keys):
            fresh.append(row)
        elif row.keys[-1] in issues:
            known.append(row)
        else:
            sentence = said(
                "这个编号已经导入过（问题%(number)s），但时间或内容不一样。"
                "是同一件就删掉这一行，不是就改编号。",
                number=issues[row.keys[0]],
            )
            faults.append(Fault(row.row, number_heading, sentence))
    faults.sort(key=lambda fault: fault.row)
    return Prepared(tuple(fresh), tuple(known), tuple(faults), reading.finished)


class _Reader:
    def __init__(
        self,
        circle: Circle,
        sheet: Sheet,
        choices: Choices,
        within: Mapping[str, str],
        now: datetime,
    ) -> None:
        self.circle, self.sheet, self.choices, self.now = circle, sheet, choices, now
        self.within = within
        self.estates = {
            _plain(estate.name): estate
            for estate in sorted(circle.estates.values(), key=lambda e: len(e.name))
        }
        self.channels = {_plain(label): code for code, label in circle.channels.items()}
        self.categories = {
            _plain(part): category.code
            for category in circle.categories.values()
            for part in (category.name, *category.name.split("、"))
        }

    def cell(self, row: Row, name: str) -> str:
        place = self.choices.columns.get(name)
        return "" if place is None or place >= len(row.cells) else row.cells[place]

    def heading(self, name: str) -> str:
        place = self.choices.columns.get(name)
        head = self.sheet.headers[place] if place is not None else ""
        return head or COLUMNS[name].label

    def is_finished(self, row: Row) -> bool:
        return is_finished(self.cell(row, "state"), self.cell(row, "finished_at"))

    def read(self, row: Row) -> tuple[Incoming | None, list[_Wrong]]:
        """The report, or all that is wrong with the row at once."""
        wrong: list[_Wrong] = []
        values: dict[str, str] = {}
        for part in (self._words, self._place, self._contact, self._channel):
            try:
                values |= part(row)
            except _Wrong as error:
                wrong.append(error)
        received_at = self._received_at(row, wrong)
        if wrong or received_at is None:
            return None, wrong
        report = Report(**values)
        number = narrow(self.cell(row, "number"))
        words = f"words\n{received_at.timestamp():.0f}\n{_plain(report.description)}"
        keys = [_hash(words)]
        if number:
            keys.insert(0, _hash(f"number\n{report.channel}\n{number.upper()}"))
        return Incoming(row.number, tuple(keys), report, received_at, self._note(row, number)), []

    def _words(self, row: Row) -> dict[str, str]:
        title, text = self.cell(row, "title"), self.cell(row, "description")
        if not text:
            raise _Wrong("description", "没有写问题。请补上，或者删掉这一行。")
        if title and title not in text:
            text = f"{title}\n{text}"
        if len(text) > DESCRIPTION_LETTERS:
            raise _Wrong(
                "description",
                said(
                    "有%(letters)s字，最多%(most)s字，请删减。",
                    letters=len(text),
                    most=DESCRIPTION_LETTERS,
                ),
            )
        category = _plain(self.cell(row, "category"))
        within = [code for label, code in self.categories.items() if label in category]
        code = self.categories.get(category) or (within[0] if within else "")
        nature = next(
            (key for key, name in NATURES.items() if name in self.cell(row, "nature")), ""
        )
        return {"description": text, "category": code, "nature": nature}

    def _place(self, row: Row) -> dict[str, str]:
        written = self.cell(row, "community")
        elsewhere = [self.cell(row, name) for name in ("estate", "location")]
        estate = next(
            (e for text in (*elsewhere[:1], written, elsewhere[1])
             for label, e in self.estates.items() if text and label in _plain(text)),
            None,
        )  # fmt: skip
        community_id = self._community(written)
        if not community_id and estate is not None:
            community_id = estate.community_id
        if not community_id and written and not self.choices.usual_community:
            names = "、".join(self.within.values())
            raise _Wrong(
                "community",
                said(
                    "没有叫“%(name)s”的社区。请改成%(names)s中的一个。",
                    name=written[:20],
                    names=names,
                ),
            )
        community_id = community_id or self.choices.usual_community
        if not community_id:
            raise _Wrong("community", "没有写社区。请补上，或者在上一步统一选一个社区。")
        if community_id not in self.within:
            other = self.circle.unit_name(community_id)
            raise _Wrong(
                "community",
                said("这一行是%(other)s的，不在您能登记的社区里。请删掉这一行。", other=other),
            )
        location = re.sub(r"\s+", " ", self.cell(row, "location"))
        if len(location) > LOCATION_LETTERS:
            raise _Wrong(
                "location",
                said(
                    "有%(letters)s字，最多%(most)s字，请删减。",
                    letters=len(location),
                    most=LOCATION_LETTERS,
                ),
            )
        is_here = estate is not None and estate.community_id == community_id
        if not is_here and self.cell(row, "estate") and not location:
            location = self.cell(row, "estate")[:LOCATION_LETTERS]
        return {
            "community_id": community_id,
            "estate_id": estate.id if estate is not None and is_here else "",
            "location": location,
        }

    def _community(self, written: str) -> str:
        words = _plain(written)
        if not words:
            return ""
        for community in self.circle.communities.values():
            label = _plain(community.name)
            short = label.removesuffix("社区")
            if words in (label, short, community.id) or label in words or words == short:
                return community.id
        return ""

    def _contact(self, row: Row) -> dict[str, str]:
        if not self.choices.takes_contacts:
            return {}
        called = name(self.cell(row, "reporter_name"))
        if len(called) > NAME_LETTERS:
            raise _Wrong(
                "reporter_name",
                said("最多%(most)s字，请只写怎么称呼。", most=NAME_LETTERS),
            )
        number = phone(self.cell(row, "reporter_phone"))
        if number is None:
            raise _Wrong("reporter_phone", "不像一个电话号码。请只写一个号码，或者空着。")
        return {"reporter_name": called, "reporter_phone": number}

    def _channel(self, row: Row) -> dict[str, str]:
        words = _plain(self.cell(row, "channel"))
        found = self.channels.get(words) or next(
            (code for label, code in self.channels.items()
             if words and (label in words or words in label)),
            "",
        )  # fmt: skip
        return {"channel": found or self.choices.usual_channel}

    def _received_at(self, row: Row, wrong: list[_Wrong]) -> datetime | None:
        text = self.cell(row, "received_at")
        found = moment(text, self.now) if text else None
        if not text:
            wrong.append(_Wrong("received_at", "没有写时间。请补上，例如 2026-11-03 15:04。"))
        elif found is None:
            wrong.append(
                _Wrong(
                    "received_at",
                    said("“%(text)s”看不懂。请写成 2026-11-03 15:04 这样。", text=text[:30]),
                )
            )
        elif not EARLIEST <= found <= self.now:
            late = found > self.now
            wrong.append(
                _Wrong(
                    "received_at",
                    said(
                        "“%(text)s”%(when)s，请核对年份。",
                        text=text[:30],
                        when=said("还没有到" if late else "太早"),
                    ),
                )
            )
            return None
        return found

    def _note(self, row: Row, number: str) -> str:
        """What the file says beside, for colleagues."""
        parts = [
            "来源编号：" + number if number else "",
            *(
                said(
                    "来源%(label)s：%(cell)s",
                    label=COLUMNS[name].label,
                    cell=self.cell(row, name)[:100],
                )
                for name in ("state", "finished_at", "category", "channel")
                if self.cell(row, name)
            ),
        ]
        return "；".join(part for part in parts if part)


def _repeated(incoming: Incoming, seen: dict[str, int]) -> list[_Wrong]:
    """What is wrong with a row that the file holds twice; `seen` is key → row, and grows."""
    words, number = incoming.keys[-1], incoming.keys[0]
    if words in seen:
        return [
            _Wrong("description", said("和第%(row)s行是同一件，请删掉其中一行。", row=seen[words]))
        ]
    if number in seen:
        return [
            _Wrong(
                "number",
                said("编号和第%(row)s行一样。请核对编号，或者删掉这一行。", row=seen[number]),
            )
        ]
    seen.update(dict.fromkeys(incoming.keys, incoming.row))
    return []


def _plain(text: str) -> str:
    """Words to compare by: without blanks, brackets and what stands in them."""
    return re.sub(r"[（(].*?[)）]|\s+", "", narrow(text)).lower()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
