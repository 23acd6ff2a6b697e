"""What a letter says, in whole words: greetings off, what means something kept, rare words known.

PURE and the same every time. Likeness and hints read every text through here.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from itertools import accumulate, pairwise
from math import exp, log
from typing import Any, NamedTuple

from forms_app.rules.folding import fold

# jieba's tags of words that only hold others together: of, very, I, three, and, ah …
_HOLLOW = frozenset(re.findall(r"\w+", "c d e h k m o p r u ud ug uj ul uv uz x y zg nrt"))
_ALONE = frozenset("nva")  # of single characters, only things, deeds and qualities say something
_ENDS = re.compile(r"[。！？!?；;\n]+")
_SAYS = re.compile(r"[0-9a-z一-鿿]")
_NEIGHBOURHOODS = frozenset(["小区", "社区", "街道", "花园", "花苑", "新村", "家园"])
# Structure, not subject: whom a letter greets, what it thanks for, how it ends.
_COURTESY = re.compile(
    r"(?:尊敬的|敬爱的|亲爱的)?(?:各位)?[^\s，。,：:！!]{0,6}"
    r"(?:领导|书记|主任|市长|区长|县长|局长|同志|老师|部门)们?[\s，,：:！!]*(?:您好|你好|大家好|好)"
    r"|您好|你好|大家好|早上好|晚上好|此致|敬礼|谢谢[您你们]*|拜托了?|恳请|感谢[^，。！？\n]{0,8}"
    r"|(?:领导|部门|工作)[^，。！？\n]{0,2}辛苦了?|百忙之中"
)
# What every other letter to an office mentions, whatever it is about.
EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        "小区 社区 街道 物业 物业费 业主 居民 住户 老住户 市民 群众 百姓 老百姓 邻居 隔壁 家里 "
        "家人 老人 老年人 结果 "
        "孩子 小孩 学生 家长 家庭 母亲 父亲 政府 部门 领导 单位 有关 相关 公司 开发商 商家 "
        "工作 人员 工作人员 情况 问题 反映 反应 投诉 举报 解决 处理 办理 管理 答复 回复 电话 "
        "热线 打电话 希望 请求 要求 建议 请问 咨询 尽快 马上 严重 影响 生活 正常 休息 安全 "
        "安全隐患 隐患 存在 出现 进行 造成 导致 发生 时间 时候 地方 附近 周边 门口 旁边 对面 "
        "楼下 楼上 小时 上午 下午 晚上 早上 白天 夜里 半夜 天天 每天 现在 目前 今年 去年 最近 "
        "一直 多次 至今 没有 没人 不能 可以 不知 知道 觉得 无法 不管 施工 补偿 态度 服务 规定 "
        "合法 是否 合理 监管 监督 调查 查处 整改 重视 推诿 负责 责任 上学 放学 上班 下班 上下班 "
        "加班 出门 回家 睡觉 身体 "
        "a an the this that these there here it its i me my we us our you your he she they them "
        "of to in on at by for from with into near since and or but so not no if when what who how "
        "is are was were be been am do does did has have had can could will would should may "
        "hi hello dear sir madam please thank thanks help fix live living lives building block "
        "floor unit room estate community neighbour neighbours people someone every all again "
        "very still now today day days week weeks night nights month months time",
    )
)
DENIED = "不"  # before a word: 雨天不积水
_EVERYWHERE_SHARE = 0.2  # of letters
_FOREIGN_SHARE = 0.01  # a word in Latin letters, which the dictionary does not know
LETTER_WORDS = 200  # of how many words one letter is thought to be


class Sentence(NamedTuple):
    text: str  # folded
    words: tuple[str, ...]  # those that mean something, each once
    names: frozenset[str]  # those of them that name a neighbourhood: 桂园 in 桂园小区
    cuts: frozenset[int]  # where words begin in the text, and where the last one ends


class Letter(NamedTuple):
    """Its sentences that say something; a title is the first."""

    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(word for each in self.sentences for word in each.words))


@lru_cache(maxsize=2048)
def read(text: str) -> Letter:
    """A letter's words; none where it is nothing but courtesy, marks and punctuation."""
    plain = _COURTESY.sub("，", fold(text))
    sentences = map(_sentence, _ENDS.split(plain))
    return Letter(tuple(sentence for sentence in sentences if sentence.words))


