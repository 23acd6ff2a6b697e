"""What the word in a row's state means: that its matter is over, or that it is not.

A word that says nothing else is taken as it stands. Of any other it is asked what it means, once
in however many rows it stands; until somebody says so, the likelier of the two holds.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from forms_app.rules import late
from forms_app.rules.folding import fold
from forms_app.spreadsheets.boxes import ticked
from forms_app.spreadsheets.columns import NO, STRUCK, YES
from forms_app.spreadsheets.named_cells import NamedCells
from forms_app.spreadsheets.sheets import Row
from forms_app.spreadsheets.stories import plainly, says_both
from forms_app.spreadsheets.values import LONGEST_STATE, PLEASED_WORDS, bare, says_over

OVER, OPEN = "over", "open"
_REMEMBERED = 4096
MEANT = {OVER: "不导入：办完了，或者作废了", OPEN: "导入：还没有办完"}

_WHETHER = re.compile("[是与]否")
_LATIN = re.compile("[A-Za-z ]+")
# A column of words, and no stories: they are short, and few of them are told once.
_LONGEST_WORD = 5  # letters, on average
_MOST = 0.8  # of the cells: so many different ones
_NOTHING = late.compile(r"[-–—/\\.。…·]+")
# What somebody wrote to whoever reads on: that the row does not count.
_VOID = late.compile(
    r"作废|重复(?:登记|录入|件|工单|上报|派单|投诉|反映)|[与同和]第?\d+[号条行件]?重复|^重复$"
    rf"|{STRUCK}|误[登报录派]|撤[销诉回]|(?:反映人|来电人|居民|群众)?取消$"
)
_NEARLY = late.compile("基本(?!满意)|初步|阶段|大部|暂时|部分")
# Of what was not done for it: nobody can tell whether that was its end.
_REFUSED = late.compile("不属|非本|不予|不受理|^不办|[超不]在?.{0,4}范围|无权|不采纳|未采纳")


class Word(Struct, frozen=True):
    """What a word says, and how sure that is."""

    says_over: bool | None = None  # None where it says neither
    is_asked: bool = False
    is_doubtful: bool = False  # says neither, or claims something done and goes on


class States:
    """`cells` are those of one sheet; `decided` is word → OVER or OPEN, as somebody said."""

    def __init__(self, cells: NamedCells, decided: Mapping[str, str]) -> None:
        self._cells, self._decided = cells, decided
        self._is_whether = bool(_WHETHER.search(cells.heading("state")))
        written = [w for row in cells.sheet.rows if (w := cells.cell(row, "state"))]
        self._times = Counter(written)
        are_short = sum(map(_letters, written)) <= _LONGEST_WORD * len(written)
        self._are_words = are_short and len(self._times) <= _MOST * len(written)
        self._word = lru_cache(_REMEMBERED)(self._judged)

    def of(self, row: Row) -> Word:
        return self._word(self._cells.cell(row, "state"))

    def asked(self, row: Row) -> str:
        """The word to ask about; "" where the row has none, a plain one, or a story."""
        state = self._cells.cell(row, "state")
        return state if self._word(state).is_asked else ""

    def is_decided(self, row: Row) -> bool:
        """Whether somebody said what the row's word means."""
        return self._cells.cell(row, "state") in self._decided

    def _judged(self, state: str) -> Word:
        if state in self._decided:
            return Word(self._decided[state] == OVER, is_asked=True)
        words = fold(bare(ticked(state)))
        if _NOTHING.fullmatch(words):
            return Word()
        if not words or (self._is_whether and words in ("0", "1")):
            return Word(words == "1" if words else None)
        if words in YES | NO | PLEASED_WORDS:
            return Word(says_over(state))
        is_short = len(state) <= LONGEST_STATE
        if is_short and plainly(words) is not None:
            return Word(plainly(words))
        if is_short and is_void(state):
            return Word(True, is_asked=True)
        says = says_over(state)
        says = None if says and _NEARLY.search(words) else says
        if is_short and _REFUSED.search(words):
            return Word(says, is_asked=True)
        is_doubtful = says is None or (not says and says_both(words))
        # Of stories, those that are told once are named among the rows.
        may_be_asked = self._are_words or (not says and self._times[state] > 1)
        is_asked = is_short and may_be_asked and (is_doubtful or says is True)
        return Word(says, is_asked, is_doubtful)


def _letters(words: str) -> int:
    """How many letters words have; a word of Latin ones counts as one."""
    return len(_LATIN.sub("a", words))


@lru_cache(_REMEMBERED)
def is_void(words: str) -> bool:
    """Whether a short cell says that its row does not count."""
    return _VOID.search(fold(words)) is not None
