"""What an issue's words have in common with kinds of problem and with duties: a hint, no more.

PURE and the same every time. Title and beginning count most, whole words only; what any letter
mentions in passing decides nothing. Whoever grades decides; without a clear answer there is none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from msgspec import Struct, field

from forms_app.community import CLOSED, Category, Circle, Department
from forms_app.issues.chats import said_in
from forms_app.issues.duty_words import told_by_duty
from forms_app.issues.gist import WHOLE, gist
from forms_app.issues.kind_words import (
    CHARACTER,
    IN_PASSING,
    OTHER,
    ends_a_word,
    heads_of,
    stands,
    telling_names,
    terms_of,
    was_asked,
    words_of_others,
)
from forms_app.issues.misspelled import Spellings
from forms_app.issues.subject import LONG_LETTERS
from forms_app.issues.words import EVERYWHERE, Rarity, Sentence, read
from forms_app.rules.folding import fold

SHOWN = 4
TITLE_LETTERS = 40  # a first line that is no longer decides, where it is clear
SPELLED_LETTERS = 400  # by whose sounds a kind is looked for where no word tells one
BEGINNING_LETTERS = 40  # the first sentence, and what follows until so much is said
LATER = 0.3  # what stands further down, against the beginning
# How a point of a list begins: 一、 1. （1） ①
_POINT = re.compile(
    r"(?:^|(?<=[。；;：:，,\n\s]))\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.、．](?!\d)"
    r"|[一二三四五六七八九十]{1,2}、|[①-⑩])"
)
POINTS = 3  # make a list
TWICE = 2  # a story has words of its kind
# About one whole word at the beginning, or three further down. Without it 61 instead of 94 % fit;
# what each rule gains, `scripts/bench word-rules` tells.
CLEAR = 0.9
SHORT_LETTERS = 6  # 太吵了, 好臭: what says hardly anything else is about its one character
AHEAD = 1.4  # times the next kind
SEVERAL = 2  # kinds named where none is ahead
STORY_LETTERS = 200  # what is no shorter tells a story
REPEATED, TIMES_AHEAD = 2, 2  # sentences of a story that speak of a kind; times the next one
FEW_GRADES, SURE = 4, 0.6  # graded issues with a word; the share of one kind that makes it tell
LEARNED = 0.8  # as much as a word of the office's own list, at most
LIFE_SHARE = 3  # one of so many parts of a long letter: what it begins with
ESTATE = "小区"  # what stands for the name of one


N = TypeVar("N", Category, Department)


class Counted(NamedTuple):
    """How this office graded the issues that have a word: `of_kind` of `graded` as `category`."""

    word: str
    category: str
    of_kind: int
    graded: int


class Suggestion(Struct, frozen=True):
    category: str  # a code, or empty where only a department is likely, or several kinds are
    department: str
    because: tuple[str, ...]  # the words of the issue that speak for it, at most SHOWN
    counted: tuple[Counted, ...] = ()  # what was learned from the office's own grades
    several: tuple["Suggestion", ...] = ()  # the likeliest kinds, where none is ahead


class _Kind(Struct):
    category: Category
    score: float = 0.0
    words: dict[str, float] = field(default_factory=dict)
    counted: list[Counted] = field(default_factory=list)

    @property
    def is_character(self) -> bool:
        """Whether one character of the office's list is all that speaks for it."""
        return self.score >= CHARACTER and all(len(word) == 1 for word in self.words)

    def said(self) -> Suggestion:
        words = sorted(self.words, key=lambda word: -self.words[word])
        longest = [w for w in words if not any(w != other and w in other for other in words)]
        because = (*longest, *(one.word for one in self.counted if one.word not in longest))
        return Suggestion(
            self.category.code, self.category.department, because[:SHOWN], tuple(self.counted)
        )


