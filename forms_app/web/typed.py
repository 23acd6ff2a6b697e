"""What somebody had typed into a form whose step failed: shown again, and ready to be sent again.

It stands on their own page alone, never in a log.
"""

import re
from collections.abc import Iterable

from flask import request
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from forms_app.web.forms.base import GATE_FIELDS

PASSWORDS = frozenset({"password", "old_password", "password_again"})
# What a page put into its form itself, and what is typed anew each time.
NOT_TYPED = PASSWORDS | GATE_FIELDS | {"csrf_token", "form_key", "version"}
# Of a choice: its words stand in the form.
_CODE = re.compile(r"[a-z][a-z0-9_:-]*|[A-C]|[0-9]")


class Typed(Struct, frozen=True):
    """A form as it came: where it goes, its fields but for passwords, and its words to copy."""

    action: str
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    had_files: bool


def typed(*, may_pass: bool) -> Typed | None:
    """What this request's form holds; None where it has none, or it did not come whole. A form that
    came with nothing but files is worth showing where it `may_pass` when it is sent once more.
    """
    if request.method != "POST":
        return None
    try:
        came = tuple(request.form.items(multi=True))
    except HTTPException:  # more than may come, or cut off
        return None
    fields = tuple((name, value) for name, value in came if name not in PASSWORDS)
    words = words_in(fields)
    action = request.full_path.removesuffix("?").lstrip("/")
    had_files = any(file.filename for _, file in request.files.items(multi=True))
    is_worth_it = words or (may_pass and had_files)
    return Typed(action, fields, words, had_files) if is_worth_it else None


def words_in(fields: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What somebody wrote of a form, to copy: no choices, whose words stand elsewhere."""
    return tuple(
        value
        for name, value in fields
        if name not in NOT_TYPED and value.strip() and not _CODE.fullmatch(value)
    )
