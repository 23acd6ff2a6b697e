"""Where a letter begins to say what it is about: past whom it greets and who writes it.

PURE and quick: every row of a list asks it, and no dictionary is opened for it. What a letter comes
back to is its matter; so are words of the kind that it speaks of most.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from forms_app.community import Category, Circle
from forms_app.issues.asking import asks_for_a_deed
from forms_app.issues.chats import said_in
from forms_app.issues.life import Time, onset_in, told_of
from forms_app.issues.repeated import repeated
from forms_app.issues.subject import LONG_LETTERS
from forms_app.issues.words import DENIED, EVERYWHERE

WHOLE = 40  # letters: what is no longer is read from its beginning
_REMEMBERED = 4096  # letters
_LOOKED_AT = 3000  # characters
_WINDOW = 30  # of them: what a line of a list shows
_BACK = 12  # at most so far a sentence is taken whole
_PAIRS = 4  # that count in one window
# Each of the kind's words there; whatever greets or introduces; how late in the letter.
_OF_KIND, _OF_ASKED, _OF_INTRODUCTION, _LATE = 1.5, 0.8, 1.5, 1.5
_OF_SAYING = 5.0  # where the letter says that this is it
_OF_REQUEST, _OF_SHORT_REQUEST = 3.2, 2.0
_OF_TIME = {Time.LONG_AGO: -2.0, Time.UNKNOWN: 0.0, Time.NOW: 1.0}
_OF_TURN = 1.0
_OF_ONSET = 3.5  # where a long letter says when its trouble began
_OF_NOTHING = 0.5  # of a long letter's trouble where nothing is named that it is of
_LEADING = 0.5  # what a long letter's line may lose with the words that only lead to it
_OF_ALL_ITS_KIND = 3.5  # at most, however many of the kind's words stand there
_NEARLY = 1.0  # behind the best, an earlier beginning of a short letter is as good
_BEGINS = re.compile(
    r"(?:[。！？!?；;\n，,]|[：:](?!\d)|\.(?=\s+[A-Z]))\s*(?=[^\s。！？!?；;，,：:”])"
)
_SENTENCE = re.compile(r"(?:[。！？!?；;\n：:]|\.(?=\s+[A-Z]))\s*")
_HEAD = 400  # characters: where a letter says what it is called
_TITLE = re.compile(r"(?m)^\s*《?[关有]于[^\n：:]{4,60}$|\A\s*(?:感谢|表扬)信$")
# What a printed form calls its matter.
_LABELLED = re.compile(
    r"(?m)^[^\S\n]*(?:\d[.、．])?(?:反映|投诉|诉求|举报|求助|来信|咨询|主要|具体)?的?"
    r"(?:事项|问题|内容|主题|标题|事由|情况)[^\S\n]*[:：][^\S\n]*(?=\S{6})"
)
# 我要反映的事情是, 想说的就是, 我来说说
_SAYING = re.compile(
    "(?:反映|说|讲|谈|聊|写|提|吐槽|投诉|请教|求助|咨询)的(?:事情?|问题|情况)?[，,]?(?:就|主要|也|还)?[是系]"
    "|(?:今天|今日|此次|本信)所[^。！？!?，,\n]{1,6}[，,]?[是系]|我?今天(?:就|只)?是(?:来|替|为|想)|说来说去|归根到底|唯[独有]一(?:件?事)"
    "|(?:来说说|说一说|讲一讲|谈谈|聊聊)(?![，,]请)|[来写]信是为了|就是想问"
    "|(?:一个|这个|一件)(?:事情?|问题)(?:啊|呢|就是|是这样的?)+|(?<=[了的啊呢吧嘛])就是(?=我)"
    # 今天写信，是想说一件小事。今天单说一件。说这么多，是想说门口的事。
    "|(?:[写来]信|给您们?写|说了?这么多|打扰您们?)[，,]?(?:就|主要|只|也)?是(?:想|要|为)[^。！？!?，,：:\n]{0,16}[。，,：:]"
    "|(?:今天|这次|这回|单|只|就)(?:单|只|就|想)?说(?:这|说)?一(?:件|桩|个)[^。！？!?，,：:\n]{0,6}[。，,：:]"
    # 我想咨询孩子上小学的事情, 想把加装电梯的事情说一说
    "|(?:想|要|来)(?:向[^。！？!?，,\n]{1,10}|跟[您你]们?)?(?:咨询|请教|反映|投诉|问问?|说说|[问说]一?下)(?=[^。！？!?，,\n]{2,20}的(?:事|问题|情况))"
    "|[想要](?:[^。！？!?，,\n]{0,14}，)?把(?=[^。！？!?，,\n]{2,16}的(?:事情?|问题|难处|情况)[^。！？!?，,\n]{0,6}[说讲])"
    # 真正让我们睡不着的，是；我现在最怕的是吃饭这件事
    "|真正[^。！？!?，,\n]{1,14}的[，,]?(?:就)?是[，,]?|最(?:怕|急|愁|头疼|担心|着急|苦恼|揪心)的(?:事情?)?[，,]?(?:就)?是"
    "|(?:想|要|特)?(?:向[^。！？!?，,\n]{1,10})?反映(?:一下|(?:这样)?一个(?:事情?|问题)|(?:以下|下面|如下)[^。\n]{0,6})[：:，,。]?"
)
# What is told without a mark, and how somebody who tells it comes to the matter.
_DICTATED = re.compile(r"[^。！？!?；;，,\n]{80}")
_SPOKEN = re.compile(
    "我?(?:就是)?(?:想|要)(?:跟[您你]们?)?(?:问|咨询|反映|说)(?:一下|[一个]{1,2}事情?)(?:啊|哈|就是)*"
    "|我(?:就是)?想问清楚|我[跟给][您你]们?[说讲](?:一下|[一个]{1,2}事情?)?(?:啊|哦|就是)*"
)
# What is said by the way, and what is said before the matter.
_ASIDE = re.compile("还有|另外|顺便|顺带|一起|一并|先")
_FIRST = re.compile("我?(?:想|要)?先")
# Where a letter leaves what it began with.
_TURN = re.compile(
    "可是|但是|不过|没想到|谁知|偏偏|唯独|只是|坏就坏在|问题是|今天|这次|这回|最近|自从|[从自](?:今年|去年|上个?月)"
)
_INTRODUCTION = re.compile(
    r"尊敬|敬爱|领导|同志|[您你]好|大家好|我叫|我姓|姓名|我是|本人|今年|岁|退休|身份证|电话|手机|微信|联系|此致|敬礼"
    r"|老头子|女婿|外孙|老家|攒钱|朋友|爸妈|辈子|出生|毕业|爱好|敬意|嫁|嗓子|身体|医[院生]|住院|手术|[晕病]倒|缝了|药|[跑开干教住做]了[^，。]{1,4}年"
    r"|老伴|儿女|儿子|女儿|爱人|老公|老婆|孙子|孙女|年轻|参加工作|打工|工资|养老金|退休金|房贷|辛苦|知足|街坊|邻里"
    r"|包涵|担待|体谅|见谅|啰嗦|文化|写得|写字|写信|写过|这封信|领导|基层|政策|电视|报纸|奖状|改革开放|当兵|战友|生意|添麻烦|操心"
    r"|谢谢|感谢|签名|拜托|[上下]午|老师|各位|收到|不好意思|给您|您的|亲[ ，,]"
    r"|\b(?:[Hh]i|[Hh]ello|[Dd]ear|I'm|I am|[Mm]y name)\b"
    r"|\d{4}-\d|\d:\d\d|居委会|(?:社区|街道|业主|居民|住户)$"
)
_TROUBLE = re.compile(
    "坏|不对劲?|漏|堵|吵|噪|臭|脏|乱|停[了运]|毛病|故障|不亮|没有?人|裂|掉|满|溢|积水|扰民|影响|隐患|危险|难|不公|涨|欠"
    "|[压摔折]断|断了|夹|砸|撞|脱落|剥落|打滑|生锈|松动|漫|淹|震|摔|老鼠|苍蝇|蟑螂"
    "|没有发|占|挡|反映|投诉|问题|纠纷|不[敢能]|咬|怕|滴|熏|呛|黑|贵|烂|拖|暂停"
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
        is_long = len(looked) >= LONG_LETTERS
        tense = told_of(looked) if is_long else _always_now
        own = self._of_its_kind(looked, tense)
        said_so = {
            _past_marks(looked, found.end())
            for found in _SAYING.finditer(looked)
            if not _ASIDE.search(looked, max(0, found.start() - _BACK), found.start())
        }
        said_so = {at for at in said_so if not _FIRST.match(looked, at)}
        if _DICTATED.search(looked):
            said_so |= {found.end() for found in _SPOKEN.finditer(looked)}
        begins = {0, *said_so, *(found.end() for found in _BEGINS.finditer(looked))}
        onset = onset_in(looked) if is_long else -1
        asks = {at for at in begins if asks_for_a_deed(looked, at)}
        asked = "\n".join(looked[at : at + 2 * _WINDOW] for at in asks)
        told = repeated(looked, asked, is_long=is_long)
        places = [at for at, _, _ in own]
        scores = {
            at: _score(
                looked[at : at + _WINDOW],
                told,
                own[bisect_left(places, at) : bisect_left(places, at + _WINDOW)],
                _OF_NOTHING if is_long else 1.0,
            )
            + (_OF_REQUEST if is_long else _OF_SHORT_REQUEST) * (at in asks)
            + _OF_SAYING * (at in said_so)
            + _OF_TURN * bool(_TURN.match(looked, at))
            + _OF_ONSET * (at == onset)
            + _OF_TIME[Time.NOW if is_long and at in asks else tense(at)]
            - _LATE * at / len(looked)
            for at in begins
        }
        best = max(scores.values())
        start = min(at for at, score in scores.items() if score >= best - _NEARLY * (not is_long))
        if not is_long:  # without short sentences before the first that has a word of its kind
            first = places[bisect_left(places, start) :][:1] or [start]
            led = [one.end() for one in _SENTENCE.finditer(looked, start, *first)]
            start = next(
                (at for at in reversed(led)
                 if at - start < _WINDOW and scores.get(at, 0.0) >= best - _NEARLY),
                start,
            )  # fmt: skip
        if is_long and start not in asks:  # without what only leads to it
            start = max(
                at
                for at, score in scores.items()
                if start <= at <= start + _BACK and score >= best - _LEADING
            )
        return text[_whole_sentence(looked, start) :].strip()

    def _of_its_kind(self, text: str, tense: Callable[[int], Time]) -> list[tuple[int, str, float]]:
        """Where words of the kind stand that most of its words are of, and what each tells; half
        of it where one is all there is of the kind: 工地 of 在外地工地上做监理."""
        places = [
            (found.start(), found[0])
            for found in self._words.finditer(text)
            if text[found.start() - 1 : found.start()] != DENIED
            and tense(found.start()) is not Time.LONG_AGO
        ]
        kinds: dict[str, float] = defaultdict(float)
        for _, word in places:
            code, tells = self._kind[word]
            kinds[code] += tells
        most = max(kinds, key=lambda kind: kinds[kind], default="")
        told = [
            (at, word, self._kind[word][1]) for at, word in places if self._kind[word][0] == most
        ]
        is_passing = len(told) == 1 and tense(told[0][0]) is not Time.NOW
        return [(at, word, tells / 2) for at, word, tells in told] if is_passing else told


def _always_now(_place: int) -> Time:
    return Time.UNKNOWN


def _past_marks(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip("，,：:。 \n\u3000"))


def _whole_sentence(text: str, at: int) -> int:
    """Where the sentence begins, if that is near."""
    near = max(0, at - _BACK)
    ends = [near + found.end() for found in _SENTENCE.finditer(text[near:at])]
    return ends[-1] if ends else 0 if near == 0 else at


def _score(
    words: str,
    told: dict[str, float],
    own: Sequence[tuple[int, str, float]],
    of_nothing: float,
) -> float:
    """What a line tells by what the letter comes back to, words of its kind and of trouble; by
    `of_nothing` of a trouble of nothing that is named.
    """
    found = sorted(told[pair] for pair in set(map("".join, pairwise(words))) if pair in told)
    kind = sum({word: tells for _, word, tells in own}.values())
    troubles = min(2, len(set(_TROUBLE.findall(words)))) * (1 if found or kind else of_nothing)
    introduced = _OF_INTRODUCTION * len(_INTRODUCTION.findall(words))
    return sum(found[-_PAIRS:]) + min(_OF_ALL_ITS_KIND, kind) + troubles - introduced
