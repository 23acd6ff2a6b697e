"""Where a letter asks for something, and whether it says for what.

PURE. Towards its end a letter says its matter once more, in short: 把那个地锁拿掉. That somebody
may look at it, or take it seriously, any letter asks.
"""

import re

_END = 0.55  # of a letter: from here on it asks
_LETTERS = 60  # of what is asked for
_REQUEST = re.compile(
    "(?:因此|所以|现在)?[，,]?(?:我们?)?(?:恳请|请求|恳求|只?盼望?|希望|要求|就[想求图]|只[想求盼请]"
    "|只要(?![^。！？!?\n]{1,20}[，,][^。！？!?，,\n]{0,3}(?:就|愿|都|也|才))|想请问"
    "|求求?[您你]们?|能不能(?!办)|能否|可不可以|是不是可以|麻烦[您你]|拜托[您你]|一是|第一[，,、]"
    "|请(?!多|原谅|见谅|谅解|您们?多|大家|回|不要嫌|也|到这里|问候|包|过|假|客|人|了|不起|得起|教))"
)
_DEED = re.compile(
    "把|拆|修|清[掉走运理]|都清|换|[安加]装|[搬迁移锯拿关]走?掉?|公示|公布|补|停[下止工运]|必须|恢复|派[一两几]|安排|不[要准能]再?|不再|拖走|登记|上门|送|抽|接到|挪"
    "|画|立[一个]|疏通|围|堵|办[下出理]|多久|哪[一天年]"
)
_UNNAMED = re.compile(
    "它|[这此那](?:件|个|桩)?(?:事|问题)|告诉我们?[：:，,]|[问讲说搞]个?清楚|支持|重视|理解|说法|回音|人命|做主|处理结果|查处|居住环境|答复|公道"
)
# The first of several that are asked for is what it is about.
_FURTHER = re.compile("(?:第?[二三四五六七]|另外|还有|再者|最后)[，,、是]?$")
_BEFORE = 4  # characters
_ENDS = re.compile(r"[。！？!?；;\n]")


def asks_for_a_deed(text: str, at: int) -> bool:
    """Whether a letter asks at a place of it for something that is to be done, and names it."""
    asked = _REQUEST.match(text, at) if at > _END * len(text) else None
    if not asked or _FURTHER.search(text, max(0, at - _BEFORE), at):
        return False
    ends = _ENDS.search(text, asked.end())
    end = min(asked.end() + _LETTERS, ends.start() if ends else len(text))
    return not _UNNAMED.search(text, at, end) and _DEED.search(text, asked.end(), end) is not None
