"""What a column says of how content somebody was, in every hand that offices write it in: words,
scores, shares, stars, ticks below a grade."""

import re

from forms_app.rules import late
from forms_app.rules.folding import fold
from forms_app.spreadsheets.boxes import ticked
from forms_app.spreadsheets.columns import BETWEEN, CROSSES, NO, TICKS, YES

# Headings: what a resident says of it, or whoever came to look once more.
OF_VERDICTS = re.compile(
    "评价|满意(?!.*社区)|回访|(?:复查|核查|复核|验收)(?:结果|意见|情况|结论)?$"
)
_WHETHER = re.compile("是否|与否")
_ALONE = re.compile("(?:非常|十分|基本|比较|很)?满意")
_PLEASED = re.compile("满意(?!度)|好评|^优秀?$|五星|★{4,5}|^(?:复查|核查|验收)?(?:合格|通过|达标)")
_DISPLEASED = re.compile(
    "不(?:太|很|够|大)?满意|差评|[较很]差|[未没]解决|[不未](?:合格|通过|达标)|仍[有未然在]"
)
_SHARE = late.compile(r"(\d{1,3})(?:\.\d+)?%")
_SCORE = late.compile(r"(\d{1,3})(?:\.0)?分?")
_HIGHEST = (5, 10, 100)  # that offices give
_GOOD, _BAD = 0.8, 0.4  # of the highest


def is_pleased(cell: str, head: str = "") -> bool | None:
    """Whether a cell below such a heading says that somebody was content; None where it says
    neither, as 一般 and a call that nobody took do."""
    words, grade = fold(ticked(cell)).strip(), fold(head).rpartition(BETWEEN)[2]
    if _WHETHER.search(grade):
        return True if words in YES else False if words in NO else None
    if words in CROSSES:
        return False if _PLEASED.search(grade.removesuffix("度")) else None
    if words in TICKS:
        words = grade.removesuffix("度")  # 满意度, where the tick is the grade
    if _DISPLEASED.search(words):
        return False
    if _PLEASED.search(words):
        return True
    share, score = _SHARE.fullmatch(words), _SCORE.fullmatch(words)
    if not share and not score:
        return None
    number = int(words.rstrip("%分").partition(".")[0])
    highest = 100 if share else next((most for most in _HIGHEST if number <= most), 0)
    part = number / highest if highest else 0
    return True if part >= _GOOD else False if part <= _BAD else None


def says_pleased(cell: str) -> bool:
    """Whether a cell says so and nothing else: there was something done."""
    return _ALONE.fullmatch(cell.strip()) is not None
