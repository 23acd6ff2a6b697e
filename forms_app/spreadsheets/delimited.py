"""Tables of plain text (.csv, .txt): in whichever letters they were written, divided by whichever
of comma, semicolon, tab and bar divides them best, unless their first line says it (sep=;)."""

import csv
import io
import re

from forms_app.community.separators import separated
from forms_app.rules.said import said
from forms_app.spreadsheets.raw import Budget, Page
from forms_app.spreadsheets.sheets import BROKEN, FileRefused

_LOOKED_AT = 20_000  # letters of the beginning
_LOOKED_AT_ROWS = 20
_LONGEST_CELL = 1_000_000  # letters
# Of a text without a mark, so many of its bytes are the upper halves of Western letters or digits.
_HALF_EMPTY = 0.2
_MOST_BROKEN = 0.01  # of the letters
_RARE = 0.1  # of Chinese letters, those that simplified Chinese has not
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32", 4), (b"\xff\xfe", "utf-16", 2), (b"\xfe\xff", "utf-16", 2),
)  # fmt: skip
_AS_TEXT = re.compile(r'^\s*="([^"]*)"\s*$')  # ="0138": so that Excel does not count with it
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")  # in bytes that are no text at all


def read_delimited(content: bytes, budget: Budget) -> Page:
    """The one page of a text file. Raises FileRefused where its letters cannot be told."""
    _line, delimiter, text = separated(decoded(content).removeprefix("\ufeff"))
    csv.field_size_limit(_LONGEST_CELL)
    delimiter = delimiter or _delimiter(text)
    _refuse_open_quote(text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    page = Page("表格", budget)
    start = 1
    for row in reader:
        for place, cell in enumerate(row):
            page.put(start, place, _AS_TEXT.sub(r"\1", cell))
        page.see(start)
        start = reader.line_num + 1
    return page


def decoded(content: bytes) -> str:
    """The text of the bytes: by their mark, else UTF-8, else the letters of Chinese Windows."""
    for mark, encoding, width in _MARKS:
        if content.startswith(mark):
            return content[: len(content) // width * width].decode(encoding)
    beginning = content[:_LOOKED_AT]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if beginning[offset::2].count(0) > len(beginning) // 2 * _HALF_EMPTY:
            try:
                text = content[: len(content) // 2 * 2].decode(encoding)
            except UnicodeDecodeError:
                continue
            if not _CONTROL.search(text):
                return text
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _sound(_of_taiwan(content) or text if encoding == "gb18030" else text)
    return _nearly(content)


def _of_taiwan(content: bytes) -> str:
    """The text where it was written in Big5; "" where it was not. Read as Chinese Windows' letters,
    it is made of ones that hardly anybody uses."""
    rare = 0
    letters = content.decode("gb18030")
    han = [letter for letter in letters[:_LOOKED_AT] if letter > "\u33ff"]
    for letter in han:
        rare += not letter.encode("gb2312", "ignore")
    if rare <= len(han) * _RARE:
        return ""
    try:
        return content.decode("cp950")
    except UnicodeDecodeError:
        return ""


def _nearly(content: bytes) -> str:
    """The text where a few letters were broken on the way; they cost their cells, not the file."""
    texts = [_sound(content.decode(encoding, "replace")) for encoding in ("utf-8", "gb18030")]
    text = min(texts, key=lambda text: text.count(BROKEN))
    if text.count(BROKEN) > len(text) * _MOST_BROKEN:
        raise _unreadable()
    return text


def _sound(text: str) -> str:
    """Without the few zeros with which old programs fill a cell up; many are no text at all."""
    if text.count("\0") > len(text) * _MOST_BROKEN:
        raise _unreadable()
    return text.replace("\0", "")


def _unreadable() -> FileRefused:
    return FileRefused("这个文件不是表格，或者文字编码认不出来。请另存为 .xlsx 再导入。")


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """Raises FileRefused where a quote is never closed: it would swallow all the rows below it."""
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            begins = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise FileRefused(
                said("第%(row)s行有一个双引号没有收口，下面的行都会并进这一格。"
                     "请补上或删掉这个双引号再导入。", row=begins)
            ) from None  # fmt: skip


def _delimiter(text: str) -> str:
    beginning = text[:_LOOKED_AT]

    def widths(delimiter: str) -> tuple[int, int]:
        rows = list(csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter))
        wide = sorted(len(row) for row in rows[:_LOOKED_AT_ROWS] if row) or [0]
        # By most of the rows: a letter may be full of another mark.
        return wide[len(wide) // 2], wide[-1]

    return max(",;\t|", key=widths)
