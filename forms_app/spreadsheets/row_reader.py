"""One row of a sheet as the report it would become, or all that is wrong with it at once.

What a column holds beside the report goes into the note, word for word; whatever was understood
only nearly is told.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from forms_app.casework import Incoming, Report
from forms_app.community import Circle
from forms_app.rules.lengths import LETTER_LETTERS
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES
from forms_app.spreadsheets.around import Around
from forms_app.spreadsheets.choices import Choices, Fault, Reading, cut
from forms_app.spreadsheets.columns import COLUMNS, NAME_AND_PHONE
from forms_app.spreadsheets.doubts import Doubts
from forms_app.spreadsheets.judging import personal
from forms_app.spreadsheets.meanings import Meaning, Meanings, plain
from forms_app.spreadsheets.named_cells import NamedCells, one_line
from forms_app.spreadsheets.persons import Person, person
from forms_app.spreadsheets.profile import MIDNIGHT, SOLID_CLOCK
from forms_app.spreadsheets.sheets import BROKEN, Row, Sheet
from forms_app.spreadsheets.states import OPEN, OVER, States
from forms_app.spreadsheets.values import (
    EARLIEST,
    bare,
    first_phone,
    is_damaged,
    is_error,
    mobiles,
    moment,
    says_no_year,
)

LOCATION_LETTERS, NAME_LETTERS = 100, 30


class Wrong(Exception):
    """What is wrong with a field of a row."""

    def __init__(self, column: str, sentence: str) -> None:
        self.column = column
        self.sentence = sentence
        super().__init__(sentence)


class RowReader:
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
        self.reading = Reading()
        place = choices.columns.get("state")
        self.reading.states = "" if place is None else sheet.headers[place]
        self.meanings = Meanings(circle, choices.meanings)
        self.cells = NamedCells(sheet, choices.columns)
        self.cell, self.heading = self.cells.cell, self.cells.heading
        used = set(choices.columns.values())
        hidden = set(choices.left_out)
        if not choices.takes_contacts:
            hidden |= personal(sheet.headers, sheet.rows)
        described = [row for row in sheet.rows if self.cell(row, "description")]
        days = [(row.number, bare(self.cell(row, "received_at"))) for row in described]
        self.around = Around(circle, sheet, choices, self.meanings, days, now, within)
        self._named_with_phone = "reporter_name" not in choices.columns and bool(
            NAME_AND_PHONE.search(bare(self.heading("reporter_phone")))
        )
        self._person_column = "reporter_phone" if self._named_with_phone else "reporter_name"
        # Of the row that is read: the estate that its own cells name, whether its place is a home.
        self._own_estate, self._is_home = "", False
        self.noted = [p for p in range(len(sheet.headers)) if p not in used | hidden]
        self.states = States(self.cells, choices.meanings.get("state", {}))
        self._doubts = Doubts(self.cells, self.states, choices, self.noted)

    def remark(self, row: Row, name: str, sentence: str) -> None:
        self.reading.remarks.append(Fault(row.number, self.heading(name), sentence))

    def read(self, row: Row) -> tuple[Incoming | None, list[Wrong]]:
        """The report, or all that is wrong with the row at once."""
        wrong: list[Wrong] = []
        self._is_home = False
        values: dict[str, str] = {}
        for part in (self._words, self._place, self._contact, self._channel):
            try:
                values |= part(row)
            except Wrong as error:
                wrong.append(error)
        received_at = self._received_at(row, wrong)
        if wrong or received_at is None:
            return None, wrong
        report = Report(**values)
        self.reading.remarks += self._doubts.of(row)
        number = self._number(row)
        # A day that was said for all rows may be another one next time.
        at = f"{received_at.timestamp():.0f}" if self.cell(row, "received_at") else ""
        told = f"words\n{at}\n{plain(report.description)}"
        # What is only concluded from elsewhere may be concluded otherwise next time.
        estate_id = report.estate_id if self._own_estate else ""
        # What stands beside a name may be left out next time.
        location = "" if self._is_home else plain(report.location)
        place = f"{report.community_id}\n{estate_id}\n{location}"
        keys = [key_hash(f"{told}\n{place}")]
        if number:
            keys.insert(0, key_hash(f"number\n{report.channel}\n{number.upper()}"))
            self.reading.numbers[row.number] = number
        incoming = Incoming(
            row.number, tuple(keys), report, received_at, self._note(row, number, report),
            former=(key_hash(told),),
        )  # fmt: skip
        return incoming, []

    def _number(self, row: Row) -> str:
        """The row's number in its source, where it can be relied on."""
        number = bare(self.cell(row, "number"))
        place = self.choices.columns.get("number")
        if not number or is_error(number):
            return ""
        if place in row.rounded or is_damaged(number):
            self.remark(
                row, "number", "数太长，被表格软件改过尾数，不用来认重复；原来的数写进内部备注。"
            )
            return ""
        return number

    def _words(self, row: Row) -> dict[str, str]:
        title, text = self.cell(row, "title"), self.cell(row, "description")
        if not text:
            raise Wrong("description", "没有写问题。请补上，或者删掉这一行。")
        if is_error(text):
            raise Wrong(
                "description", said("写着“%(text)s”，是算错的公式。请改成文字。", text=text)
            )
        if BROKEN in text:
            raise Wrong("description", "有认不出来的字（�）。请改好这一行。")
        if title and title not in text and not is_error(title):
            text = f"{title}\n{text}"
        if len(text) > LETTER_LETTERS:
            raise Wrong(
                "description",
                said(
                    "有%(letters)s字，最多%(most)s字，请删减。",
                    letters=len(text),
                    most=LETTER_LETTERS,
                ),
            )
        nature = next(
            (key for key, name in NATURES.items() if name in self.cell(row, "nature")), ""
        )
        return {"description": text, "category": self._meant(row, "category"), "nature": nature}

    def _meant(self, row: Row, kind: str) -> str:
        """What a cell of one of our kinds means; words that are no name of ours are told once."""
        text = self.cell(row, kind)
        if not text or is_error(text):
            return ""
        meaning = self.meanings.of(kind, text)
        chosen = text in self.choices.meanings.get(kind, {})
        if chosen or meaning.is_near or not meaning.code:
            self._keep(kind, text, meaning)
        return meaning.code

    def ask_of_state(self, row: Row, word: str, says_over: bool | None, over: Fault | None) -> None:
        """Keeps a word to ask about, unless something else says that its matter is over."""
        if word and (says_over is not None or over is None):
            self.reading.state_words[row.number] = word
            self._keep("state", word, Meaning(OVER if says_over else OPEN, is_near=True))

    def _keep(self, kind: str, word: str, meaning: Meaning) -> None:
        words = self.reading.words.setdefault(kind, {})
        words[word] = (meaning, words.get(word, (meaning, 0))[1] + 1)

    def _place(self, row: Row) -> dict[str, str]:
        written, named = self.cell(row, "community"), self.cell(row, "estate")
        location = one_line(self.cell(row, "location"))
        chosen = self._meant(row, "estate")
        within, at = self.meanings.estate_within(written), self.meanings.estate_within(location)
        estate_id = chosen or ("" if within.is_near else within.code) or at.code
        community_id = self._meant(row, "community")
        if not community_id and estate_id:
            community_id = self.circle.estates[estate_id].community_id
        if not community_id and not written:
            in_location = self.meanings.community(location).code
            community_id = in_location if in_location in self.within else ""
        self._own_estate = estate_id
        found = (("community", community_id), ("estate", estate_id))
        asked = [name for name, code in found if not code and not self.cell(row, name)]
        community_id, estate_id, told = self.around.place(
            community_id, estate_id, asked, self.cell(row, "description")
        )
        for name, sentence in told:
            self.remark(row, name, sentence)
        self._check_community(written, community_id or self.choices.usual_community)
        community_id = community_id or self.choices.usual_community
        if len(location) > LOCATION_LETTERS:
            raise Wrong(
                "location",
                said(
                    "有%(letters)s字，最多%(most)s字，请删减。",
                    letters=len(location),
                    most=LOCATION_LETTERS,
                ),
            )
        if at.is_near and at.code == estate_id and not chosen:
            sentence = said("当作%(estate)s", estate=self.circle.estates[estate_id].name)
            self.remark(row, "location", sentence)
        is_here = bool(estate_id) and self.circle.estates[estate_id].community_id == community_id
        if not is_here and named and not location and len(named) <= LOCATION_LETTERS:
            location = named
        own = {
            "community_id": community_id,
            "estate_id": estate_id if is_here else "",
            "location": location,
        }
        return own | ({} if location else self._home(row, own))

    def _home(self, row: Row, own: Mapping[str, str]) -> dict[str, str]:
        """Where whoever reported lives, of a row that tells no other place."""
        place = self._person(row).place[:LOCATION_LETTERS]
        if not place:
            return {}
        self._is_home = True
        estate_id = own["estate_id"] or self.meanings.estate_within(place).code
        estate = self.circle.estates.get(estate_id)
        is_here = estate is not None and estate.community_id == own["community_id"]
        return {"location": place, "estate_id": estate_id if is_here else ""}

    def _check_community(self, written: str, community_id: str) -> None:
        if not community_id and written:
            raise Wrong(
                "community",
                said(
                    "没有叫“%(name)s”的社区。请改成%(names)s中的一个。",
                    name=written[:20],
                    names="、".join(self.within.values()),
                ),
            )
        if not community_id:
            raise Wrong("community", "没有写社区。请补上，或者在上一步统一选一个社区。")
        if community_id not in self.within:
            other = self.circle.unit_name(community_id)
            raise Wrong(
                "community",
                said("这一行是%(other)s的，不在您能登记的社区里。请删掉这一行。", other=other),
            )

    def _contact(self, row: Row) -> dict[str, str]:
        if not self.choices.takes_contacts:
            return {}
        told = self._person(row)
        number, rest = first_phone(self.cell(row, "reporter_phone"))
        if self._named_with_phone:
            rest = ""
        if len(told.name) > NAME_LETTERS:
            raise Wrong(
                "reporter_name",
                said("最多%(most)s字，请只写怎么称呼。", most=NAME_LETTERS),
            )
        if rest:
            sentence = (
                said("取第一个号码%(number)s，其余写进内部备注。", number=number)
                if number
                else said("“%(text)s”不是完整的号码，写进内部备注。", text=cut(rest))
            )
            self.remark(row, "reporter_phone", sentence)
        if told.phone:
            self.remark(row, self._person_column, (
                "一格里有称呼、电话和地址，已经分开。" if told.place
                else "一格里有称呼也有电话，已经分开。"
            ))  # fmt: skip
        number = number or told.phone or self._phone_told(row)
        return {"reporter_name": told.name, "reporter_phone": number}

    def _person(self, row: Row) -> Person:
        """Who reported, as far as it may be taken."""
        if not self.choices.takes_contacts:
            return Person()
        return person(self.cell(row, self._person_column))

    def _phone_told(self, row: Row) -> str:
        """The only mobile number in the words of a row, where the sheet has no column for it."""
        told = mobiles(self.cell(row, "description"))
        if len(told) != 1 or "reporter_phone" in self.choices.columns:
            return ""
        self.remark(row, "description", "问题里写着手机号码，当作反映人的电话。")
        return told.pop()

    def _channel(self, row: Row) -> dict[str, str]:
        return {"channel": self._meant(row, "channel") or self.choices.usual_channel}

    def _received_at(self, row: Row, wrong: list[Wrong]) -> datetime | None:
        written = self.cell(row, "received_at")
        by_order = self.around.day(row.number) if written or not self.choices.usual_day else None
        text = by_order.text if by_order else written or self.choices.usual_day
        found = moment(text, self.around.looks_back) if text else None
        found = (self._at_clock(row, text) if found and (written or by_order) else None) or found
        if not text:
            wrong.append(Wrong("received_at", "没有写时间。请补上，例如 2026-11-03 15:04。"))
        elif found is None:
            unread = (
                "“%(text)s”被表格软件改坏了。请写成 2026-11-03 15:04 这样。"
                if is_damaged(text)
                else "“%(text)s”看不懂。请写成 2026-11-03 15:04 这样。"
            )
            wrong.append(Wrong("received_at", said(unread, text=cut(text))))
        elif not EARLIEST <= found <= self.now:
            late = found > self.now
            wrong.append(
                Wrong(
                    "received_at",
                    said(
                        "“%(text)s”%(when)s，请核对年份。",
                        text=cut(text),
                        when=said("还没有到" if late else "太早"),
                    ),
                )
            )
            return None
        elif not written and not by_order:
            self.remark(row, "received_at", said("没有写时间，按%(day)s收到算。", day=text))
        elif says_no_year(text):
            self.remark(row, "received_at", self.around.of_year(found.year))
        if by_order:
            self.remark(row, "received_at", by_order.sentence)
        if found and self.cell(row, "clock") and not self._at_clock(row, text):
            sentence = said(
                "“%(text)s”看不出是几点，只记日期，原来的字写进内部备注。",
                text=cut(self.cell(row, "clock")),
            )
            self.remark(row, "clock", sentence)
        return found

    def _at_clock(self, row: Row, day: str) -> datetime | None:
        """The time that a day and the clock in a column of its own make together."""
        clock = SOLID_CLOCK.sub(r"\1:\2", bare(self.cell(row, "clock")))
        return (
            moment(f"{day.removesuffix(MIDNIGHT)} {clock}", self.around.looks_back)
            if clock
            else None
        )

    def _note(self, row: Row, number: str, report: Report) -> str:
        """What the file says beside, for colleagues: word for word, nothing cut off."""
        parts: list[str] = [said("来源编号：%(number)s", number=number)] if number else []
        told = ["state", "finished_at", "category", "channel"]
        if not self._at_clock(row, self.cell(row, "received_at")):
            told.append("clock")
        if not number:
            told.insert(0, "number")
        if self._is_elsewhere(row, report):
            told.append("estate")
        if (
            self.cell(row, "community")
            and not self.meanings.community(self.cell(row, "community")).code
        ):
            told.append("community")
        if self.choices.takes_contacts:
            known = self._person(row)
            has_more = known.has_more or (known.phone and known.phone != report.reporter_phone)
            told += [self._person_column] if has_more else []
            if not self._named_with_phone and first_phone(self.cell(row, "reporter_phone"))[1]:
                told.append("reporter_phone")
        if not report.nature:
            told.append("nature")
        if self.around.sub_heading:
            parts.append(said("小标题：%(words)s", words=one_line(self.around.sub_heading)))
        for field_name in told:
            text = one_line(self.cell(row, field_name))
            if text:
                label = COLUMNS[field_name].label.removeprefix("来源")
                parts.append(said("来源%(label)s：%(cell)s", label=label, cell=text))
        parts += filter(None, (self.cells.told(row, place) for place in self.noted))
        return "；".join(parts)

    def _is_elsewhere(self, row: Row, report: Report) -> bool:
        """Whether the estate's own words would be lost."""
        text = self.cell(row, "estate")
        if not text or text == report.location:
            return False
        meaning = self.meanings.estate(text)
        return meaning.is_near or meaning.code != report.estate_id or not meaning.code


def key_hash(text: str) -> str:
    """What is kept of what tells a row from all others."""
    return hashlib.sha256(text.encode()).hexdigest()