def suggest(circle: Circle, text: str, grades: Sequence[Counted] = ()) -> Suggestion | None:
    """The likeliest kind of problem and who leads it; None where nothing stands out.

    `grades` are what this office made of earlier issues with the words of `telling`.
    """
    text = telling_names(tuple(circle.estates.values()), tuple(circle.categories.values())).sub(
        ESTATE, said_in(text)
    )
    listed = _of_a_list(circle, text, grades)
    if listed is not None:
        return listed
    begun = text
    if len(text) >= STORY_LETTERS:
        found = _by_repetition(circle, text, grades) or _by_title(circle, text, grades)
        if found is not None:
            return found
        begun = gist(text, circle)
        if len(text) >= LONG_LETTERS:  # what it asks for at its end, and then what it told before
            begun = f"{begun}\n{text[len(text) // LIFE_SHARE : -len(begun)]}"
    found = _suggested(circle, begun, grades)
    if found and begun != text and _is_in_passing(circle, text, begun, found):
        return None
    if found is None or not (found.category or found.several):
        right = _spellings(tuple(circle.categories.values())).right(text[:SPELLED_LETTERS])
        if right != text[:SPELLED_LETTERS]:
            found = _suggested(circle, right + text[SPELLED_LETTERS:], grades) or found
    return found


def _is_in_passing(circle: Circle, text: str, begun: str, found: Suggestion) -> bool:
    """Whether a story that begins with a life has but one word of the kind, once, and not where
    it comes to its matter: 喇叭 of those who wait for their child."""
    if not found.category or found.counted:
        return False
    terms = [term for term, weight in terms_of(circle.categories[found.category]).items()
             if len(term) > 1 and weight > IN_PASSING]  # fmt: skip
    named = re.compile("|".join(map(re.escape, terms)) or "(?!)")
    return len(named.findall(fold(text))) < TWICE and not named.search(fold(begun[:WHOLE]))


def _of_a_list(circle: Circle, text: str, grades: Sequence[Counted]) -> Suggestion | None:
    """The first kinds of a list whose points are of several, so that none is taken for all; None
    where it is no list or one kind is what most of it is about."""
    points = [point for point in _POINT.split(text)[1:] if point.strip()]
    if len(points) < POINTS:
        return None
    heard = [found for point in points if (found := _suggested(circle, point, grades))]
    kinds = Counter(found.category for found in heard if found.category)
    if len(kinds) < SEVERAL or max(kinds.values()) * 2 >= len(points):
        return None
    near = tuple({found.category: found for found in heard if found.category}.values())[:SEVERAL]
    because = tuple(word for one in near for word in one.because[:2])
    return Suggestion("", "", because, several=near)


def _by_repetition(circle: Circle, text: str, grades: Sequence[Counted]) -> Suggestion | None:
    """The kind that a long letter comes back to in sentence after sentence: people of eighty begin
    with their lives."""
    sentences = {sentence.text: sentence for sentence in read(text).sentences}.values()
    graded = {one.word: one.graded for one in grades}
    found: list[_Kind] = []
    for category in _going_on(circle.categories.values()):
        own = {one.word: one.of_kind for one in grades if one.category == category.code}
        terms = [
            term
            for term, weight in {**heads_of(circle)[category.code], **terms_of(category)}.items()
            if weight > IN_PASSING
            and (graded.get(term, 0) < FEW_GRADES or own.get(term, 0) >= SURE * graded[term])
        ]  # fmt: skip
        kind = _Kind(category)
        others: tuple[str, ...] = ()
        for sentence in sentences if category.code != OTHER else ():
            here = [term for term in terms if term in sentence.text]
            others = others or (words_of_others(circle)[category.code] if here else ())
            here = [
                term
                for term in here
                if (
                    ends_a_word(term, sentence)
                    if len(term) == 1
                    else stands(term, sentence, others) == 1
                )
            ]
            kind.score += bool(here)
            for term in here:
                kind.words[term] = kind.words.get(term, 0) + 1
        found.append(kind)
    first, second = sorted(found, key=lambda kind: -kind.score)[:2]
    is_clear = first.score >= max(REPEATED, TIMES_AHEAD * second.score)
    return first.said() if is_clear else None


