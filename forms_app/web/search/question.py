"""A question as it is looked for: folded, words of one meaning made one, cut into words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from forms_app.issues.words import Sentence, read
from forms_app.rules.folding import fold

CHARACTERS = 100  # of a question that are looked for
WORDS = 20
# What asks and does not say about what.
_ASKING = frozenset(
    re.findall(
        r"\w+",
        "归 管 找 打 办 去 在 有 没 没有 要 能 是 想 会 来 到 说 请 问 请问 怎么 怎样 怎么办 如何 "
        "哪 哪里 哪儿 哪个 什么 谁 多少 几 几点 几天 开始 可以 应该 需要 办法 我 我家 我妈 我爸 家 "
        "好 了 吗 呢 弄 搞 做 给 让 人 事 得 上 下 里 都 还 也 老是 总是 天天 好几天 "
        "a an the i my me we our you your it is are was do does did can have has get want need "
        "please to of in on at for with from by and or not no there this that who whom what where "
        "when which how why tell report ask about",
    )
)


_SIGNS = "!\"'(),-.:;?"  # around a word


class Question(NamedTuple):
    text: str  # folded, words of one meaning made one
    words: tuple[str, ...]  # that say about what
    sentences: tuple[Sentence, ...]


class SameWords:
    """Words that mean the same, as the office lists them."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._groups = [[fold(word) for word in group] for group in groups]
        self._stands_for = {word: group[0] for group in self._groups for word in group}
        longest_first = sorted(self._stands_for, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def one(self, text: str) -> str:
        """The text folded, each word of a group as the first of its group."""
        return self._pattern.sub(lambda found: self._stands_for[found[0]], fold(text))

    def all(self, word: str) -> tuple[str, ...]:
        """The word and those that it stands for."""
        return (word, *(other for group in self._groups if group[0] == word for other in group))


def read_question(typed: str, same: SameWords) -> Question:
    """What is looked for; without words where nothing but signs was typed."""
    text = same.one(typed[:CHARACTERS])
    sentences = read(text).sentences
    words = dict.fromkeys(word for sentence in sentences for word in sentence.words)
    telling = [word for word in words if word not in _ASKING]
    # Latin letters and what else the reader of letters passes over is looked for as it stands.
    pieces = (piece.strip(_SIGNS) for piece in text.split() if piece.isascii())
    rest = [piece for piece in pieces if piece and piece not in _ASKING]
    return Question(text, tuple(dict.fromkeys([*telling, *rest]))[:WORDS], sentences)
