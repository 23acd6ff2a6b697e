"""What differs between two texts of a file: by record and field where it is a list, and by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from forms_app.content.listing import Value, records
from forms_app.content.saving import text_of
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

MOST_LINES = 400
# The files that are lists of records: the key of one, and what people call it by.
LISTS: Mapping[str, tuple[str, str]] = {
    "activities.yml": ("uid", "summary"),
    "services.yml": ("id", "name"),
}
NEW, GONE, OTHER = "new", "gone", "other"


@dataclass(frozen=True)
class Difference:
    """One record that is new, gone or another; of another file its number of lines."""

    file: str
    name: str
    kind: str
    fields: tuple[str, ...] = ()
    lines: int = 0


def differences(file: str, before: str, after: str) -> tuple[Difference, ...]:
    """What is different, record by record; a file that is no list is one difference."""
    if before == after:
        return ()
    try:
        if file in LISTS and before.strip() and after.strip():
            found = tuple(_by_record(file, before, after))
            if found:
                return found
    except Refused:
        pass
    changed = [sign for sign, _ in line_differences(before, after) if sign in "+-"]
    return (Difference(file, "", OTHER, lines=len(changed)),)


def _by_record(file: str, before: str, after: str) -> Iterator[Difference]:
    key, label = LISTS[file]
    old, new = records(before, key), records(after, key)
    for one in dict.fromkeys([*old, *new]):
        values = (new.get(one) or old[one]).values
        name = str(values.get(label) or one)
        if one not in old:
            yield Difference(file, name, NEW)
        elif one not in new:
            yield Difference(file, name, GONE)
        elif old[one].values != new[one].values:
            yield Difference(file, name, OTHER, _fields(old[one].values, new[one].values))


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


def unpublished(settings: Settings, made_from: Path | None) -> tuple[Difference, ...] | None:
    """What the site does not show yet; None where nobody knows what it was made of."""
    if made_from is None:
        return None
    names = {one.name for folder in (made_from, settings.community_dir)
             for one in (*folder.glob("*.yml"), *folder.glob("*.csv"))}  # fmt: skip
    found: list[Difference] = []
    for name in sorted(names):
        kept = made_from / name
        before = kept.read_bytes().decode("utf-8-sig", "replace") if kept.exists() else ""
        try:
            found += differences(name, before, text_of(settings, name))
        except Refused:
            found.append(Difference(name, "", OTHER))
    return tuple(found)