def _suggested(circle: Circle, text: str, grades: Sequence[Counted]) -> Suggestion | None:
    named = _by_title(circle, text, grades)
    if named is not None:
        return named
    sentences = read(text).sentences
    beginning = _beginning(sentences)
    heard = (
        _heard(circle, category, sentences, beginning, grades)
        for category in _going_on(circle.categories.values())
        if category.code != OTHER
    )
    kinds = sorted((kind for kind in heard if kind.score), key=lambda kind: -kind.score)
    is_short = len(text.strip()) <= SHORT_LETTERS
    clear = [kind for kind in kinds if kind.score >= CLEAR or (is_short and kind.is_character)]
    if clear and (len(kinds) == 1 or clear[0].score >= AHEAD * kinds[1].score):
        return clear[0].said()
    if clear:
        near = [kind.said() for kind in kinds if kind.score * AHEAD > clear[0].score][:SEVERAL]
        because = tuple(word for one in near for word in one.because[:2])
        return Suggestion("", "", because, several=tuple(near))
    if kinds:
        return None
    told = told_by_duty(_going_on(circle.departments.values()), sentences[:beginning], AHEAD)
    return told and Suggestion("", told.department, told.because[:SHOWN])


def _going_on(known: Iterable[N]) -> list[N]:
    """Those that have not ended: nothing new is of the others."""
    return [one for one in known if CLOSED not in one.name]


def _by_title(circle: Circle, text: str, grades: Sequence[Counted]) -> Suggestion | None:
    """What a short first line alone tells clearly."""
    title, _, rest = text.strip().partition("\n")
    if not rest or len(title) > TITLE_LETTERS:
        return None
    named = _suggested(circle, title, grades)
    return named if named is not None and named.category else None


def telling(text: str) -> list[str]:
    """The words of a letter's beginning that may tell its kind, the rarest first."""
    sentences = read(text).sentences
    rarity = Rarity()
    words = {w for sentence in sentences[: _beginning(sentences)] for w in sentence.words}
    return sorted((w for w in words if len(w) > 1 and rarity(w)), key=lambda w: (-rarity(w), w))


def _beginning(sentences: Sequence[Sentence]) -> int:
    """How many sentences are the beginning: on until enough is said."""
    count = said = 0
    for sentence in sentences:
        if said >= BEGINNING_LETTERS:
            break
        said += sum(len(word) for word in sentence.words if word not in EVERYWHERE)
        count += 1
    return count


def _heard(
    circle: Circle,
    category: Category,
    sentences: Sequence[Sentence],
    beginning: int,
    grades: Sequence[Counted],
) -> _Kind:
    """What speaks for a kind: its own words, and how issues with such words were graded."""
    kind = _Kind(category)
    shares = {one.word: one for one in grades if one.category == category.code}
    graded = {one.word: one.graded for one in grades}
    others: tuple[str, ...] = ()
    for place, sentence in enumerate(sentences):
        for term, weight in terms_of(category).items():
            if term not in sentence.text:
                continue
            others = others or words_of_others(circle)[category.code]
            if share := stands(term, sentence, others):
                if len(term) > 1 and was_asked(term, sentence):
                    share = min(share, IN_PASSING)
                told = weight * share * (1 if place < beginning else LATER)
                kind.words[term] = max(kind.words.get(term, 0.0), told)
    for term in kind.words:
        # A word of the list that this office mostly grades otherwise tells less.
        if graded.get(term, 0) >= FEW_GRADES:
            kind.words[term] *= shares[term].of_kind / graded[term] if term in shares else 0.1
    longest = [t for t in kind.words if not any(t != other and t in other for other in kind.words)]
    kind.score = round(sum(kind.words[term] for term in longest), 6)  # 0.3 three times is 0.9
    for one in shares.values():
        if one.graded >= FEW_GRADES and one.of_kind / one.graded >= SURE:
            kind.counted.append(one)
            if one.word not in kind.words:
                kind.score += LEARNED * one.of_kind / one.graded
    return kind


@lru_cache(maxsize=8)
def _spellings(categories: tuple[Category, ...]) -> Spellings:
    return Spellings(word for category in categories for word in category.words)
