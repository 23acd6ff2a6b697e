"""One record of any kind: read, judged, saved or taken away, and never over another's."""

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct

from forms_app.community import Circle, DataError, DataRefused, load
from forms_app.content.inputs import many
from forms_app.content.kind import Field, Kind
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Record, Unwritable, Value, filled, name_of
from forms_app.content.offers import keys_only, names_in
from forms_app.content.saving import Change, ChangedMeanwhile, decoded, save, text_of
from forms_app.content.versions import seen_digest
from forms_app.rules.refused import Refused
from forms_app.rules.said import listed, said
from forms_app.settings import Settings

NAMED_MOST = 3  # of those that refer to a record
BOM = b"\xef\xbb\xbf"


class Taken(Refused):
    """There is such a record already."""

    def __init__(self) -> None:
        super().__init__("已经有一条一样的，请改那一条。")


class StillNeeded(Refused):
    """Others refer to a record that somebody wants to take away."""


class Asked(Struct, frozen=True):
    """A record that is to be: its name before ("" for a new one) and its values, None for gone."""

    kind: Kind
    name: str
    values: Mapping[str, Value] | None

    @property
    def new_name(self) -> str:
        """What it will be known by."""
        return name_of(self.values, self.kind.key) if self.values is not None else ""


def all_of(settings: Settings, kind: Kind) -> dict[str, Record]:
    """The records by name, in the order of their file. Raises Unwritable."""
    return kind.layout.records(text_of(settings, kind.file))


def address_of(name: str) -> str:
    """A record's name in addresses: itself where it is one of ours, else its digest."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name) and name not in ("new", "sheet"):
        return name
    return "r." + hashlib.sha256(name.encode()).hexdigest()[:16]


def at_address(found: Mapping[str, Record], address: str) -> str | None:
    """The name of the record at an address."""
    return next((name for name in found if address_of(name) == address), None)


def made_key(kind: Kind, form_key: str) -> str:
    """A new record's own key: the same for the same form sent again."""
    return f"{kind.made}_{hashlib.sha256(form_key.encode()).hexdigest()[:8]}"


def changed_text(text: str, asked: Asked) -> str:
    """The file with what is asked for. Raises Taken and Unwritable."""
    kind = asked.kind
    if asked.values is None:
        return kind.layout.changed(text, {asked.name: None}, kind.order)
    before = kind.layout.records(text)
    if asked.new_name != asked.name and asked.new_name in before:
        raise Taken
    name = asked.name or asked.new_name
    return kind.layout.changed(text, {name: asked.values}, kind.order)


def judge(settings: Settings, asked: Asked) -> Circle:
    """What the circle would be. Raises DataRefused, Taken and Unwritable."""
    text = changed_text(text_of(settings, asked.kind.file), asked)
    return load(settings.community_dir, instead={asked.kind.file: text.encode()})


def save_record(settings: Settings, asked: Asked, seen: str, change: Change) -> bool:
    """Writes it; whether that was a change at all. Pressed twice it is written once.

    Raises ChangedMeanwhile, Taken, StillNeeded, DataRefused, ContentBusy and Unwritable.
    """

    def make(before: bytes) -> bytes:
        text = decoded(before)
        known = asked.kind.layout.records(text)
        found = known.get(asked.name or asked.new_name)
        if asked.values is None and found is None:
            return before
        if found and asked.values is not None and filled(found.values) == filled(asked.values):
            return before
        if seen_digest(known.get(asked.name)) != seen:
            raise ChangedMeanwhile
        if asked.values is None:
            refuse_where_needed(settings, asked.kind, asked.name)
        return as_bytes(before, changed_text(text, asked))

    return save(settings, change, make)


def as_bytes(before: bytes, text: str) -> bytes:
    """A file's new content, with the mark by which a spreadsheet program knows the old one."""
    return (BOM if before.startswith(BOM) else b"") + text.encode()


def referring(settings: Settings, kind: Kind, name: str) -> dict[str, list[str]]:
    """Who refers to a record: the names of kinds, and what their records are called."""
    own = next(key for key, one in KINDS.items() if one is kind)
    try:
        names = names_in(load(settings.community_dir))
    except DataRefused:
        names = keys_only
    found: dict[str, list[str]] = {}
    for other in KINDS.values():
        fields = [one.name for one in other.fields if one.refers == own]
        if not fields:
            continue
        for key, record in _readable(settings, other).items():
            is_own = other is kind and key == name
            if not is_own and any(name in many(record.values.get(one, "")) for one in fields):
                found.setdefault(other.name, []).append(other.title(record.values, names))
    return found


def refuse_where_needed(settings: Settings, kind: Kind, name: str) -> None:
    """Says who refers to a record. Raises StillNeeded."""
    found = referring(settings, kind, name)
    if found:
        who = listed(_some(what, names) for what, names in found.items())
        raise StillNeeded(
            said("还不能去掉：%(who)s还用着它。先把它们改好或者去掉，再来去掉这一条。", who=who)
        )


def _some(what: str, names: list[str]) -> str:
    few = "、".join(names[:NAMED_MOST])
    if len(names) > NAMED_MOST:
        return said("%(what)s%(count)s条（%(few)s等）", what=what, count=len(names), few=few)
    return said("%(what)s%(count)s条（%(few)s）", what=what, count=len(names), few=few)


def _readable(settings: Settings, kind: Kind) -> Mapping[str, Record]:
    try:
        return all_of(settings, kind)
    except Unwritable:
        return {}


def errors_of(
    settings: Settings, refused: DataRefused, asked: Asked
) -> tuple[list[tuple[Field | None, DataError]], list[DataError]]:
    """What is wrong with this record, each with its field, and what is wrong elsewhere."""
    kind = asked.kind
    text = changed_text(text_of(settings, kind.file), asked)
    record = kind.layout.records(text).get(asked.new_name)
    own: list[tuple[Field | None, DataError]] = []
    elsewhere: list[DataError] = []
    for error in refused.errors:
        line = error.line
        is_own = record is not None and record.first < line <= record.end
        if error.file == kind.file and is_own:
            own.append((kind.field(error.column.split(" ")[0]), error))
        else:
            elsewhere.append(error)
    return own, elsewhere


class Changed(Struct, frozen=True):
    """One field of a record, before and after, in words."""

    label: str
    old: str
    new: str


def changed_fields(
    kind: Kind, before: Mapping[str, Value], after: Mapping[str, Value], circle: Circle
) -> list[Changed]:
    """What differs between two records, in the order of the form."""
    found = []
    for one in kind.fields:
        old, new = before.get(one.name) or "", after.get(one.name) or ""
        if old != new:
            shown = [one.input.shown(value, circle) if value else "" for value in (old, new)]
            found.append(Changed(one.label, *shown))
    return found
