"""Where a letter begins to say what it is about: past whom it greets and who writes it.

PURE and quick: every row of a list asks it, and no dictionary is opened for it. What a letter comes
back to is its matter; so are words of the kind that it speaks of most.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import log

from forms_app.community import Category, Circle
from forms_app.issues.chats import said_in
from forms_app.issues.words import EVERYWHERE

WHOLE = 40  # letters: what is no longer is read from its beginning
_REMEMBERED = 4096  # letters
_LOOKED_AT = 3000  # characters
_WINDOW = 30  # of them: what a line of a list shows
_BACK = 12  # at most so far a sentence is taken whole
_REPEATED = 3  # times
_PAIRS = 4  # that count in one window
_END = 0.55  # of a letter: from here on it asks
# Each of the kind's words there; whatever greets or introduces; how late in the letter.
_OF_KIND, _OF_ASKED, _OF_INTRODUCTION, _LATE = 1.5, 0.8, 1.5, 1.5
_OF_SAYING = 5.0  # where the letter says that this is it
_OF_REQUEST = 2.0
_OF_TURN = 1.0
_OF_ALL_ITS_KIND = 3.5  # at most, however many of the kind's words stand there
_NEARLY = 1.0  # behind the best, an earlier beginning is as good
_HAN_PAIR = re.compile("[\u3400-\u9fff]{2}")
_BEGINS = re.compile(r"(?:[。！？!?；;\n，,]|[：:](?!\d))\s*(?=[^\s。！？!?；;，,：:”])")
_SENTENCE = re.compile(r"[。！？!?；;\n：:]\s*")
_HEAD = 400  # characters: where a letter says what it is called
_TITLE = re.compile(r"(?m)^\s*《?[关有]于[^\n：:]{4,60}$")
# What a printed form calls its matter.
_LABELLED = re.compile(
    r"(?m)^[^\S\n]*(?:\d[.、．])?(?:反映|投诉|诉求|举报|求助|来信|咨询|主要|具体)?的?"
    r"(?:事项|问题|内容|主题|标题|事由|情况)[^\S\n]*[:：][^\S\n]*(?=\S{6})"
)
# 我要反映的事情是, 想说的就是, 我来说说
_SAYING = re.compile(
    "(?:反映|说|讲|谈|聊|写|提|吐槽|投诉|请教|求助|咨询)的(?:事情?|问题|情况)?[，,]?(?:就|主要|也|还)?[是系]"
    "|(?:今天|今日|此次|本信)所[^。！？!?，,\n]{1,6}[，,]?[是系]|我?今天(?:就|只)?是(?:来|替|为|想)|说来说去|归根到底|唯[独有]一(?:件?事)"
    "|来说说|说一说|讲一讲|谈谈|聊聊|[来写]信是为了|就是想问"
    "|(?:一个|这个|一件)(?:事情?|问题)(?:啊|呢|就是|是这样的?)+|(?<=[了的啊呢吧嘛])就是(?=我)"
    # 今天写信，是想说一件小事。今天单说一件。说这么多，是想说门口的事。
    "|(?:[写来]信|给您们?写|说了?这么多|打扰您们?)[，,]?(?:就|主要|只|也)?是(?:想|要|为)[^。！？!?，,：:\n]{0,16}[。，,：:]"
    "|(?:今天|这次|这回|单|只|就)(?:单|只|就|想)?说(?:这|说)?一(?:件|桩|个)[^。！？!?，,：:\n]{0,6}[。，,：:]"
    # 真正让我们睡不着的，是；我现在最怕的是吃饭这件事
    "|真正[^。！？!?，,\n]{1,14}的[，,]?(?:就)?是[，,]?|最(?:怕|急|愁|头疼|担心|着急|苦恼|揪心)的(?:事情?)?[，,]?(?:就)?是"
    "|(?:想|要|特)?(?:向[^。！？!?，,\n]{1,10})?反映(?:一下|(?:这样)?一个(?:事情?|问题)|(?:以下|下面|如下)[^。\n]{0,6})[：:，,。]?"
)
# Where a letter leaves what it began with.
_TURN = re.compile(
    "可是|但是|不过|没想到|谁知|偏偏|唯独|只是|坏就坏在|问题是|今天|这次|这回|最近|自从|[从自](?:今年|去年|上个?月)"
)
# What is asked for at the end says the matter once more, in short.
_REQUEST = re.compile(
    "(?:恳请|请求|恳求|盼望|希望|要求|我?们?只[想求要盼]|想请问|能不能(?!办)|请(?!多|原谅|见谅|谅解|您们?多|大家|回|不要嫌|也|到这里))"
)
_INTRODUCTION = re.compile(
    r"尊敬|敬爱|领导|同志|[您你]好|大家好|我叫|我姓|姓名|我是|本人|今年|岁|退休|身份证|电话|手机|微信|联系|此致|敬礼"
    r"|老头子|女婿|外孙|老家|攒钱|朋友|爸妈|辈子|出生|毕业|爱好|敬意|嫁|嗓子|身体|医院|手术|[跑开干教住做]了[^，。]{1,4}年"
    r"|老伴|儿女|儿子|女儿|爱人|老公|老婆|孙子|孙女|年轻|参加工作|打工|工资|养老金|退休金|房贷|辛苦|知足|街坊|邻里"
    r"|包涵|担待|体谅|见谅|啰嗦|文化|写得|写字|写信|写过|这封信|领导|基层|政策|电视|报纸|奖状|改革开放|当兵|战友|生意|添麻烦|操心"
    r"|谢谢|感谢|签名|拜托|[上下]午|老师|\d{4}-\d|\d:\d\d|居委会|(?:社区|街道|业主|居民|住户)$"
)
_TROUBLE = re.compile(
    "坏|漏|堵|吵|噪|臭|脏|乱|停[了运]|毛病|故障|不亮|没有?人|裂|掉|满|溢|积水|扰民|影响|隐患|危险|难|不公|涨|欠"
    "|[压摔折]断|断了|夹|砸|撞|脱落|剥落|打滑|生锈|松动|漫|淹|震|摔|老鼠|苍蝇|蟑螂"
    "|没有发|占|挡|反映|投诉|问题|纠纷|不[敢能]|咬|怕|滴|熏|呛|黑|贵|烂|拖|暂停"
)
# Pairs that say nothing, however often they stand there.
_EMPTY = EVERYWHERE | frozenset(
    re.findall(
        r"\w+",
        "我们 你们 他们 她们 自己 一个 一次 一家 不是 就是 还是 但是 "
        "可是 什么 怎么 这个 那个 这样 那样 这里 那里 因为 所以 如果 "
        "已经 前年 后来 以后 以前 有的 都是 的人 是我 说是 我说 人家 "
        "大家 一样 起来 出来 下来 过来 这些 那些 我家 他说 她说 上个 "
        "个月 月份 年来 多年 一点 有一 了一 是一 的时 不到 不了 不敢 "
        "就没 也没 也不 二单 单元 号楼 同志 先生 女士 阿姨 师傅 日上 "
        "午八 二〇 〇二 六年 大概 差不 不多",
    )
)

# What only holds words together: no matter is called by it.
_HOLLOW = re.compile(
    "[的了我你您他她它们不是在有就都也里说要去来这那到给把让着过还没么很会能得和跟一二三两几多年月日天个]"
)


def gist(text: str, circle: Circle) -> str:
    """A letter from where it says its matter; all of it where it is short or says it at once."""
    if len(text) <= WHOLE:
        return text
    text = said_in(text)
    return _reader(tuple(circle.categories.values())).of(text)


@lru_cache(maxsize=8)
def _reader(categories: tuple[Category, ...]) -> "_Reader":
    return _Reader(categories)


class _Reader:
    def __init__(self, categories: Sequence[Category]) -> None:
        # What only the search asks for (一年级, 上网) tells less than a kind's own words.
        asked = {word: (one.code, _OF_ASKED) for one in categories for word in one.asked}
        own = {word: (one.code, _OF_KIND) for one in categories for word in one.words}
        self._kind = {word: told for word, told in (asked | own).items() if word not in EVERYWHERE}
        longest = sorted(self._kind, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, longest)) or "(?!)")
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    def _of(self, text: str) -> str:
        looked = text[:_LOOKED_AT]
        title = _TITLE.search(looked[:_HEAD])
        labelled = _LABELLED.search(looked)
        if title or labelled:
            return text[title.start() if title else labelled.end() if labelled else 0 :].strip()
        own = self._of_its_kind(looked)
        told = _repeated(looked)
        said_so = {_past_marks(looked, found.end()) for found in _SAYING.finditer(looked)}
        begins = {0, *said_so, *(found.end() for found in _BEGINS.finditer(looked))}
        scores = {
            at: _score(looked[at : at + _WINDOW], told)
            + _OF_SAYING * (at in said_so)
            + min(
                _OF_ALL_ITS_KIND,
                sum(
                    {word: told for place, word, told in own if 0 <= place - at < _WINDOW}.values()
                ),
            )
            + _OF_TURN * bool(_TURN.match(looked, at))
            + _OF_REQUEST * (at > _END * len(looked) and bool(_REQUEST.match(looked, at)))
            - _LATE * at / len(looked)
            for at in begins
        }
        best = max(scores.values())
        start = min(at for at, score in scores.items() if score >= best - _NEARLY)
        return text[_whole_sentence(looked, start) :].strip()

    def _of_its_kind(self, text: str) -> list[tuple[int, str, float]]:
        """Where words of the kind stand that most of its words are of, and what each tells; half
        of it where one is all there is of the kind: 工地 of 在外地工地上做监理."""
        places = [(found.start(), found[0]) for found in self._words.finditer(text)]
        kinds: dict[str, float] = defaultdict(float)
        for _, word in places:
            code, tells = self._kind[word]
            kinds[code] += tells
        most = max(kinds, key=lambda kind: kinds[kind], default="")
        told = [
            (at, word, self._kind[word][1]) for at, word in places if self._kind[word][0] == most
        ]
        return [(at, word, tells / 2) for at, word, tells in told] if len(told) == 1 else told


def _past_marks(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip("，,：:。 \n\u3000"))


def _whole_sentence(text: str, at: int) -> int:
    """Where the sentence begins, if that is near."""
    near = max(0, at - _BACK)
    ends = [near + found.end() for found in _SENTENCE.finditer(text[near:at])]
    return ends[-1] if ends else 0 if near == 0 else at


def _repeated(text: str) -> dict[str, float]:
    """What each pair of characters tells that a letter comes back to."""
    times = Counter(first + second for first, second in pairwise(text))
    return {
        pair: log(count)
        for pair, count in times.items()
        if count >= _REPEATED
        and pair not in _EMPTY
        and _HAN_PAIR.fullmatch(pair)
        and not _HOLLOW.search(pair)
    }


def _score(words: str, told: dict[str, float]) -> float:
    found = sorted(told[pair] for pair in {a + b for a, b in pairwise(words)} if pair in told)
    troubles = min(2, len(set(_TROUBLE.findall(words))))
    return sum(found[-_PAIRS:]) + troubles - _OF_INTRODUCTION * len(_INTRODUCTION.findall(words))
