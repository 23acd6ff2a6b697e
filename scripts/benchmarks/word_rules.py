"""What each rule gains by which residents' words are read: the same texts without it.

One rule at a time is taken away; what is left is measured on the tuned matters, told as letters, in
a known estate. A rule that gains nothing here is one to take out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from forms_app.community import load
from forms_app.issues import kind_words, likeness, suggestions, words
from scripts.benchmarks.words import ROOT, as_letters, hints, matters, twins

NEVER = re.compile(r"(?!)")
ESTATE = "guiyuan"


@cache
def _likeness_rules() -> Mapping[str, tuple[tuple[Any, str, Any], ...]]:
    """Rule → module, name and what stands there without it."""
    whole = likeness._share

    def by_the_whole(here: Any, there: Any, shared: Any) -> float:
        return whole(here.whole, there.whole, shared)

    return {
        "all rules": (),
        "the beginning counts half": ((likeness, "_likeness", by_the_whole),),
        "a short one within a long one": ((likeness, "_same", lambda _here, _there: 0.0),),
        "the longer, the more by chance": ((likeness, "LENGTH", 0.1),),
        "one word may be chance": ((likeness, "CHANCE", 1.0),),
        "one character is nothing": ((likeness, "LEAST", 1),),
        "courtesies are left out": ((words, "_COURTESY", NEVER),),
        "words that every letter has": ((words, "EVERYWHERE", frozenset()),),
        "what both speak of": ((likeness, "_subject", lambda _here, _there: (0.0, 0.0)),),
        "rarity of the register": ((words.Rarity, "PRIOR", 10**9),),
    }


@cache
def _hint_rules() -> Mapping[str, tuple[tuple[Any, str, Any], ...]]:
    return {
        "all rules": (),
        "the beginning before the rest": ((suggestions, "LATER", 1.0),),
        "words that every letter has": (
            (words, "EVERYWHERE", frozenset()),
            (suggestions, "EVERYWHERE", frozenset()),
            (kind_words, "EVERYWHERE", frozenset()),
        ),
        "where it only is": ((kind_words, "PLACES", ("\0",)),),
        "whose it only is": ((kind_words, "_OF", NEVER),),
        "whole words only": ((suggestions, "stands", _anywhere),),
        "clear, or none": ((suggestions, "CLEAR", 0.0),),
        "ahead of the next": ((suggestions, "AHEAD", 1.0),),
    }


def _anywhere(term: str, sentence: words.Sentence, _others: tuple[str, ...] = ()) -> float:
    return float(term in sentence.text)


def measure_word_rules(_folder: Path, say: Callable[..., None]) -> None:
    """Twins and hints without each rule in turn."""
    circle = load(ROOT / "data" / "community")
    letters = [as_letters(one) for one in matters() if not one.is_held_out]
    for rule, patches in _likeness_rules().items():
        with _without(patches):
            found = twins(letters, ESTATE)
        say(f"twins without: {rule}" if patches else "twins", **found)
    for rule, patches in _hint_rules().items():
        with _without(patches):
            given = hints(circle, letters)
        say(f"hints without: {rule}" if patches else "hints", **given)


@contextmanager
def _without(patches: tuple[tuple[Any, str, Any], ...]) -> Iterator[None]:
    """With these names standing for something else, and nothing remembered from before."""
    with ExitStack() as stack:
        for owner, name, instead in patches:
            stack.enter_context(patch.object(owner, name, instead))
        _forget()
        yield
    _forget()


def _forget() -> None:
    for module in (words, kind_words, suggestions, likeness):
        for kept in vars(module).values():
            if isinstance(kept, type(lru_cache(len))):
                kept.cache_clear()
