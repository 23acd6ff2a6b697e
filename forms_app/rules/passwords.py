"""Which passwords are guessed first: known ones, runs of keys, an own name with a few digits.

It asks for no kinds of characters: a sentence of one's own is as good as any mixture.
"""

import re
import secrets
from functools import cache
from pathlib import Path

from forms_app.rules.folding import narrow

# What has to be left once everything that guessers try first is taken out.
OWN_LETTERS = 5
# A password is judged by its beginning, however long it is: a form may carry 40,000 letters.
LOOKED_AT = 100

# Of a password that is read off paper: none of them is taken for another. 59 bits of them.
_LETTERS, _GROUPS = "23456789abcdefghjkmnpqrstuvwxyz", 3

_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm")
_SHORTEST_RUN = 4
_WORDS = (
    "administrator", "password", "passwd", "welcome", "changeme", "letmein", "iloveyou", "woaini",
    "admin", "root", "user", "test", "demo", "login", "mima", "shequ", "jiedao", "circle",
    "5201314", "1314520", "888888", "666666",
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")
_SIGNS = str.maketrans("@$0!3", "asoie")


def drawn_password() -> str:
    """A first password that can be read off paper and typed on a telephone: `7k2m-9qxd-4tbn`."""
    while True:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
        drawn = "-".join(groups)
        if not is_easily_guessed(drawn):
            return drawn


def is_easily_guessed(password: str, *names: str) -> bool:
    """Whether the password is among the first that somebody tries who knows these names."""
    folded = narrow(password[:LOOKED_AT]).casefold()
    readings = {folded, folded.translate(_SIGNS)}
    return (
        folded.isdigit()  # a phone's, an identity card's or a birthday
        or len(set(folded)) < OWN_LETTERS
        or not readings.isdisjoint(_known())
        or any(len(_own_part(one, names)) < OWN_LETTERS for one in readings)
    )


def _own_part(password: str, names: tuple[str, ...]) -> str:
    """What is left without names, years, words and runs that everybody knows, and repetition."""
    rest = password
    for word in sorted({*_WORDS, *(name.casefold() for name in names if name)}, key=len)[::-1]:
        rest = rest.replace(word, " ")
    rest = _runs().sub(" ", _YEAR.sub(" ", rest))
    return re.sub(r"(.+?)\1+", r"\1", re.sub(r"[\W_]+", "", rest))


@cache
def _runs() -> re.Pattern[str]:
    """Four keys and more that lie side by side, either way, and whole columns of keys."""
    runs = {
        way[start : start + length]
        for row in _ROWS
        for way in (row, row[::-1])
        for length in range(_SHORTEST_RUN, len(row) + 1)
        for start in range(len(row) - length + 1)
    }
    longest_first = sorted({*runs, *_COLUMNS}, key=lambda run: (-len(run), run))
    return re.compile("|".join(longest_first))


@cache
def _known() -> frozenset[str]:
    lines = Path(__file__).with_name("known_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
