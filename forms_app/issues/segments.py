"""Where the words of a Chinese text begin and end, and how common they are in all of Chinese.

The only file that knows the segmenter; its dictionary takes 33 MB and 0.2 s, so that it is loaded
by name when the first letter is read.
"""

from functools import lru_cache

import rjieba

ALL_WORDS = 60_101_967  # the sum of the dictionary's counts


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text in its order, each with its part of speech as jieba names them.

    Only words of the dictionary: guessed ones (“外新开”) hide those that are shared.
    """
    return rjieba.tag(text, False)


@lru_cache(maxsize=50_000)
def share(word: str) -> float:
    """How much of all Chinese text this word is, 0 … 1; next to nothing for an unknown one."""
    return float(rjieba.suggest_freq(word)) / ALL_WORDS


def is_word(term: str) -> bool:
    """Whether the dictionary has it."""
    return bool(rjieba.has_word(term))
