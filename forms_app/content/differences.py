"""What differs between two texts of a file: by record and field where it is a list, and by line."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from msgspec import Struct

from forms_app.content.kind import Kind, Names
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Value
from forms_app.content.offers import keys_only
from forms_app.content.saving import text_of
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

MOST_LINES = 400
PATTERNS = ("*.yml", "*.csv", "pages/*/*.md", "workdays/*.yml")
NEW, GONE, OTHER = "new", "gone", "other"


class Difference(Struct, frozen=True):
    """One record that is new, gone or another; of another file its number of lines."""

    file: str
    name: str
    kind: str
    fields: tuple[str, ...] = ()
    lines: int = 0


def differences(
    file: str, before: str, after: str, names: Names = keys_only
) -> tuple[Difference, ...]:
    """What is different, record by record; a file that is no list is one difference."""
    if before == after:
        return ()
    try:
        if before.strip() and after.strip():
            kinds = [one for one in KINDS.values() if one.file == file]
            found = tuple(found for one in kinds for found in _by_record(one, before, after, names))
            if found:
                return found
    except Refused:
        pass
    changed = [sign for sign, _ in line_differences(before, after) if sign in "+-"]
    return (Difference(file, "", OTHER, lines=len(changed)),)


def _by_record(kind: Kind, before: str, after: str, names: Names) -> Iterator[Difference]:
    old, new = kind.layout.records(before), kind.layout.records(after)
    for one in dict.fromkeys([*old, *new]):
        values = (new.get(one) or old[one]).values
        name = kind.title(values, names) or one
        if one not in old:
            yield Difference(kind.file, name, NEW)
        elif one not in new:
            yield Difference(kind.file, name, GONE)
        elif old[one].values != new[one].values:
            yield Difference(kind.file, name, OTHER, _fields(old[one].values, new[one].values))


def _fields(old: Mapping[str, Value], new: Mapping[str, Value]) -> tuple[str, ...]:
    names = dict.fromkeys([*old, *new])
    return tuple(name for name in names if (old.get(name) or "") != (new.get(name) or ""))


def line_differences(before: str, after: str) -> list[tuple[str, str]]:
    """The lines taken away (`-`), put in (`+`), and `…` between what lies apart; bounded."""
    old, new = before.splitlines(), after.splitlines()
    found: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if found:
            found.append(("…", ""))
        found += [("-", line) for line in old[i:j]]
        found += [("+", line) for line in new[k:m]]
        if len(found) > MOST_LINES:
            return [*found[:MOST_LINES], ("…", "")]
    return found


def unpublished(
    settings: Settings, made_from: Path | None, names: Names = keys_only
) -> tuple[Difference, ...] | None:
    """What the site does not show yet; None where nobody knows what it was made of."""
    if made_from is None:
        return None
    files = {one.relative_to(folder).as_posix() for folder in (made_from, settings.community_dir)
             for pattern in PATTERNS for one in folder.glob(pattern)}  # fmt: skip
    found: list[Difference] = []
    for name in sorted(files):
        kept = made_from / name
        before = kept.read_bytes().decode("utf-8-sig", "replace") if kept.exists() else ""
        try:
            found += differences(name, before, text_of(settings, name), names)
        except Refused:
            found.append(Difference(name, "", OTHER))
    return tuple(found)
