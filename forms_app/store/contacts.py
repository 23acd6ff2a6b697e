"""Columns of residents' contacts: sealed as the database holds them, plain to casework.

A value is opened when somebody asks for it, not when its row is read: most pages read issues and
show no contact. Nothing can be looked for in such a column but that it is empty, or that its mark
is another one's (contact_keys).
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from peewee import SQL, Expression, Field, FieldAccessor, Function, fn

from forms_app.rules.contact_keys import (
    MARK_LETTERS,
    NO_KIND,
    ContactKeys,
    is_sealed,
    kind_in,
    mark_in,
)

KEY_FILE = "contact_key"

_in_use = ContactKeys.fresh()  # of a process that was given none: nobody can open what it seals

if TYPE_CHECKING:
    _TextBase = Field[str]
else:  # Peewee's fields are generic in its type stubs only
    _TextBase = Field


def use_keys(keys: ContactKeys) -> None:
    """Has the process seal and open with these from now on."""
    global _in_use
    _in_use = keys


def use_keys_beside(path: Path) -> None:
    """The same with those that lie beside a SQLite database; where none do, nothing changes.

    Raises ContactKeys.read's ValueError, and OSError.
    """
    file = path.with_name(KEY_FILE)
    if file.exists():
        use_keys(ContactKeys.read(file.read_text(encoding="ascii")))


def keys() -> ContactKeys:
    """Those in use."""
    return _in_use


class Sealed(Struct, frozen=True):
    """A contact as the database holds it. `str` opens it; raises ContactLocked."""

    place: str
    stored: str

    def __str__(self) -> str:
        return _in_use.open(self.stored, self.place)

    @property
    def mark(self) -> str:
        """What equal ones share; "" where it is like no other."""
        return mark_in(self.stored)


class _Opening(FieldAccessor):
    """Opens a row's value when it is asked for, once."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        value = super().__get__(instance, instance_type)  # type: ignore[no-untyped-call]
        if isinstance(value, Sealed):
            value = instance.__data__[self.name] = str(value)
        return value


class ContactField(_TextBase):
    """A text that is sealed in the database; "" stays "".

    `same` gives what equal ones share, `kind` a letter of which kind one is.
    """

    field_type = "TEXT"
    accessor_class = _Opening

    def __init__(
        self,
        same: Callable[[str], str] = lambda _: "",
        kind: Callable[[str], str] = lambda _: NO_KIND,
    ) -> None:
        super().__init__(default="")
        self.same = same
        self.kind = kind

    @property
    def place(self) -> str:
        """What a text that is sealed for this column belongs to."""
        return f"{self.model._meta.table_name}.{self.column_name}"

    def db_value(self, value: object) -> str | None:
        if isinstance(value, Sealed) and value.place == self.place:
            return value.stored
        text = "" if value is None else str(value)
        return _in_use.seal(text, self.place, self.same(text), self.kind(text)) if text else ""

    def python_value(self, value: str | None) -> Any:
        return Sealed(self.place, value) if value and is_sealed(value) else value

    def mark(self, value: object) -> str:
        """What a value shares with equal ones, as read or as it is; "" where it is like no other.

        It is not opened.
        """
        if isinstance(value, Sealed):
            return value.mark
        same = self.same(str(value))
        return _in_use.mark(same) if same else ""

    def mark_of(self, row: Any) -> str:
        """That of a row's value."""
        return self.mark(row.__data__.get(self.name, ""))

    def is_left(self, row: Any) -> bool:
        """Whether there is any, without opening it."""
        return bool(row.__data__.get(self.name))

    def kind_of(self, row: Any) -> str:
        """Of which kind a row's value is, without opening it."""
        value = row.__data__.get(self.name, "")
        return kind_in(value.stored) if isinstance(value, Sealed) else self.kind(str(value))

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        return self._compared("__eq__", other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        return self._compared("__ne__", other)

    def in_(self, others: object) -> Expression:
        return self._compared("in_", others)

    def contains(self, other: object) -> Expression:
        return self._compared("contains", other)

    __hash__ = Field.__hash__

    def _compared(self, how: str, other: object) -> Expression:
        """Each time that it is sealed, a text looks otherwise: compared, it would equal none."""
        if not (other == "" if isinstance(other, str) else isinstance(other, SQL)):
            raise TypeError(f"{self.place} is sealed: compare its mark")
        compare: Callable[[object], Expression] = getattr(super(), how)
        return compare(other)


def marked(column: Any) -> Function:
    """The mark of a sealed column, for comparing it with another one's: in an index's words."""
    return fn.SUBSTR(column, SQL("1"), SQL(str(MARK_LETTERS)))
