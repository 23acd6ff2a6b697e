"""Words that a keyboard or a voice wrote with another character, read alike: 井该 for 井盖.

PURE. Only what the segmenter leaves in single characters is no word as it stands.
"""

from collections.abc import Iterable
from importlib import import_module

from forms_app.issues.words import is_word
from forms_app.rules.folding import fold
from forms_app.rules.names import reading

SHORTEST, LONGEST = 2, 4  # characters
# Of all of Chinese: a character that is a word by itself (从, 到, 等) is meant as it stands.
ITSELF = 0.0005


class Spellings:
    """How some words are read: those of the dictionary, and of two to four characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[tuple[int, str], list[str]] = {}
        for word in sorted(set(map(fold, words))):
            if SHORTEST <= len(word) <= LONGEST and is_word(word):
                self._words.setdefault((len(word), reading(word)), []).append(word)

    def right(self, text: str) -> str:
        """The text folded, each of these words spelled right where one character of it is not; or
        as it was, where all are.
        """
        is_right = True
        pieces = [word for word, _ in import_module("forms_app.issues.segments").tagged(fold(text))]
        place = 0
        while place < len(pieces):
            for length in range(LONGEST, SHORTEST - 1, -1):
                meant = self._meant(pieces[place : place + length], length)
                if meant:
                    pieces[place : place + length] = [meant]
                    is_right = False
                    break
            place += 1
        return text if is_right else "".join(pieces)

    def _meant(self, single: list[str], length: int) -> str:
        written = "".join(single)
        if len(single) != length or len(written) != length:
            return ""
        for word in self._words.get((length, reading(written)), ()):
            wrong = [one for one, right in zip(written, word, strict=True) if one != right]
            if len(wrong) == 1 and _share(wrong[0]) < ITSELF:
                return word
        return ""


def _share(character: str) -> float:
    return float(import_module("forms_app.issues.segments").share(character))
