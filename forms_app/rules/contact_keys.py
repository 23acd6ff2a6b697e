"""The keys under which residents' contacts stand in the database, and how a sealed one looks.

A key has a name, which stands in what it sealed: so there may be several, the newest of which
seals, while older ones still open what they sealed (a backup's). Beside its name a sealed text
holds a mark, a keyed hash by which equal telephones or addresses are found, and a letter of which
kind it is, both without opening any. `$1$<name><mark><kind>$<sealed>`. It knows no row.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

from forms_app.rules.folding import fold
from forms_app.rules.refused import Refused

START = "$1$"
NAME_LETTERS = 8
# Of what is sealed, so much is the same for the same telephone or address under the same key.
MARK_LETTERS = len(START) + NAME_LETTERS + 16
_NO_MARK = "-" * 16
NO_KIND = "-"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SEALED = re.compile(r"\$1\$([0-9a-f]{8})([A-Za-z0-9_-]{16}[a-z-])\$([A-Za-z0-9_-]+)")


class ContactLocked(Refused):
    """A contact in the database opens with none of the keys that there are, or is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "数据库里的联系方式是用别的密钥加密的，或者被改坏了，现在打不开，没有动它。"
            "请先把原来的密钥文件 contact_key 放回数据文件夹里的 private。"
        )


@dataclass(frozen=True)
class _Key:
    name: str
    secret: bytes = field(repr=False)
    marks: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "_Key":
        def derived(use: str) -> bytes:
            return hmac.digest(text.encode(), f"contacts: {use}".encode(), "sha256")

        return cls(derived("name").hex()[:NAME_LETTERS], derived("seal"), derived("mark"))


@dataclass(frozen=True)
class ContactKeys:
    """All keys of an office as their file holds them: one a line, the newest first."""

    texts: tuple[str, ...] = field(repr=False)

    @classmethod
    def fresh(cls) -> "ContactKeys":
        """A key that nobody else has."""
        return cls((secrets.token_urlsafe(32),))

    @classmethod
    def read(cls, text: str) -> "ContactKeys":
        """The keys in a file's text. Raises ValueError where it holds anything else, or nothing."""
        lines = tuple(text.split())
        if not lines or not all(map(_KEY.fullmatch, lines)):
            raise ValueError("not the keys of contacts")
        return cls(lines)

    def told(self) -> str:
        """As the file holds them."""
        return "".join(f"{text}\n" for text in self.texts)

    def with_new(self) -> "ContactKeys":
        """The same with a new one before them, which seals from now on."""
        return ContactKeys((*self.fresh().texts, *self.texts))

    @cached_property
    def _keys(self) -> dict[str, _Key]:
        return {key.name: key for key in map(_Key.of, self.texts)}

    @property
    def names(self) -> tuple[str, ...]:
        """By which they are told from others, the newest first; they give nothing away."""
        return tuple(self._keys)

    def seal(self, text: str, place: str, same: str = "", kind: str = NO_KIND) -> str:
        """The text as a column holds it; `same` is what equal ones have in common, "" if nothing;
        `kind` a letter. It opens only at its `place`, a table's column.
        """
        key = self._keys[self.names[0]]
        head = key.name + (self._mark(key, same) if same else _NO_MARK) + kind
        sealed: bytes = _cipher().closed(_bytes(text), f"{place} {head}".encode(), key.secret)
        return f"{START}{head}${urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def open(self, sealed: str, place: str) -> str:
        """The text again. Raises ContactLocked."""
        found = _SEALED.fullmatch(sealed)
        key = self._keys.get(found[1]) if found else None
        if found is None or key is None:
            raise ContactLocked
        try:
            body = urlsafe_b64decode(found[3] + "=" * (-len(found[3]) % 4))
            belongs = f"{place} {found[1]}{found[2]}".encode()
            text: bytes = _cipher().opened(body, belongs, key.secret)
        except ValueError as error:
            raise ContactLocked from error
        return text.decode("utf-8", "surrogatepass")

    def mark(self, same: str) -> str:
        """With what a text begins that is sealed now and has this in common with others."""
        key = self._keys[self.names[0]]
        return f"{START}{key.name}{self._mark(key, same)}"

    @staticmethod
    def _mark(key: _Key, same: str) -> str:
        digest = hmac.digest(key.marks, _bytes(same), hashlib.sha256)
        return urlsafe_b64encode(digest[:12]).decode()


def is_sealed(stored: str) -> bool:
    """Whether a text looks as if it had been sealed by any key, whole or damaged."""
    return stored.startswith(START)


def mark_in(sealed: str) -> str:
    """With what a sealed text begins, that equal ones share; "" where it is like no other."""
    return "" if sealed[:MARK_LETTERS].endswith(_NO_MARK) else sealed[:MARK_LETTERS]


def kind_in(sealed: str) -> str:
    """The letter of the kind that a sealed text is of."""
    return sealed[MARK_LETTERS : MARK_LETTERS + 1] or NO_KIND


def same_phone(phone: str) -> str:
    """What the same number has in common, however it is written: its digits."""
    return re.sub(r"\D", "", fold(phone))


def same_email(email: str) -> str:
    """What the same address has in common."""
    return email.lower()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _cipher() -> Any:
    return import_module("forms_app.rules.contact_cipher")
