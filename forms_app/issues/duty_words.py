"""Which of the offices' duties a letter speaks of. PURE."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forms_app.community import Department, Duty
from forms_app.issues.words import Rarity, Sentence, common, read

DUTY_RARE = 3.0  # nats; a word of a duty that hardly a letter has
HEARD_LETTERS = 3  # two words, or a long one


class LikelyDepartment(NamedTuple):
    """A department's id, and the words of its duty that a letter has, the rarest first."""

    department: str
    because: tuple[str, ...]


def likeliest_duty(duties: Sequence[Duty], text: str) -> str:
    """The text of the duty that shares most with the issue's words; empty where none does."""
    words = read(text).words
    scored = [
        (sum(common(word) < 1 and len(word) > 1 and word in duty.text for word in words), -place)
        for place, duty in enumerate(duties)
    ]
    best, place = max(scored, default=(0, 0))
    return duties[-place].text if best else ""


def told_by_duty(
    units: Iterable[Department], sentences: Sequence[Sentence], ahead: float
) -> LikelyDepartment | None:
    """The one department that has a duty with these words, so many times ahead of the next; None
    where none is.
    """
    found: dict[str, dict[str, float]] = {}
    for unit in units:
        if unit.kind == "department":
            hits = _duty_hits(unit, sentences)
            if sum(map(len, hits)) >= HEARD_LETTERS:
                found[unit.id] = hits
    ranked = sorted(found, key=lambda unit: -sum(found[unit].values()))
    scores = [sum(found[unit].values()) for unit in ranked]
    if not ranked or (len(ranked) > 1 and scores[0] < ahead * scores[1]):
        return None
    hits = found[ranked[0]]
    return LikelyDepartment(ranked[0], tuple(sorted(hits, key=lambda w: -hits[w])))


def _duty_hits(unit: Department, sentences: Sequence[Sentence]) -> dict[str, float]:
    """The rare words that stand in one duty of a unit and in the letter."""
    rarity = Rarity()
    words = {word for sentence in sentences for word in sentence.words if len(word) > 1}
    best: dict[str, float] = {}
    for duty in unit.duties:
        own = set(read(duty.text).words)
        hits = {word: rarity(word) for word in words & own if rarity(word) >= DUTY_RARE}
        if sum(hits.values()) > sum(best.values()):
            best = hits
    return best
