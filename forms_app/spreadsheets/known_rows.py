"""Rows beside what is here already: imported before, or issues of our own register."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct, field

from forms_app import casework, queries
from forms_app.casework import Incoming
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.queries import OwnIssue
from forms_app.rules.said import said
from forms_app.spreadsheets.choices import Choices, Fault, Reading, cut
from forms_app.spreadsheets.meanings import plain
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import Sheet

OWN_LETTERS, LEAST_OWN_LETTERS = 200, 8  # of a letter that tell it


class Prepared(Struct, frozen=True):
    """A sheet ready to be taken."""

    fresh: tuple[Incoming, ...]
    known: tuple[Incoming, ...]  # imported before
    faults: tuple[Fault, ...]  # by row
    reading: Reading
    own: tuple[Incoming, ...] = ()  # issues of our own register
    known_as: Mapping[int, str] = field(default_factory=dict)  # row → number of its issue

    @property
    def finished(self) -> int:
        return self.reading.finished

    @property
    def asked(self) -> int:
        """How many words of the sheet somebody is asked about."""
        return sum(map(len, self.reading.words.values()))

    @property
    def takeable(self) -> tuple[Incoming, ...]:
        """Fresh and known: known ones are passed over once more when they are taken."""
        return (*self.fresh, *self.known)

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})


def prepare(
    circle: Circle, sheet: Sheet, choices: Choices, actor: Actor, now: datetime
) -> Prepared:
    """A sheet read for somebody who may enter reports, beside what is here already."""
    within = casework.communities_of(circle, actor)
    reading = read_rows(circle, sheet, choices, within, now)
    keys = [key for row in reading.good for key in (*row.keys, *row.former)]
    place = choices.columns.get("number")
    return prepared(
        reading,
        queries.imported_issues(keys),
        sheet.headers[place] if place is not None else "",
        queries.own_issues(list(reading.numbers.values()), within),
    )


def prepared(
    reading: Reading,
    issues: Mapping[str, str],
    number_heading: str,
    own: Mapping[str, OwnIssue] | None = None,
) -> Prepared:
    """The reading beside what is here already.

    `issues` is key of a row → number of the issue that it became, `own` number → our own issue: a
    row of our own export is known by its number and its words or time.
    """
    fresh, known, ours, faults = [], [], [], list(reading.faults)
    known_as: dict[int, str] = {}
    for row in reading.good:
        number = reading.numbers.get(row.row, "")
        found = next((issues[key] for key in (*row.keys, *row.former) if key in issues), "")
        if number and own and number in own and _is_own(row, own[number]):
            ours.append(row)
            known_as[row.row] = number
        elif not found:
            fresh.append(row)
        elif not issues.keys().isdisjoint((row.keys[-1], *row.former)):
            known.append(row)
            known_as[row.row] = found
        else:
            sentence = said(
                "“%(number)s”这个编号已经导入过（问题%(issue)s），但时间或内容不一样。"
                "请核对编号；编号不可靠，就把“来源编号”改成“表里没有”。",
                number=cut(number),
                issue=found,
            )
            faults.append(Fault(row.row, number_heading, sentence))
    _leave_out(reading, known_as)
    faults.sort(key=lambda fault: fault.row)
    return Prepared(tuple(fresh), tuple(known), tuple(faults), reading, tuple(ours), known_as)


def _leave_out(reading: Reading, known: Collection[int]) -> None:
    """Takes what is told and asked of rows out that are here already: it would change nothing."""
    reading.remarks[:] = [one for one in reading.remarks if one.row not in known]
    left = Counter(word for row, word in reading.state_words.items() if row not in known)
    words = reading.words.pop("state", {})
    if left:
        reading.words["state"] = {word: (words[word][0], count) for word, count in left.items()}


def _is_own(row: Incoming, own: OwnIssue) -> bool:
    if row.received_at.replace(second=0) == own.received_at.replace(second=0, microsecond=0):
        return True
    written, own_words = plain(row.report.description), plain(own.description)
    if written.startswith("…"):
        # A long letter stands in our sheet from its matter on.
        matter = written.lstrip("…").partition("…")[0][:OWN_LETTERS]
        return len(matter) >= LEAST_OWN_LETTERS and matter in own_words
    return bool(written) and own_words.startswith(written[:OWN_LETTERS])
