"""Which column of a stranger's spreadsheet holds what, judged by its heading and its values.

Either alone misleads: a heading may hold the right word and say the opposite (a deadline is not an
end), and a column of numbers under the right heading describes nothing. Each judgement has its
reason in words. Standard library only: the process that reads a file knows it too.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from forms_app.rules.said import said
from forms_app.spreadsheets.columns import (
    ABOUT_SOMEBODY,
    COLOURED,
    COLUMNS,
    DEADLINE,
    DEADLINE_OF,
    LIKE_A_DESCRIPTION,
    NAME_AND_PHONE,
    NO_DESCRIPTION,
    NUMBERING,
    PERSONAL,
    STAFF,
    fit,
    heading,
)
from forms_app.spreadsheets.profile import (
    Profile,
    profile,
)
from forms_app.spreadsheets.sheets import Row, Sheet

_MOST = 0.5  # of the cells: what more of them are, the column is
_NEARLY_ALL = 0.8
_CONTACTS = 0.3
_SAME_KEY = 0.05  # of the numbers may stand there twice by mistake
_TIMES_AS_LONG = 2
_ENOUGH = 3  # cells that say something about a column
_ENOUGH_ALIKE = 10  # cells: so many residents hardly share a telephone
_LONGEST_STATE = 10  # letters, on average
_LONGEST_ADDRESS = 30  # letters, on average
_LONGEST_PERSON = 40  # letters, on average: a name, a number, an address
_OF_TIME = re.compile("(?:时间|日期)$")
_FEW = 0.5  # of the names: where more stand there again, they are those of the staff
_LONGEST_NAME = 6  # letters, on average: who tells more does not only say who they are


class Judged(Struct, frozen=True):
    """A column taken for something, and why."""

    place: int
    reason: str


def guess(headers: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, int]:
    """Field → place of the column that most likely holds it; what fits nothing is left out."""
    return {name: judged.place for name, judged in judge(headers, rows).items()}


def likeliest(sheets: Sequence[Sheet]) -> int:
    """The place of the first sheet that seems to hold what was reported, not how to fill it in;
    of none that does, the first."""
    for place, sheet in enumerate(sheets):
        found = guess(sheet.headers, sheet.rows)
        if all(name in found for name, column in COLUMNS.items() if column.required):
            return place
    return 0


def judge(headers: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, Judged]:
    """Field → the column that most likely holds it and why; what fits nothing is left out."""
    heads = [heading(text) for text in headers]
    looks = profiles(headers, rows)
    found: dict[str, Judged] = {}
    texts: list[int] = []  # the places that could hold what was reported
    for name, column in COLUMNS.items():
        fits = [
            (how_well, -place)
            for place, head in enumerate(heads)
            if (how_well := fit(head, column, by_end=bool(rows)))
            and not _against(name, looks[place])
            and not _describes(name, place, found)
        ]
        if name == "description":
            fits = _well_filled(fits, looks)
            texts = [-place for _, place in fits]
        if fits and name == "state":
            # 当前环节 beside 办理结果: what only takes two words or three says how far it is.
            telling = [(how, p) for how, p in fits if _tells_state(looks[-p])]
            short = [(how, p) for how, p in fits if looks[-p].letters <= _LONGEST_STATE]
            fits = telling or short or fits
        if fits:
            place = -max(fits)[1]
            reason = said("列名“%(heading)s”", heading=headers[place])
            found[name] = Judged(place, _with_values(reason, looks[place]))
    title, description = found.get("title"), found.get("description")
    if title and description and title.place == description.place:
        del found["title"]
    if description and "title" not in found:
        found |= _at_length(headers, looks, description, texts)
    for name, choose in _BY_VALUES.items():
        if name not in found:
            free = [p for p in range(len(heads)) if all(p != j.place for j in found.values())]
            by_values = choose(heads, looks, free)
            if by_values:
                found[name] = by_values
    if COLOURED in headers and not found.keys() & {"state", "finished_at"}:
        place = list(headers).index(COLOURED)
        found["state"] = Judged(place, "没有别的列说办完没有，看行的颜色")
    day = found.get("received_at")
    if "clock" in found and (day is None or looks[day.place].timed):
        del found["clock"]
    return found


def _describes(name: str, place: int, found: Mapping[str, Judged]) -> bool:
    """Whether a column that is the problem itself speaks of its place, too: 具体问题和位置."""
    description = found.get("description")
    return name in ("location", "category", "state") and bool(
        description and description.place == place
    )


def _well_filled(fits: list[tuple[int, int]], looks: Sequence[Profile]) -> list[tuple[int, int]]:
    """Without the columns that few rows have something in: 意见建议 beside 反映的困难问题."""
    most = max((looks[-place].filled for _, place in fits), default=0)
    return [(how, place) for how, place in fits if looks[-place].filled >= _MOST * most]


def _at_length(
    headers: Sequence[str], looks: Sequence[Profile], short: Judged, texts: Sequence[int]
) -> dict[str, Judged]:
    """Of 问题简述 beside 详细描述, what is told at length is the problem, the other its title."""
    place = max(texts, key=lambda place: looks[place].letters)
    if looks[place].letters <= _TIMES_AS_LONG * looks[short.place].letters:
        return {}
    reason = _with_values(said("列名“%(heading)s”", heading=headers[place]), looks[place])
    return {"title": short, "description": Judged(place, reason)}


def profiles(headers: Sequence[str], rows: Sequence[Row]) -> list[Profile]:
    """What the values of each column look like."""
    width = len(headers)
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for place, cell in zip(range(width), row.cells, strict=False):
            if cell:
                columns[place].append(cell)
    return [profile(cells) for cells in columns]


def unused(headers: Sequence[str], rows: Sequence[Row], used: Mapping[str, int]) -> dict[int, str]:
    """Place → why a column was not taken for what its heading nearly says; "" where it does not."""
    looks = profiles(headers, rows)
    return {
        place: _why_not(heading(headers[place]), look)
        for place, look in enumerate(looks)
        if place not in used.values() and (headers[place] or look.filled)
    }


def personal(headers: Sequence[str], rows: Sequence[Row]) -> frozenset[int]:
    """The places of columns that say who somebody is or how to reach them."""
    return frozenset(
        place
        for place, look in enumerate(profiles(headers, rows))
        if look.contacts >= _CONTACTS or _tells_who(heading(headers[place]), look)
    )


def _tells_who(head: str, look: Profile) -> bool:
    if STAFF.search(head):
        return False
    is_short = look.letters <= _LONGEST_NAME
    return bool(
        PERSONAL.search(head)
        or look.persons >= _CONTACTS
        or (look.told_phones > _MOST and look.letters <= _LONGEST_PERSON)
        or (is_short and ABOUT_SOMEBODY.search(head))
    )


def is_numbering(headers: Sequence[str], rows: Sequence[Row]) -> frozenset[int]:
    """The places of columns that only count the rows."""
    return frozenset(
        place
        for place, look in enumerate(profiles(headers, rows))
        if _only_counts(heading(headers[place]), look)
    )


def _only_counts(head: str, look: Profile) -> bool:
    return look.is_running or NUMBERING.fullmatch(head) is not None


def known_headings(cells: Sequence[str]) -> int:
    """How many fields a row of cells would give if it were the headings."""
    return len(guess(cells))


@lru_cache(4096)
def is_heading_word(text: str) -> bool:
    """Whether a cell could stand at the head of a column that is known."""
    head = heading(text)
    return len(head) <= 16 and any(fit(head, column) for column in COLUMNS.values())


def _against(name: str, look: Profile) -> bool:
    """Whether a column's values speak against what its heading says."""
    if not look.filled:
        return False
    if name == "description":
        return max(look.numbers, look.times, look.contacts) > _MOST
    if name == "clock":
        return max(look.clocks, look.solid_clocks) <= _MOST
    if name in ("received_at", "finished_at") and look.clocks > _MOST:
        return True
    if name in ("received_at", "finished_at"):
        is_time = look.times or look.serials or look.days
        return look.filled >= _ENOUGH and not is_time
    if name == "state":
        return look.times > _MOST
    if name == "category":
        return look.natures > _MOST
    if name == "number":
        repeats = look.filled >= _ENOUGH and look.repeated > _SAME_KEY
        return look.is_running or repeats or look.times > _MOST
    if name == "reporter_phone":
        # One number in all rows is the office's own.
        return look.filled >= _ENOUGH_ALIKE and look.repeated > _NEARLY_ALL
    if name == "title":
        return look.numbers > _MOST
    if name == "reporter_name":
        is_told = look.words > _MOST and look.letters > _LONGEST_NAME
        return is_told and look.told_phones <= _MOST
    return False


