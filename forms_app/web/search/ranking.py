"""How well each thing answers a question: how much of what it says the thing is about.

A question's words weigh what few things have. A word is met where the thing is known by it, less
where it stands in its title, least where its text mentions it.
"""

import re
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from forms_app.issues.kind_words import stands
from forms_app.issues.words import EVERYWHERE, parts
from forms_app.web.search.entries import Entry
from forms_app.web.search.latin import NO_FURTHER, beginning
from forms_app.web.search.question import Question
from forms_app.web.search.spelled import by_letters, spelled

KNOWN, ASKED, IN_NAME, IN_TITLE, IN_TEXT, IN_PART = 1.0, 0.7, 0.7, 0.8, 0.3, 0.4
BONUS = 0.5  # for being known by words that stand in the question, the longer the more
LONG = 4  # characters
NAMED = 1.5  # where the question has the whole title in it: 五步工作法 asks for no work
PASSING = 0.3  # of a word that everybody mentions
# When, which names no thing by itself.
_WHEN = re.compile("(周|星期|礼拜)[一二三四五六日天末]|[今明后昨]天|[上下]午|晚上|早上|夜里|凌晨")
_BETWEEN_NAMES = re.compile("[、，,和 ]")
_NUMBERED = re.compile("[0-9a-z一二三四五六七八九十]")
UNHEARD = 1.0  # nats; of a word that stands nowhere
LEAST = 0.15  # below it nothing is shown
CLEAR = 0.55  # from it on the first is an answer
NEARLY_NAMED = 0.65  # the same of what goes by no word of the question
NEAR = 0.18  # of the first's; what is further off is not shown


class Found(NamedTuple):
    score: float
    entry: Entry
    has_all: bool  # of the question's words
    is_named: bool = True  # the question has a word that it is known by, or its letters


def rank(entries: Sequence[Entry], question: Question) -> list[Found]:
    """The things that answer, best first."""
    question = question._replace(words=(*question.words, *_numbered(entries, question)))
    letters = spelled(question.text)
    if letters:
        named = [Found(score * entry.weight, entry, is_all)
                 for score, entry, is_all in by_letters(entries, letters)]  # fmt: skip
        return _in_order([*_about(entries, question), *named])
    return _in_order(_about(entries, question))


def _numbered(entries: Sequence[Entry], question: Question) -> list[str]:
    """What things are known by that a reader of letters passes over as a number: 五步, A类."""
    words = (word for entry in entries for word in entry.words if word in question.text)
    known = {word for word in words if _NUMBERED.match(word)}
    return sorted(
        word
        for word in known
        if not any(one in word or word in one for one in question.words) and _stands(word, question)
    )


def _in_order(found: list[Found]) -> list[Found]:
    """Each thing once, best first, without what is far behind."""
    best = {one.entry.key: one for one in sorted(found, key=lambda one: one.score)}
    shown = sorted(best.values(), key=lambda one: (-one.score, one.entry.key))
    return [one for one in shown if one.score >= NEAR * shown[0].score]


def _about(entries: Sequence[Entry], question: Question) -> list[Found]:
    weights = {word: _weight(word, entries) for word in question.words}
    # 我的事办了没有 asks in words that tell nothing one by one: only what is called so is found.
    whole = sum(weights.values()) or 1.0
    found = []
    for entry in entries:
        covered, bonus = _known(entry, question)
        met = {word: _met(word, entry, question.text, covered) for word in question.words}
        score = sum(weights[word] * met[word] for word in met) / whole + BONUS * bonus
        if len(entry.one_title) >= LONG and entry.one_title in question.text:
            score += NAMED
        is_named = bonus > 0 or any(one in question.text for one in _names(entry.one_title))
        if score and score * entry.weight >= LEAST:
            found.append(Found(score * entry.weight, entry, all(met.values()), is_named))
    return found


def _names(title: str) -> list[str]:
    """What a title names: 低保、残疾证 both."""
    return [name for name in _BETWEEN_NAMES.split(title) if len(name) > 1]


def _weight(word: str, entries: Sequence[Entry]) -> float:
    having = sum(_has(entry.one_title, word) or _has(entry.one_text, word) for entry in entries)
    rare = log((len(entries) + 1) / (having + 0.5)) if having else UNHEARD
    in_passing = word in EVERYWHERE or _WHEN.fullmatch(word)
    return rare * (PASSING if in_passing else 1) * (0.5 if len(word) == 1 else 1)


def _known(entry: Entry, question: Question) -> tuple[dict[int, float], float]:
    """How well the entry is known by characters of the question, and how much that tells."""
    worth = dict.fromkeys(entry.asked, ASKED) | dict.fromkeys(entry.words, KNOWN)
    met = {word: tells for word in worth if (tells := _stands(word, question))}
    longest = [word for word in met if not any(word != other and word in other for other in met)]
    covered: dict[int, float] = {}
    for word in sorted(longest, key=worth.__getitem__):
        for one in re.finditer(re.escape(word), question.text):
            covered |= dict.fromkeys(range(*one.span()), worth[word])
    told = sum(
        met[word]
        * worth[word]
        * min(len(word), LONG)
        / LONG
        * (PASSING if word in EVERYWHERE else 1)
        for word in longest
    )
    return covered, min(told, 1.5)


def _stands(word: str, question: Question) -> float:
    if word not in question.text:
        return 0.0
    if word.isascii() and _is_whole(word, question.text):
        return 1.0
    return max((stands(word, sentence) for sentence in question.sentences), default=0.0)


def _has(text: str, word: str) -> bool:
    """Whether it stands in the text; Latin letters where a word begins."""
    if word not in text or not word.isascii():
        return word in text
    return re.search(beginning(word), text) is not None


def _is_whole(word: str, text: str) -> bool:
    """Whether Latin letters stand there as words of their own, one or several: lamp, lamps."""
    return re.search(f"{beginning(word)}(?:e?s)?{NO_FURTHER}", text) is not None


def _met(word: str, entry: Entry, text: str, covered: Mapping[int, float]) -> float:
    """How far the entry is about a word, 0 … 1."""
    place = text.find(word)
    share = sum(covered.get(at, 0.0) for at in range(place, place + len(word))) / len(word)
    best = share if place >= 0 else 0.0
    if best < IN_TITLE and _has(entry.one_title, word):
        best = IN_TITLE
    if best < IN_NAME and len(word) > 1 and any(_has(known, word) for known in entry.words):
        best = IN_NAME
    if best < IN_TEXT and _has(entry.one_text, word):
        best = IN_TEXT
    if not best and len(word) > 2:
        pairs = parts(word)
        best = IN_PART * sum(pair in entry.one_title for pair in pairs) / len(pairs)
    return best
