"""How a word of Latin letters or digits is found in a folded text: parts of a pattern."""

import re

NO_FURTHER = "(?![a-z0-9])"  # behind one that is whole


def beginning(word: str) -> str:
    """It stands where a word begins: no ld in building. What is measured begins behind its number:
    20m2.
    """
    before = "0-9" if word[0].isdigit() else "a-z"
    return f"(?<![{before}]){re.escape(word)}"
