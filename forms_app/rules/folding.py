"""One way to compare what people type: width, case, traditional characters and unseen marks; and
what of it is never kept.

Whatever is looked for, and whatever it is looked for in, is folded the same way first. Nothing
that people wrote is ever stored folded.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

# What a row of sums begins with.
SUMS = "(?:本[周月季年页期]|全[年部])?(?:总计|合计|小计|共计|累计|总数)"
# What a line below a table begins with: a sum, who filled it in and looked at it, a note.
BELOW_A_TABLE = re.compile(
    rf"(?:{SUMS}|本页|填表|制表|填报|审核|审批|负责人|经办人签|签字|盖章|备注|说明|注)"
    r"(?:[:：人日单时数（(\d共为]|$)"
    r"|\S{1,12}(?:小计|合计|总计|共计)[:：]?$"
)
SAME_AS_ABOVE = re.compile("同[上前]|[〃″“”\"]|''|″″|〃〃")
# Seen by nobody, though Unicode calls some of them letters: fillers and the blank of Braille.
_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_NUMERAL = re.compile("[〇零一二三四五六七八九十]+|两(?=点)")
_DIGITS = "〇一二三四五六七八九"
# One by one, as numbers are said, and as sums are written so that nobody changes them.
_SAID = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?")
# Up to its end, or to where nothing ends it: from each of thousands that open, an end that is not
# there would be looked for anew.
_ROUND = re.compile(r"[（(][^)）\n]*+([)）]?)")
_ANY = re.compile(r"[（(【\[][^)）】\]\n]*+([)）】\]]?)")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UNSEEN = {"Cf", "Cc", "Cn", "Co", "Cs", "Mn", "Me"}

_KEPT_LETTERS = 20_000

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, halves of others and those that are none; marks that turn the words around or
# hide some among them. What joins letters and pictures stays: \u200c, \u200d, \ufe0f.
_NEVER_KEPT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Marks above and below a letter. No script has more than four of them on one; thousands are a tower
# over the lines around it, or one letter that no line can break.
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f"
    "\u3099\u309a\ufe00-\ufe2f]"
)
_TOWER = re.compile(f"({_MARKS}{{4}}){_MARKS}+")


def printable(text: str) -> str:
    """The text as it is kept and given out: its lines end in `\\n`, and nothing in it is unseen
    that a cell, a feed or a page could not hold or would show as something else.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = text if text.isprintable() else _NEVER_KEPT.sub("", _LINE_ENDS.sub("\n", text))
    return _TOWER.sub(r"\1", kept)


def fold(text: str) -> str:
    """The text as it is compared: narrow, small, simplified, without marks that nobody sees."""
    return text.translate(_FOLDED)


def folded(character: str) -> str:
    """What one character is compared as: none, one or several (`㎡` → `m2`).

    Line breaks and blanks stay. One by one, so that a place in the folded text has a place in
    the text.
    """
    if is_unseen(character):
        return ""
    small = unicodedata.normalize("NFKC", character).casefold()
    return small.translate(_simplified())


class _Letters(dict[int, str]):
    """What each letter is compared as, worked out when it is first met: `str.translate` asks for
    it without a call of Python for each letter."""

    def __missing__(self, code: int) -> str:
        found = folded(chr(code))
        if len(self) < _KEPT_LETTERS:
            self[code] = found
        return found


_FOLDED = _Letters()


def is_unseen(character: str) -> bool:
    """Whether a character leaves no ink and no gap: a joiner, a mark of direction, a filler."""
    if character in "\t\n\r":
        return False
    return character in _BLANK or unicodedata.category(character) in _UNSEEN


def says_nothing(text: str) -> bool:
    """Whether there is nothing in a text but blanks and characters that nobody sees."""
    return all(character.isspace() or is_unseen(character) for character in text)


def in_digits(text: str) -> str:
    """Chinese numerals below a hundred, those of a year and 两点, in digits: 二〇二六, 十五."""
    return _NUMERAL.sub(lambda found: _digits_of(found[0]), text)


def in_numerals(number: int) -> str:
    """A number below a hundred as people write it: 十五, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not head else "")


def _digits_of(numeral: str) -> str:
    text = numeral.replace("零", "〇").replace("两", "二")
    if "十" not in text:
        return "".join(str(_DIGITS.index(letter)) for letter in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))


def number_in_digits(text: str) -> str:
    """Folded text, each numeral a digit: 幺三八, 壹叁捌."""
    return text.translate(_SAID)


def without_weekday(text: str) -> str:
    """A date without the day of the week that people write beside it."""
    return _WEEKDAY.sub("", text)


def without_brackets(text: str, *, round_ones: bool = True) -> str:
    """The text without what stands in brackets of a line; also in square ones, where they need not
    be `round_ones`. One that nothing closes stays.
    """
    brackets = _ROUND if round_ones else _ANY
    return brackets.sub(lambda found: "" if found[1] else found[0], text)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their narrow twins; all else as it is."""
    return text if text.isascii() else text.translate(_NARROW)


@cache
def _simplified() -> dict[int, int]:
    file = Path(__file__).with_name("traditional.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return dict(zip(map(ord, pairs[::2]), map(ord, pairs[1::2]), strict=True))
