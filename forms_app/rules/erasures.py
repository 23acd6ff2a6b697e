"""What a resident had erased of what they left, as it is kept in lists: never the values.

PURE.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

# What they leave of themselves, and how it is called to them.
PARTS = {"name": "称呼", "phone": "电话", "email": "邮箱"}
PHOTO = "photo"
PUSH = "push"  # where they asked to be woken, all at once
NOTE = "note"  # that the community may tell of it in public
_PHOTO = f"{PHOTO}:"
_CALLED = {**PARTS, PUSH: "收消息的浏览器", PHOTO: "照片", NOTE: "公示"}


class Erased(Struct, frozen=True):
    """One press: of which issue what was erased, known again by its code."""

    code: str
    number: str
    what: str  # words of PARTS, PUSH, and photos by key, with blanks between them
    made_at: str  # UTC, as the database keeps times

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(word for word in self.what.split() if word in PARTS)

    @property
    def photo_keys(self) -> tuple[str, ...]:
        return tuple(
            word.removeprefix(_PHOTO) for word in self.what.split() if word.startswith(_PHOTO)
        )

    def as_line(self, office: str) -> str:
        """A line of a list, without its end; `office` is the code of the installation."""
        return json.dumps({"office": office, **asdict(self)}, ensure_ascii=False, sort_keys=True)


def what_of(parts: Iterable[str], photo_keys: Iterable[str]) -> str:
    """The words for these parts and photos."""
    return " ".join([*parts, *(f"{_PHOTO}{key}" for key in photo_keys)])


def named(parts: Iterable[str]) -> str:
    """These parts as people call them."""
    wanted = set(parts)
    return "、".join(called for one, called in _CALLED.items() if one in wanted)


def read_lines(text: str) -> list[tuple[str, Erased]]:
    """What a list holds, by office; a line that a crash left half written tells nothing."""
    found = []
    for line in text.splitlines():
        try:
            told = json.loads(line)
            office, erased = told.pop("office"), Erased(**told)
            datetime.fromisoformat(erased.made_at)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        if all(isinstance(one, str) for one in (office, *asdict(erased).values())):
            found.append((office, erased))
    return found
