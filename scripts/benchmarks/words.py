"""How well the words of residents are read: twins found, false alarms, hints given and fitting.

The texts in `told/` were written by hand for this. A third of the matters, chosen by a hash, is
held out: rules are tuned on the others alone, and both figures are told. As letters, each text is
told again among greetings, complaints about answers and thanks, as people write to a mayor.
`other_words.txt` is harder: one matter in quite other words, and other matters at the same place.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forms_app.community import Circle, load
from forms_app.issues.likeness import Compared, alike
from forms_app.issues.suggestions import suggest
from forms_app.issues.words import Rarity, read

ROOT = Path(__file__).resolve().parents[2]
TOLD = Path(__file__).parent / "told"
NONE = "none"  # the office has no kind for it
POOL = 40  # open issues of an estate, one of them the twin
BEGAN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Matter:
    """One matter as one or more people told it, and the kinds that fit it."""

    kinds: frozenset[str]
    texts: tuple[str, ...]

    @property
    def is_held_out(self) -> bool:
        return _draw(self.texts[0]) % 3 == 0


def matters() -> list[Matter]:
    """Those of `pairs.txt`, each told by several, then those of `singles.txt`, by one each."""
    pairs = [Matter(kinds, texts) for kinds, texts in _blocks(TOLD / "pairs.txt")]
    singles = [
        Matter(kinds, (text,)) for kinds, texts in _blocks(TOLD / "singles.txt") for text in texts
    ]
    return pairs + singles


def measure_words(_folder: Path, say: Callable[..., None]) -> None:
    """Twins and hints, on the tuned and the held-out matters."""
    circle = load(ROOT / "data" / "community")
    for name, is_held_out in (("tuned", False), ("held out", True)):
        chosen = [one for one in matters() if one.is_held_out is is_held_out]
        letters = [as_letters(matter) for matter in chosen]
        for estate in ("guiyuan", ""):
            known = "known" if estate else "unknown"
            say(f"twins, estate {known}, {name}", **twins(chosen, estate))
            say(f"twins as letters, estate {known}, {name}", **twins(letters, estate))
        say(f"hints, {name}", **hints(circle, chosen))
        say(f"hints as letters, {name}", **hints(circle, letters))
    for name in ("first", "second", "third"):
        say(f"twins in other words, {name} set", **in_other_words(name))


def as_letters(matter: Matter) -> Matter:
    """The same matter, each text among 3 to 12 sentences that any letter may have."""
    return Matter(matter.kinds, tuple(_letter(text) for text in matter.texts))


def _letter(text: str) -> str:
    lines = (TOLD / "courtesy.txt").read_text(encoding="utf-8").splitlines()[1:]
    drawn = sorted(lines, key=lambda line: _draw(line + text))[: 3 + _draw(text) % 10]
    before = _draw(text) // 7 % 3
    return "。".join([*drawn[:before], text, *drawn[before:]])


def twins(chosen: Sequence[Matter], estate_id: str) -> dict[str, float | int]:
    """Each text of a pair among POOL others of the same place, its twin one of them."""
    told = [
        (number, Compared(0, text.replace("¶", "\n"), "", estate_id, "", _day(text)))
        for number, matter in enumerate(chosen)
        for text in matter.texts
    ]
    told = [(number, one._replace(key=key)) for key, (number, one) in enumerate(told)]
    register = Rarity.among([read(one.text) for _, one in told])
    asked = found = compared = false = misled = 0
    for number, one in told:
        own = [other for of, other in told if of == number and other.key != one.key]
        rest = [other for of, other in told if of != number]
        rest.sort(key=lambda other: _draw(f"{one.text}{other.text}"))
        pool = [*own, *rest[: POOL - len(own)]]
        offered = {like.key for like in alike(one, pool, register)}
        twin = {other.key for other in own}
        asked += len(twin)
        found += len(offered & twin)
        compared += len(pool) - len(twin)
        false += len(offered - twin)
        misled += bool(offered - twin)
    return {
        "pairs": asked // 2,
        "found_percent": _percent(found, asked),
        "unrelated": compared,
        "false_percent": _percent(false, compared),
        "letters_offered_something_false_percent": _percent(misled, len(told)),
    }


def in_other_words(name: str) -> dict[str, int]:
    """How many pairs of one matter are found, and how many of two matters all the same."""
    lines = (TOLD / "other_words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.startswith(name)]
    texts = [text for _, _, *both in rows for text in both]
    register = Rarity.among([read(text) for text in texts])
    counted = {"same": 0, "same_found": 0, "near": 0, "near_found": 0}
    for _, what, *both in rows:
        one, other = (
            Compared(key, text, "", "guiyuan", "", BEGAN) for key, text in enumerate(both)
        )
        counted[what] += 1
        counted[f"{what}_found"] += bool(alike(one, [other], register))
    return counted


def hints(circle: Circle, chosen: Sequence[Matter]) -> dict[str, float | int]:
    """What share of the texts that have a kind get a hint, and how many of all hints fit."""
    with_kind = given = hinted = fitting = others = on_none = without = 0
    for matter in chosen:
        for text in matter.texts:
            hint = suggest(circle, text.replace("¶", "\n"))
            kind = hint.category if hint else ""
            others += kind == "other"
            has_kind = NONE not in matter.kinds
            with_kind += has_kind
            without += not has_kind
            if kind:
                hinted += 1
                given += has_kind
                fitting += kind in matter.kinds
                on_none += matter.kinds == {NONE}
    return {
        "texts": with_kind + without,
        "given_percent": _percent(given, with_kind),
        "fitting_percent": _percent(fitting, hinted),
        "without_kind": without,
        "hinted_all_the_same": on_none,
        "other_by_its_name": others,
    }


def _blocks(file: Path) -> list[tuple[frozenset[str], tuple[str, ...]]]:
    found = []
    for block in file.read_text(encoding="utf-8").split("\n@")[1:]:
        kinds, *texts = [line for line in block.splitlines() if line]
        found.append((frozenset(kinds.split("|")), tuple(texts)))
    return found


def _day(text: str) -> datetime:
    return BEGAN + timedelta(hours=_draw(text) % 480)


def _draw(text: str) -> int:
    """The same number for a text every time, without order."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
