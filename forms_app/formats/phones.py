"""Telephone numbers within the words of a page: one of them is never broken at its hyphen.

A link that telephones stays whole by itself. A browser breaks any other number behind a hyphen, and
whoever copies it from two lines by hand dials half of it.
"""

import re

_PHONE = re.compile(
    r"(?<![0-9A-Za-z-])[0-9]{3,4}-[0-9]{3,8}(?:-[0-9]{1,8})?(?![0-9A-Za-z-])", re.ASCII
)
_TAG = re.compile("(<[^<>]*>)")
# What holds no words of the page, or none that a mark could stand around; and what telephones.
_LEFT_OUT = re.compile(
    r'<(script|style|svg|option|textarea|title)\b|<(a)\b[^>]*\bhref="tel:', re.IGNORECASE
)
_UNBROKEN = r'<span class="unbroken">\g<0></span>'


def whole_phones(html: str) -> str:
    """The page with each number in plain words marked so that it stays in one line."""
    pieces: list[str] = []
    until = ""  # the tag at which words begin again
    for place, piece in enumerate(_TAG.split(html)):
        is_tag = place % 2 == 1
        if is_tag and until:
            until = "" if piece.lower() == until else until
        elif is_tag:
            opened = _LEFT_OUT.match(piece)
            until = f"</{(opened[1] or opened[2]).lower()}>" if opened else ""
        pieces.append(piece if is_tag or until else _PHONE.sub(_UNBROKEN, piece))
    return "".join(pieces)
