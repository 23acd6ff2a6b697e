"""What is concluded of a row from around it: its place by the sub-heading over it, the titles of
the sheet or its words, its day by the rows above and below.

The row's own cells always count for more, and whatever is concluded comes with what is told of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.spreadsheets.above import (
    Above,
    Read,
    days_by_order,
    end_of_year,
    sub_heading,
    titles,
)
from forms_app.spreadsheets.choices import Choices, cut
from forms_app.spreadsheets.meanings import Meanings
from forms_app.spreadsheets.sheets import Sheet
from forms_app.spreadsheets.values import is_over_by_name, says_not_yet


class Around:
    """Around the rows of one sheet, read from the top; `days` are (row, day as written)."""

    def __init__(
        self,
        circle: Circle,
        sheet: Sheet,
        choices: Choices,
        meanings: Meanings,
        days: Sequence[tuple[int, str]],
        now: datetime,
        within: Collection[str],
    ) -> None:
        self._circle, self._meanings, self._within = circle, meanings, within
        self._usual = choices.usual_community
        self._titles = titles(sheet, meanings)
        self._over = Above()  # the sub-heading that the next rows stand under
        self._page_over = sheet.name if is_over_by_name(sheet.name) else ""
        self.looks_back = end_of_year(self._titles, now)
        self._days = days_by_order(days, self.looks_back, self._titles.months)

    def go_below(self, words: str) -> None:
        """Keeps what a sub-heading says for the rows below it."""
        self._over = sub_heading(words, self._over, self._meanings)

    @property
    def sub_heading(self) -> str:
        """The words over the row that name no place of ours."""
        words = self._over.words
        return "" if not words or any(self._meanings.named(words)) else words

    @property
    def says_over(self) -> str:
        """The words of the line or page that say that the matters below are over; else ""."""
        if says_not_yet(self._over.words):
            return ""
        return self._over.words if is_over_by_name(self._over.words) else self._page_over

    def day(self, row: int) -> Read | None:
        """What a row's day is read as by the days above and below it."""
        return self._days.get(row)

    def of_year(self, year: int) -> str:
        """Why a day without its year is of this one."""
        if self._titles.years == {year}:
            return said("没有写年份，按标题里的%(year)s年算。", year=year)
        return said("没有写年份，按最近的%(year)s年算。", year=year)

    def place(
        self, community_id: str, estate_id: str, asked: Collection[str], words: str
    ) -> tuple[str, str, list[tuple[str, str]]]:
        """Community, estate, and what is told of them: a name of COLUMNS, a sentence.

        Given is what the row's cells name; `asked` are those of "community" and "estate" that
        they leave open, `words` what it describes.
        """
        told: list[tuple[str, str]] = []
        for above in (self._over, self._titles):
            if "community" in asked and not community_id and above.community:
                community_id = above.community
                if community_id != self._usual:
                    name = self._circle.communities[community_id].name
                    told.append(("community", _by(above, name)))
            if "estate" in asked and not estate_id and self._fits(above.estate, community_id):
                estate_id = above.estate
                told.append(("estate", _by(above, self._circle.estates[estate_id].name)))
        if "estate" in asked and not estate_id:
            within = self._meanings.estate_within(words)
            named = self._meanings.named(words)[1] or (within.code if within.is_near else "")
            if self._fits(named, community_id or self._usual):
                estate_id = named
                name = self._circle.estates[named].name
                told.append(("estate", said("没有写小区，问题里写着，算%(estate)s。", estate=name)))
            elif named and not within.is_near and not community_id and "community" in asked:
                community_id, estate_id = self._elsewhere(named, told)
        if estate_id and "community" in asked and not community_id:
            community_id = self._circle.estates[estate_id].community_id
        return community_id, estate_id, told

    def _elsewhere(self, named: str, told: list[tuple[str, str]]) -> tuple[str, str]:
        """The estate of another community than the usual one, that a row of none describes."""
        estate = self._circle.estates[named]
        other = self._circle.communities[estate.community_id].name
        if estate.community_id not in self._within:
            told.append(("community", said(
                "没有写社区，问题里写着%(estate)s，那是%(community)s的，请核对。",
                estate=estate.name, community=other,
            )))  # fmt: skip
            return "", ""
        told.append(("community", said(
            "没有写社区，问题里写着%(estate)s，算%(community)s。",
            estate=estate.name, community=other,
        )))  # fmt: skip
        return estate.community_id, named

    def _fits(self, estate_id: str, community_id: str) -> bool:
        own = self._circle.estates[estate_id].community_id if estate_id else ""
        return bool(own) and community_id in ("", own)


def _by(above: Above, name: str) -> str:
    return said("没有写，按上面的“%(words)s”算%(name)s。", words=cut(above.words), name=name)
