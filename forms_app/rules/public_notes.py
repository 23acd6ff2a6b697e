"""What may be told in public of a closed issue, and what of a resident must never stand in it.

Whoever drafts has the resident's letter before their eyes: what was taken from it is refused, not
searched for by whoever reviews. PURE.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from forms_app.rules.folding import fold

TOLD_LETTERS = 200
# Shorter runs are what things are called: 楼道灯不亮.
COPIED_LETTERS = 9
# What an entry is about that tells of a note.
FIELD = "public_note"

_NOT_WORDS = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(
    r"\d(?:[\s\-]?\d){6,}|[〇零一二三四五六七八九幺](?:\s?[〇零一二三四五六七八九幺]){6,}"
)
_ADDRESS = re.compile(r"\S@\S")
# Folded: 赣B·12345, and what a friend is added by.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-z][·•.\s-]?(?=[a-z]*[0-9])"
    r"[a-z0-9]{4,6}"
)
_ACCOUNT = re.compile(r"(?:微信|qq|抖音|快手)号?[:\s]*(?:是|为)?[:\s]*[a-z0-9][a-z0-9_-]{4,}")
_DOOR = re.compile(
    r"[0-9一二三四五六七八九十百]+\s*(?:号楼|栋|幢|座|单元|室|号房|户室|楼道)|\d+\s*-\s*\d+"
    r"|\d\s*[#＃]|[A-Za-z]\s*[座栋幢]"
)


class NoteEnd(StrEnum):
    """Why a note is not to be read any more, or never was."""

    RESIDENT = "resident"
    OFFICE = "office"
    REOPENED = "reopened"


def crossing(told: str, contacts: Iterable[str], written: Iterable[str]) -> str:
    """Why these words must not be published; "" where they may be.

    `contacts` are a resident's name, phone and e-mail, `written` whatever residents wrote.
    """
    if _LONG_NUMBER.search(told) or _ADDRESS.search(told):
        return "里面像有电话、证件号或邮箱，请删掉。"
    if _PLATE.search(fold(told)) or _ACCOUNT.search(fold(told)):
        return "里面像有车牌，或者微信号、QQ号，请删掉。"
    if _DOOR.search(told):
        return "里面有楼栋、单元或门牌，请删掉：公示只写到小区。"
    said = _words(told)
    for contact in contacts:
        if len(_words(contact)) > 1 and _words(contact) in said:
            return "里面有反映人留下的称呼或联系方式，请删掉。"
    for text in written:
        copied = _copied(said, _words(text))
        if copied:
            return "里面有一段和反映人写的一样，请换成社区自己的话。"
    return ""


def _words(text: str) -> str:
    return _NOT_WORDS.sub("", fold(text))


def _copied(told: str, written: str) -> bool:
    """Whether so many letters on end stand in both."""
    runs = (
        written[start : start + COPIED_LETTERS]
        for start in range(len(written) - COPIED_LETTERS + 1)
    )
    return any(run in told for run in runs)