def _sentence(text: str) -> Sentence:
    tagged = _segments().tagged(text)
    words = dict.fromkeys(word for word, tag in tagged if _means(word, tag))
    names = {word for (word, _), (after, _) in pairwise(tagged) if after in _NEIGHBOURHOODS}
    cuts = accumulate((len(word) for word, _ in tagged), initial=0)
    return Sentence(text, tuple(words), frozenset(names & words.keys()), frozenset(cuts))


def _means(word: str, tag: str) -> bool:
    if tag in _HOLLOW or not _SAYS.match(word):
        return False
    return len(word) > 1 or (tag[0] in _ALONE and not word.isascii())


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """What of a word another may share: a long one its pairs, 搅拌站 and 搅拌厂 have 搅拌."""
    if len(word) < 3 or word.isascii():
        return (word,)
    return tuple(word[at : at + 2] for at in range(len(word) - 1))


@lru_cache(maxsize=50_000)
def is_word(term: str) -> bool:
    """Whether it is a word by itself, as the dictionary has them."""
    return bool(_segments().is_word(term))


@lru_cache(maxsize=50_000)
def common(word: str) -> float:
    """The share of letters that have this word, as far as all of Chinese tells, 0 … 1."""
    if word in EVERYWHERE:
        return _EVERYWHERE_SHARE
    if word.isascii():
        return _FOREIGN_SHARE
    return 1 - exp(-LETTER_WORDS * float(_segments().share(word)))


class Rarity:
    """How much each word tells of a matter: nothing where many letters have it.

    `counts` says in how many of `total` letters of this office a part of a word stands.
    """

    PRIOR = 200  # letters that all of Chinese weighs as much as
    MANY, FEW = 2.5, 7.0  # one letter in 12 has it; one in 1,100
    FEW_HAVE, MARKED = 3, 1.0  # of a mark (`of_mark`): letters; nats: one letter in three has it

    def __init__(self, total: int = 0, counts: Mapping[str, int] | None = None) -> None:
        self._total = total
        self._counts = counts or {}
        self._known: dict[str, float] = {}
        self._shares: dict[str, tuple[tuple[str, float], ...]] = {}

    @classmethod
    def among(cls, letters: Collection[Letter]) -> "Rarity":
        """As a few letters know it."""
        counts: dict[str, int] = {}
        for letter in letters:
            for part in {part for word in letter.words for part in (word, *parts(word))}:
                counts[part] = counts.get(part, 0) + 1
        return cls(len(letters), counts)

    def __call__(self, word: str) -> float:
        """0 … 4.5 (nats); half of it for a single character."""
        if word not in self._known:
            # That a letter has a word does not make it common.
            others = max(0, self._counts.get(word, 0) - 1)
            seen = self.PRIOR * common(word) + others
            rare = -log(max(seen / (self.PRIOR + self._total), 1e-9))
            told = max(0.0, min(rare, self.FEW) - self.MANY)
            self._known[word] = told * (0.5 if len(word) == 1 else 1)
        return self._known[word]

    def of_mark(self, mark: str) -> float:
        """The same of what is no word, so that Chinese knows nothing of it; 0 … 6 (nats)."""
        seen = self.FEW_HAVE + self._counts.get(mark, 0)
        rare = -log(seen / (self.PRIOR + self._total))
        return max(0.0, min(rare, self.FEW) - self.MARKED)

    def shares(self, word: str) -> tuple[tuple[str, float], ...]:
        """The parts of a word, each with its share of what the word tells; none if nothing."""
        if word not in self._shares:
            inner = parts(word) if self(word) else ()
            each = self(word) / (len(inner) or 1)
            self._shares[word] = tuple(
                (part, min(each, self(part)) if part != word and is_word(part) else each)
                for part in inner
            )
        return self._shares[word]

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """The parts of the words that tell something, and what each tells."""
        found: dict[str, float] = {}
        for word in words:
            for part, weight in self.shares(word):
                found[part] = max(found.get(part, 0.0), weight)
        return found


def _segments() -> Any:
    return import_module("forms_app.issues.segments")
