"""One row of a sheet as the report it would become, or all that is wrong with it at once.

What a column holds beside the report goes into the note, word for word; whatever was understood
only nearly is told.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from forms_app.casework import Incoming, Report
from forms_app.community import Circle
from forms_app.rules.folding import BELOW_A_TABLE, fold
from forms_app.rules.lengths import LETTER_LETTERS
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES
from forms_app.spreadsheets.above import (
    Above,
    days_by_order,
    end_of_year,
    sub_heading,
    titles,
)
from forms_app.spreadsheets.choices import Choices, Fault, Reading
from forms_app.spreadsheets.columns import COLUMNS, NAME_AND_PHONE, fit, heading
from forms_app.spreadsheets.judging import personal, states_beside
from forms_app.spreadsheets.meanings import Meanings, plain
from forms_app.spreadsheets.profile import MIDNIGHT, SOLID_CLOCK, says_over_at_length
from forms_app.spreadsheets.sheets import BROKEN, SUB_HEADING, Row, Sheet
from forms_app.spreadsheets.values import (
    EARLIEST,
    LONGEST_STATE,
    bare,
    first_phone,
    is_damaged,
    is_error,
    is_finished,
    is_over_by_name,
    is_unknown_state,
    mobiles,
    moment,
    name_and_phone,
    says_no_year,
    says_not_yet,
)

LOCATION_LETTERS, NAME_LETTERS = 100, 30
_SHORT = 30  # letters of a cell in a sentence
_NO_WORDS = re.compile("(?:\\[[\u3400-\u9fff]{1,6}\\])+")  # what a chat writes for a picture
_UNDER = "表格下面的合计或者签名"
# What whoever went from door to door writes where nobody had anything to report.
_NOTHING = re.compile(
    r"(?:暂?无|没有?|(?:暂未|未)(?:发现|反映))(?:任何|其他|反映)?(?:问题|诉求|意见|建议|异常|情况)?[。.!]?"
    r"|(?:一切)?正常|[-—/\\]+"
    r"|(?:目前|现在|总体|一切|社区|都|还|挺|很|比较|非常|工作|做得|[,，、\s])*"
    r"(?:很?好|不错|满意|没什么(?:问题|意见|说的)?)(?:的|了|啊|!|[,，。!！~\s]|感谢|谢谢|辛苦了?)*"
)
_WHETHER = re.compile("[是与]否")
# What people answer in a chat.
_REPLY = re.compile(
    r"(?:\+1|ok|收到|好的?|是的|嗯+|谢谢|感谢|辛苦了?|知道了|明白了?|同意|支持|同问|顶|你好|您好|大家|各位|领导|物业|[\s,，。.!！~～、])+"
)
_CHINESE = re.compile("[\u3400-\u9fff]")


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
        self.meanings = Meanings(circle, choices.meanings)
        used = set(choices.columns.values())
        hidden = set(choices.left_out)
        if not choices.takes_contacts:
            hidden |= personal(sheet.headers, sheet.rows)
        described = [row for row in sheet.rows if self.cell(row, "description")]
        self._last = max((row.number for row in described), default=0)
        self._titles = titles(sheet, self.meanings)
        self._stages = {
            choices.columns[n] for n in ("state", "finished_at") if n in choices.columns
        }
        self._told_once = sorted(used - self._stages)
        self._numbers = [
            p
            for p, head in enumerate(sheet.headers)
            if fit(heading(head), COLUMNS["number"], by_end=True)
        ]
        self._named_with_phone = "reporter_name" not in choices.columns and bool(
            NAME_AND_PHONE.search(bare(self.heading("reporter_phone")))
        )
        self._own_estate = ""  # of the row that is read: named by its own cells
        self._over = Above()  # the sub-heading that the next rows stand under
        self._page_over = sheet.name if is_over_by_name(sheet.name) else ""
        self._looks_back = end_of_year(self._titles, now)
        days = [(row.number, bare(self.cell(row, "received_at"))) for row in described]
        self._days = days_by_order(days, self._looks_back, self._titles.months)
        self.noted = [p for p in range(len(sheet.headers)) if p not in used | hidden]
        self._states_beside = [] if choices.takes_finished else states_beside(sheet, self.noted)

    def cell(self, row: Row, name: str) -> str:
        place = self.choices.columns.get(name)
        return "" if place is None or place >= len(row.cells) else row.cells[place]

    def heading(self, name: str) -> str:
        place = self.choices.columns.get(name)
        head = self.sheet.headers[place] if place is not None else ""
        return head or COLUMNS[name].label

    def remark(self, row: Row, name: str, sentence: str) -> None:
        self.reading.remarks.append(Fault(row.number, self.heading(name), sentence))

    def pass_over(self, words: str) -> None:
        """Keeps what a sub-heading says for the rows below it."""
        self._over = sub_heading(words, self._over, self.meanings)

    def why_aside(self, row: Row) -> str:
        """Why a row is no report; "" where it is one, or should be."""
        told = self.cell(row, "description")
        said_shortly = fold(bare(told)) if len(told) <= _SHORT else ""
        if said_shortly and _NOTHING.fullmatch(said_shortly):
            return "写着没有问题"
        if said_shortly and _REPLY.fullmatch(said_shortly):
            return "只是应答，没有说问题"
        if said_shortly and _NO_WORDS.fullmatch(said_shortly):
            return "只有图片或者表情，没有字"
        filled = [(place, cell) for place, cell in enumerate(row.cells) if cell]
        if not filled:
            return "空行"
        place, first = filled[0]
        if BELOW_A_TABLE.match(fold(bare(first))) and not moment(
            self.cell(row, "received_at"), self.now
        ):
            return _UNDER
        if told and self.cell(row, "received_at"):
            return ""
        names = ("description", "received_at", "number")
        if row.number > self._last > 0 and not any(self.cell(row, name) for name in names):
            return _UNDER
        is_number = place == self.choices.columns.get("number") and not _CHINESE.search(first)
        is_told = place == self.choices.columns.get("description")
        if len({cell for _, cell in filled}) == 1 and not is_number and not is_told:
            return SUB_HEADING
        return ""

    def goes_on(self, row: Row, above: Row) -> bool:
        """Whether a row is another step of the report above it: the same in every column that is
        used but for how far it is, with the same number or in a sheet with merged cells."""
        are_whole = len(row.cells) == len(above.cells) == len(self.sheet.headers)
        if not are_whole or not self.cell(row, "description") or row.cells == above.cells:
            return False
        if any(row.cells[p] != above.cells[p] for p in self._told_once):
            return False
        return self.sheet.merged > 0 or any(row.cells[p] for p in self._numbers
                                            if row.cells[p] == above.cells[p])  # fmt: skip

    def beside(self, row: Row, above: Row) -> str:
        """What a row says otherwise than the one above it."""
        return "，".join(
            said("%(heading)s：%(cell)s", heading=self.sheet.headers[p] or said("没有列名"),
                 cell=_one_line(row.cells[p]))
            for p in sorted({*self.noted, *self._stages})
            if row.cells[p] and row.cells[p] != above.cells[p]
        )  # fmt: skip

    def finished(self, row: Row) -> Fault | None:
        """What says that the matter is over: a cell, or the page or line that it stands under."""
        state, finished_at = self.cell(row, "state"), self.cell(row, "finished_at")
        name = ""
        if (state == "1" and _WHETHER.search(self.heading("state"))) or is_finished(
            state, "", self.now
        ):
            name = "state"
        elif is_finished(state, finished_at, self.now):
            name = "finished_at"
        if name:
            sentence = said("写着“%(words)s”", words=cut(self.cell(row, name)))
            return Fault(row.number, self.heading(name), sentence)
        over = self._over.words if is_over_by_name(self._over.words) else self._page_over
        if over and "state" not in self.choices.columns and not says_not_yet(self._over.words):
            sentence = said("在“%(words)s”下面", words=cut(over))
            return Fault(row.number, self.heading("state"), sentence)
        return None

    def read(self, row: Row) -> tuple[Incoming | None, list[Wrong]]:
        """The report, or all that is wrong with the row at once."""
        wrong: list[Wrong] = []
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
        state = self.cell(row, "state")
        if state and is_unknown_state(state) and not self.choices.takes_finished:
            # Stories are all different: the rows are named together.
            sentence = (
                said("“%(words)s”当作还没有办结。", words=state) if len(state) <= LONGEST_STATE
                else "看不出办完没有，当作还没有办结，请核对。"
            )  # fmt: skip
            self.remark(row, "state", sentence)
        self._tell_doubts(row)
        number = self._number(row)
        # A day that was said for all rows may be another one next time.
        at = f"{received_at.timestamp():.0f}" if self.cell(row, "received_at") else ""
        told = f"words\n{at}\n{plain(report.description)}"
        # What is only concluded from elsewhere may be concluded otherwise next time.
        estate_id = report.estate_id if self._own_estate else ""
        place = f"{report.community_id}\n{estate_id}\n{plain(report.location)}"
        keys = [key_hash(f"{told}\n{place}")]
        if number:
            keys.insert(0, key_hash(f"number\n{report.channel}\n{number.upper()}"))
            self.reading.numbers[row.number] = number
        incoming = Incoming(
            row.number, tuple(keys), report, received_at, self._note(row, number, report),
            former=(key_hash(told),),
        )  # fmt: skip
        return incoming, []

    def _tell_doubts(self, row: Row) -> None:
        """Says where a column that nobody took for the state says that the matter is over."""
        for place in self._states_beside:
            words = row.cells[place] if place < len(row.cells) else ""
            if words and says_over_at_length(words):
                sentence = (
                    said("写着“%(words)s”，没有当作办结，请核对。", words=words)
                    if len(words) <= LONGEST_STATE else "像是办完了，没有当作办结，请核对。"
                )  # fmt: skip
                self.reading.remarks.append(Fault(row.number, self.sheet.headers[place], sentence))

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
            words = self.reading.words.setdefault(kind, {})
            words[text] = (meaning, words.get(text, (meaning, 0))[1] + 1)
        return meaning.code

    def _place(self, row: Row) -> dict[str, str]:
        written, named = self.cell(row, "community"), self.cell(row, "estate")
        location = re.sub(r"\s+", " ", self.cell(row, "location"))
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
        community_id, estate_id = self._around(row, community_id, estate_id)
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
        return {
            "community_id": community_id,
            "estate_id": estate_id if is_here else "",
            "location": location,
        }

    def _around(self, row: Row, community_id: str, estate_id: str) -> tuple[str, str]:
        """Community and estate, where the row's own cells name none: by the sub-heading over it,
        the titles of the sheet, its words."""
        asks_community = not community_id and not self.cell(row, "community")
        asks_estate = not estate_id and not self.cell(row, "estate")
        for above in (self._over, self._titles):
            if asks_community and not community_id and above.community:
                community_id = above.community
                if community_id != self.choices.usual_community:
                    self._told_around(row, "community", above.words, community_id)
            if asks_estate and not estate_id and self._fits(above.estate, community_id):
                estate_id = above.estate
                self._told_around(row, "estate", above.words, estate_id)
        if asks_estate and not estate_id:
            usual = community_id or self.choices.usual_community
            words = self.cell(row, "description")
            within = self.meanings.estate_within(words)
            told = self.meanings.named(words)[1] or (within.code if within.is_near else "")
            if self._fits(told, usual):
                estate_id = told
                sentence = said(
                    "没有写小区，问题里写着，算%(estate)s。", estate=self.circle.estates[told].name
                )
                self.remark(row, "estate", sentence)
        if estate_id and asks_community and not community_id:
            community_id = self.circle.estates[estate_id].community_id
        return community_id, estate_id

    def _fits(self, estate_id: str, community_id: str) -> bool:
        own = self.circle.estates[estate_id].community_id if estate_id else ""
        return bool(own) and community_id in ("", own)

    def _told_around(self, row: Row, field_name: str, words: str, code: str) -> None:
        names = self.circle.communities if field_name == "community" else self.circle.estates
        sentence = said(
            "没有写，按上面的“%(words)s”算%(name)s。", words=cut(words), name=names[code].name
        )
        self.remark(row, field_name, sentence)

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
        called, beside = name_and_phone(self.cell(row, "reporter_name"))
        number, rest = first_phone(self.cell(row, "reporter_phone"))
        if rest and number and self._named_with_phone:
            called, beside = name_and_phone(rest)
            rest = ""
        if len(called) > NAME_LETTERS:
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
        if beside:
            where = "reporter_phone" if self._named_with_phone else "reporter_name"
            self.remark(row, where, "一格里有称呼也有电话，已经分开。")
        number = number or beside or self._phone_told(row)
        return {"reporter_name": called, "reporter_phone": number}

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
        by_order = self._days.get(row.number) if written or not self.choices.usual_day else None
        text = by_order.text if by_order else written or self.choices.usual_day
        found = moment(text, self._looks_back) if text else None
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
            self.remark(row, "received_at", self._of_year(found.year))
        if by_order:
            self.remark(row, "received_at", by_order.sentence)
        if found and self.cell(row, "clock") and not self._at_clock(row, text):
            sentence = said(
                "“%(text)s”看不出是几点，只记日期，原来的字写进内部备注。",
                text=cut(self.cell(row, "clock")),
            )
            self.remark(row, "clock", sentence)
        return found

    def _of_year(self, year: int) -> str:
        if self._titles.years == {year}:
            return said("没有写年份，按标题里的%(year)s年算。", year=year)
        return said("没有写年份，按最近的%(year)s年算。", year=year)

    def _at_clock(self, row: Row, day: str) -> datetime | None:
        """The time that a day and the clock in a column of its own make together."""
        clock = SOLID_CLOCK.sub(r"\1:\2", bare(self.cell(row, "clock")))
        return moment(f"{day.removesuffix(MIDNIGHT)} {clock}", self._looks_back) if clock else None

    def _note(self, row: Row, number: str, report: Report) -> str:
        """What the file says beside, for colleagues: word for word, nothing cut off."""
        parts = [said("来源编号：%(number)s", number=number)] if number else []
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
            told += ["reporter_phone"] if first_phone(self.cell(row, "reporter_phone"))[1] else []
            beside = name_and_phone(self.cell(row, "reporter_name"))[1]
            told += ["reporter_name"] if beside and beside != report.reporter_phone else []
        if not report.nature:
            told.append("nature")
        if self._over.words and not any(self.meanings.named(self._over.words)):
            parts.append(said("小标题：%(words)s", words=_one_line(self._over.words)))
        for field_name in told:
            text = _one_line(self.cell(row, field_name))
            if text:
                label = COLUMNS[field_name].label.removeprefix("来源")
                parts.append(said("来源%(label)s：%(cell)s", label=label, cell=text))
        for place in self.noted:
            text = _one_line(row.cells[place]) if place < len(row.cells) else ""
            if text:
                head = self.sheet.headers[place] or said("没有列名")
                parts.append(said("%(heading)s：%(cell)s", heading=head, cell=text))
        return "；".join(parts)

    def _is_elsewhere(self, row: Row, report: Report) -> bool:
        """Whether the estate's own words would be lost."""
        text = self.cell(row, "estate")
        if not text or text == report.location:
            return False
        meaning = self.meanings.estate(text)
        return meaning.is_near or meaning.code != report.estate_id or not meaning.code


def _one_line(text: str) -> str:
    return " ".join(text.split())


def cut(text: str, letters: int = _SHORT) -> str:
    """A cell short enough to stand in a sentence."""
    return text if len(text) <= letters else text[:letters] + "…"


def key_hash(text: str) -> str:
    """What is kept of what tells a row from all others."""
    return hashlib.sha256(text.encode()).hexdigest()
