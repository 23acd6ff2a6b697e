"""What a long letter comes back to: of all that is told in passing, the matter it is written for.

PURE and the same every time.
"""

from forms_app.issues.words import Letter, Rarity

LONG_LETTERS = 300  # what is shorter speaks of its matter alone
WORDS = 5  # kept of a long one; with all that are said twice, a third fewer find their topic
_TWICE = 2
_plain = Rarity()


def subject(letter: Letter) -> Letter:
    """The letter; of a long one only the words that it says again and again, and tell something."""
    texts = [sentence.text for sentence in letter.sentences]
    if sum(map(len, texts)) < LONG_LETTERS:
        return letter
    whole = "\n".join(texts)
    told = {
        word: _plain(word) * times
        for word in letter.words
        if len(word) > 1 and (times := whole.count(word)) >= _TWICE and _plain(word)
    }
    kept = set(sorted(told, key=lambda word: (-told[word], word))[:WORDS])
    return Letter(tuple(
        sentence._replace(words=tuple(word for word in sentence.words if word in kept))
        for sentence in letter.sentences
    ))  # fmt: skip
