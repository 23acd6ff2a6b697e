"""What tells a kind of problem: its words, and whether a sentence has one as a word. PURE."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from forms_app.community import Category, Circle, Estate
from forms_app.community.made_once import made_once
from forms_app.issues.words import DENIED, EVERYWHERE, Sentence, is_word, read
from forms_app.rules.folding import fold

OTHER = "other"  # the kind of what has no kind: never a hint
# What each tells of a kind: a word of it, one of its name, one character, what any letter has.
WORD, NAME_WORD, CHARACTER, IN_PASSING = 1.0, 0.5, 0.5, 0.3
LATIN_LETTERS = 7  # shorter words mean many things: light, smell, drain
HEAD_WORDS, HEAD_SHARE, HEAD_OWN = 8, 0.5, 0.95  # of its words; of all that have it
_OF = re.compile("(?:里面?|内)?的")
PLACES = (  # behind a word
    "旁", "门口", "附近", "对面", "后面", "前面", "外", "边", "大门", "隔壁", "楼下",
)  # fmt: skip
_FROM = ("从", "往")  # before a word
# Behind whom somebody asked in vain: 保安也不管.
_ASKED = re.compile("(?:那边|公司)?(?:[也都又还](?:不管|没管|不理|不来|不问)|说|讲|推[来给说])")
_AT, _WITHIN = ("在", "喺"), re.compile("[里上下内外边]|做|打工|上班|干活")  # before and behind it
_LIKE, _AS = (
    ("跟", "像", "和", "同"),
    re.compile("[^，,。！？!?]{0,3}(?:一样|似的|一般)"),
)  # 跟垃圾山一样
_BY = ("坐", "乘", "骑")  # before what only brings somebody somewhere: 坐电梯上来
_FULL = re.compile("里[面头边]?(?:都|全)是")  # behind what is only where something is


@lru_cache(maxsize=256)
def terms_of(category: Category) -> Mapping[str, float]:
    """A kind's words and those of its name, and what each tells at a letter's beginning.

    Of what is only asked for, the words in Latin letters: an English letter has no others.
    """
    names = re.split("[、，和]", category.name)
    inner = [w for name in names for sentence in read(name).sentences for w in sentence.words]
    found = {word: NAME_WORD for word in inner if len(word) > 1}
    own = map(fold, (*names, *category.words))  # as letters are read: KTV in any case
    latin = filter(str.isascii, map(fold, category.asked))
    found |= {word: WORD if len(word) >= LATIN_LETTERS else NAME_WORD for word in latin}
    found |= {word: CHARACTER if len(word) == 1 else WORD for word in own}
    return {word: IN_PASSING if word in EVERYWHERE else told for word, told in found.items()}


@made_once
def heads_of(circle: Circle) -> Mapping[str, Mapping[str, float]]:
    """By a kind's code the character that most of its words share, and those of hardly another:
    灯 of 路灯, 楼道灯, 灯不亮. Who tells a story of four lamps calls them 灯.
    """
    kinds = circle.categories.values()
    counted = {one.code: Counter(c for word in one.words for c in set(word)) for one in kinds}
    everywhere = sum(counted.values(), Counter())
    return {
        one.code: {
            c: CHARACTER
            for c, times in counted[one.code].items()
            if len(one.words) >= HEAD_WORDS
            and times >= HEAD_SHARE * len(one.words)
            and times >= HEAD_OWN * everywhere[c]
        }
        for one in kinds
    }


@made_once
def words_of_others(circle: Circle) -> Mapping[str, tuple[str, ...]]:
    """By a kind's code the words of all other kinds, but for single characters."""
    words = {
        one.code: [term for term in terms_of(one) if len(term) > 1]
        for one in circle.categories.values()
        if one.code != OTHER
    }
    return {
        code: tuple(term for other, own in words.items() if other != code for term in own)
        for code in circle.categories
    }


def stands(term: str, sentence: Sentence, others: tuple[str, ...] = ()) -> float:
    """How far a sentence has it as a word: 1, less where it only says where, 0 where it has not.

    `others` are the words of other kinds: 安置房 in 安置房的电梯 says only whose it is.

    Not across two words (面积 in 路面积水), nor with half of the next (单元门 in 单元门口); but
    with the end of the one before (灯坏 in 路灯坏了).
    """
    if len(term) == 1:
        return float(term in sentence.words)
    told = 0.0
    for found in re.finditer(re.escape(term), sentence.text):
        begin, end = found.span()
        if term.isascii() and not {begin, end} <= sentence.cuts:  # light in lightning
            continue
        inner = sentence.cuts & set(range(begin + 1, end))
        if begin and sentence.text[begin - 1] == DENIED:
            continue
        if end in sentence.cuts or not inner or (begin in sentence.cuts and is_word(term)):
            of = _OF.match(sentence.text, end)
            is_owner = of is not None and sentence.text.startswith(others, of.end())
            is_place = is_owner or sentence.text.startswith(PLACES, end)
            is_place = is_place or _is_where(sentence, begin, end)
            told = max(told, IN_PASSING if is_place else 1.0)
    return told


def was_asked(term: str, sentence: Sentence) -> bool:
    """Whether a word everywhere only says who was asked."""
    text = sentence.text
    return all(_ASKED.match(text, found.end()) for found in re.finditer(re.escape(term), text))


def _is_where(sentence: Sentence, begin: int, end: int) -> bool:
    """Whether a word only says where: 从下水道返上来, 在绿化带里烧. 在施工 is what goes on, and
    现在 is no 在.
    """
    if (begin and sentence.text.startswith(_BY, begin - 1)) or _FULL.match(sentence.text, end):
        return True
    if begin and sentence.text.startswith(_LIKE, begin - 1) and _AS.match(sentence.text, end):
        return True
    if begin - 1 not in sentence.cuts:
        return False
    before = sentence.text[begin - 1 : begin]
    return before in _FROM or (before in _AT and bool(_WITHIN.match(sentence.text, end)))


def ends_a_word(character: str, sentence: Sentence) -> bool:
    """Whether a thing is called by it: 灯 in 四盏灯, which the dictionary takes for a word."""
    return any(word.endswith(character) for word in sentence.words)


@lru_cache(maxsize=8)
def telling_names(
    estates: tuple[Estate, ...], categories: tuple[Category, ...]
) -> "re.Pattern[str]":
    """The names of estates that hold a word of a kind: whoever lives in 学府里安置小区 speaks of no
    安置."""
    words = {term for category in categories for term in terms_of(category)}
    names = [one.name for one in estates if any(word in one.name for word in words)]
    return re.compile("|".join(map(re.escape, names)) or "(?!)")