def _why_not(head: str, look: Profile) -> str:
    if fit(head, COLUMNS["number"]) and _against("number", look) and not look.is_running:
        return "同一个编号出现很多次，不用来认同一件"
    if re.search(DEADLINE, head) and DEADLINE_OF.search(head):
        return "说的是期限，不说明已经办结"
    if look.clocks > _MOST and fit(head, COLUMNS["received_at"]):
        return "只有几点几分，没有日期"
    if look.numbers > _MOST and LIKE_A_DESCRIPTION.search(head):
        return "列名像问题描述，可是值是数字"
    if _only_counts(head, look):
        return "只是从1往下数的序号，不用来认同一件"
    return ""


def _with_values(reason: str, look: Profile) -> str:
    if not look.filled:
        return said("%(reason)s；没有值", reason=reason)
    if look.times > _MOST:
        return said("%(reason)s；值是时间", reason=reason)
    if look.contacts > _MOST:
        return said("%(reason)s；值是号码", reason=reason)
    if look.numbers > _MOST:
        return said("%(reason)s；值是数字", reason=reason)
    return said(
        "%(reason)s；值是文字，平均%(letters)s字", reason=reason, letters=round(look.letters)
    )


def _longest_words(
    heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    fits = [
        (bool(LIKE_A_DESCRIPTION.search(heads[p])), looks[p].letters, -p)
        for p in free
        if looks[p].words > _MOST and not _against("description", looks[p])
        and looks[p].repeated < _MOST and not NO_DESCRIPTION.search(heads[p])
    ]  # fmt: skip
    if not fits:
        return None
    _, letters, place = max(fits)
    reason = said("列名看不出，值是文字，平均%(letters)s字，最像描述", letters=round(letters))
    return Judged(-place, reason)


def _only_times(
    heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    never = COLUMNS["received_at"].never
    fits = [
        p for p in free
        if looks[p].times + looks[p].serials >= _NEARLY_ALL
        and (looks[p].times or _OF_TIME.search(heads[p])) and not re.search(never, heads[p])
    ]  # fmt: skip
    if len(fits) == 1:
        return Judged(fits[0], "列名看不出，只有这一列的值是时间")
    # What came of it has no time yet in some of the rows.
    most = max((looks[p].filled for p in fits), default=0)
    whole = [p for p in fits if looks[p].filled == most]
    return Judged(whole[0], "列名看不出，只有这一列每行都有时间") if len(whole) == 1 else None


def _clocks(heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]) -> Judged | None:
    """Hours and minutes whose heading says that something was received then."""
    fits = [p for p in free if looks[p].clocks > _MOST and fit(heads[p], COLUMNS["received_at"])]
    return Judged(fits[0], "值是几点几分，和日期合成一个时间") if len(fits) == 1 else None


def _communities(
    _heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    fits = [p for p in free if looks[p].communities > _MOST]
    return Judged(fits[0], "列名看不出，值多是社区的名字") if fits else None


def _natures(_heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]) -> Judged | None:
    fits = [p for p in free if looks[p].natures > _MOST]
    return Judged(fits[0], "值是投诉、咨询、求助这样的性质") if fits else None


def _tells_state(look: Profile) -> bool:
    return max(look.states, look.answers) > _MOST


def _persons(heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]) -> Judged | None:
    never = COLUMNS["reporter_name"].never
    with_phones = [
        p for p in free
        if looks[p].told_phones > _MOST and looks[p].letters <= _LONGEST_PERSON
        and not STAFF.search(heads[p])
    ]  # fmt: skip
    if len(with_phones) == 1:
        return Judged(with_phones[0], "值里有称呼也有号码")
    fits = [
        p for p in free
        if ABOUT_SOMEBODY.search(heads[p]) and not STAFF.search(heads[p])
        and not re.search(never, heads[p]) and not _is_no_name(looks[p])
    ]  # fmt: skip
    if any(NAME_AND_PHONE.search(head) for head in heads):
        return None
    return Judged(fits[0], "列名说的是人，值像称呼") if len(fits) == 1 else None


