"""The pairs of characters that a letter comes back to, and how much each tells of its matter.

PURE and quick: no dictionary is opened for it.
"""

import re
from collections import Counter
from itertools import pairwise
from math import log

from forms_app.issues.words import EVERYWHERE

_TIMES, _TWICE = 3, 2
_LIFE = 0.35  # of a long letter: what is told before is hardly its matter
_OF_ASKED_FOR = 0.7  # what stands where a long letter asks for something, and elsewhere too
_HAN_PAIR = re.compile("[\u3400-\u9fff]{2}")
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
        "大概 差不 不多 礼拜 星期 钟头 分钟 手机 哈哈 呵呵 注意 开始 中午 点半 点以 点多 "
        "经理 主任 书记",
    )
)

# What only holds words together: no matter is called by it.
_HOLLOW = re.compile(
    "[的了我你您他她它们不是在有就都也里说要去来这那到给把让着过还没么很会能得和跟一二三四五六七八九十百千万两几多年月日天个块]"
)


def repeated(text: str, asked: str, *, is_long: bool) -> dict[str, float]:
    """What each pair tells that a letter comes back to; of a long letter behind its beginning,
    and more of what it asks for.
    """
    pairs = list(map("".join, pairwise(text)))
    later = Counter(pairs[int(_LIFE * len(pairs)) :] if is_long else pairs)
    told = {pair: log(count) for pair, count in later.items() if count >= _TIMES and _says(pair)}
    if is_long and asked:
        times = Counter(pairs)
        for pair in set(map("".join, pairwise(asked))):
            if times[pair] >= _TWICE and _says(pair):
                told[pair] = told.get(pair, 0.0) + _OF_ASKED_FOR
    return told


def _says(pair: str) -> bool:
    return pair not in _EMPTY and _HAN_PAIR.fullmatch(pair) is not None and not _HOLLOW.search(pair)
