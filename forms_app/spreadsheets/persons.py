"""Who somebody is, out of one cell: how they are called, their number and where they live.

Offices keep 王桂香13970712345桂园3栋2单元401 in one column, in any order.
"""

import re

from msgspec import Struct

from forms_app.rules import late
from forms_app.spreadsheets.profile import ADDRESS
from forms_app.spreadsheets.values import NOBODY, PHONE_WITHIN, bare, name, phone

_LABELS = late.compile("(?:联系)?(?:电话|手机)(?:号码?)?|姓名|住址|地址|家住")
_APART = late.compile(r"[\s,，、;；:：/|（）()]+")
_NO_NAME = late.compile("不(?:愿|肯|想|便)|匿名|保密|未留")
# 桂园3栋张阿姨: the name stands behind where they live.
_PLACE_AND_NAME = late.compile(
    r"(.*\d(?:栋|幢|座|弄|单元|号楼|号|室|户|楼)?)((?!单元|号楼)[㐀-鿿]{2,4})"
)
_LONGEST_NAME = 8  # letters of what stands beside a number and is no place


class Person(Struct, frozen=True):
    name: str = ""
    phone: str = ""
    place: str = ""
    has_more: bool = False  # a second number, or words that are none of these


def person(text: str) -> Person:
    """What a cell tells of somebody; without a number in it all of it is how they are called."""
    words = bare(text)
    numbers = [found[0] for found in PHONE_WITHIN.finditer(words)]
    if not numbers:
        return Person(name(text))
    for number in numbers:
        words = words.replace(number, " ", 1)
    called, places, has_more = [], [], len(numbers) > 1
    for part in filter(None, _APART.split(_LABELS.sub(" ", words))):
        both = _PLACE_AND_NAME.fullmatch(part)
        if both and ADDRESS.search(part):
            places.append(both[1])
            called.append(both[2])
        elif ADDRESS.search(part) or re.search(r"\d", part):
            places.append(part)
        elif _NO_NAME.search(part) or part in NOBODY:
            continue
        elif len(part) <= _LONGEST_NAME:
            called.append(part)
        else:
            has_more = True
    return Person(name(" ".join(called)), phone(numbers[0]) or "", " ".join(places), has_more)