def _is_no_name(look: Profile) -> bool:
    others = max(look.numbers, look.times, look.contacts)
    is_staff = look.filled >= _ENOUGH and look.repeated > _FEW
    return not look.filled or others > 0 or look.letters > _LONGEST_NAME or is_staff


def _addresses(
    heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    never = COLUMNS["location"].never
    fits = [
        p for p in free
        if looks[p].addresses > _MOST and not ABOUT_SOMEBODY.search(heads[p])
        and looks[p].letters <= _LONGEST_ADDRESS
        and not looks[p].times and not re.search(never, heads[p])
        and not fit(heads[p], COLUMNS["description"], by_end=True)
    ]  # fmt: skip
    return Judged(fits[0], "列名看不出，值像地址") if len(fits) == 1 else None


def _estates(_heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]) -> Judged | None:
    fits = [p for p in free if looks[p].estates > _MOST]
    return Judged(fits[0], "列名看不出，值多是小区的名字") if len(fits) == 1 else None


def _states(heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]) -> Judged | None:
    never = COLUMNS["state"].never
    fits = [p for p in free if looks[p].states > _MOST and not re.search(never, heads[p])]
    return Judged(fits[0], "列名看不出，值是办到哪一步") if len(fits) == 1 else None


_BY_VALUES = {
    "description": _longest_words,
    "received_at": _only_times,
    "clock": _clocks,
    "community": _communities,
    "estate": _estates,
    "location": _addresses,
    "reporter_name": _persons,
    "nature": _natures,
    "state": _states,
}
