"""What people write into a cell that tells of no problem: that there was none, that nobody was in,
an answer in a chat, thanks.

Of what is repeated each letter is read in one way alone: two ways double with every letter.
"""

import re
from functools import lru_cache

from forms_app.rules import late
from forms_app.rules.folding import fold
from forms_app.spreadsheets.choices import SHORT
from forms_app.spreadsheets.stories import is_over
from forms_app.spreadsheets.values import bare

_NO_WORDS = re.compile("(?:\\[[\u3400-\u9fff]{1,6}\\])+")  # what a chat writes for a picture
# What whoever went from door to door writes where nobody had anything to report.
_NOTHING = re.compile(
    r"(?:暂?无|没有?|(?:暂未|未)(?:发现|反映))(?:任何|其他|反映)?(?:问题|诉求|意见|建议|异常|情况)?[。.!]?"
    r"|(?:一切)?正常|[-—/\\]+"
    r"|没(?:有)?(?:什么)?意见[，,、\s]*(?:都|挺|很|还)?(?:好|可以|行|满意)?的?了?[。.!]?"
    r"|(?:目前|现在|总体|一切|社区|都|还|挺|很|比较|非常|工作|做得|[,，、\s])*"
    r"(?:很?好|不错|满意|没什么(?:问题|意见|说的)?)(?:[的了啊,，。!！~\s]|感谢|谢谢|辛苦)*"
)
# The same clause by clause: of a week, of a kind of matter, beside how content somebody is.
_NONE_FOUND = late.compile(
    "(?:本[周月季年日]|今[天日]|当[天日]|近期|目前|现在?)?(?:[巡检排]查|走访)?(?:暂|均|都|也)?(?:无|没有?|未)"
    "(?:(?:排查|摸排|发现|发生|接到|收到|反映|新增|出现|上报)[出到过]?)?"
    "(?:任何|其[他它]|新的?|群众|居民|安全|消防|重大|明显|各类|不稳定|[、和及])*+"
    "(?:问题|诉求|意见|建议|(?:异常|特殊)?情况|异常|隐患|矛盾|(?:矛盾)?纠纷|因素|事[项件]|信访(?:件|事项)?|投诉|来访)"
    "(?:发生|反映|上报)?"
    "|没(?:有)?说什么|(?:喝茶|泡茶)?[聊拉]家常|零(?:报告|上报|投诉|信访|诉求)|(?:一切|情况|现场)?正常"
    "|对?(?:社区|物业|街道|居委会|网格员?|我们|政府|工作|服务|环境|治理|管理|卫生|生活|的|很|非常|比较|都|均|十分|表示)*+"
    "(?:满意|认可|支持|肯定|理解)"
)
# What stands before an answer in a list that goes round: 7. 9-602 无.
_IN_A_LIST = re.compile(r"^\d{1,3}[.、)]\s*(?:\S{1,12}\s+){0,2}(?=\S{1,4}$)")
_NOBODY_IN = late.compile(
    "(?:家[里中]|屋[里内]|入户时?|上门时?)?[无没]人(?:在家|应答|开门)?|敲.{0,4}门都?(?:[无没]有?人|不开)(?:应答?|开门|在)?"
    "|(?:多次)?(?:入户|上门|走访)未[遇见]到?(?:本?人|户主)?|(?:本人|户主|全家)?(?:不在家|外出(?:未[遇归])?)"
)
# What people answer in a chat.
_REPLY = re.compile(
    r"(?:\+1|ok|收到|好的?|是的|嗯|谢谢|感谢|辛苦了?|知道了|明白了?|同意|支持|同问|顶|[【\[]?退订[】\]]?[a-z]{0,2}|早安?|早上好|[上中下]午好|晚上好|晚安|你好|您好|大家|各位|领导|物业|[\s,，。.!！~～、])++"
)
_CLAUSES = late.compile(r"[,，。.;；:：!！、\s]+")

_THANKS = late.compile("感谢|谢谢|多谢|表扬|锦旗|点个?赞|致谢")
_OF_THANKS = late.compile(f"(?:{_THANKS.pattern}|好人好事)(?:信|类|件)*")
_BEGINS_WITH_THANKS = late.compile(
    r"(?:(?:[一二三四五六七八九十\d]+[楼层栋号户])?"
    "(?:来[电信访]人|反映人|市民|居民|业主|群众|住户|家属"
    "|[㐀-鿿]{1,3}(?:先生|女士|阿姨|大爷|大妈|奶奶|爷爷|师傅|老师|某)))?"
    "(?:来电|来信|致电|给|你们|专程|特意|上门|送来?|赠送?|写来?|一[封面]|表示|说|再次|非常|十分|衷心|向|到|社区|[,，、:：\\s])*+"
    f"(?:{_THANKS.pattern})"
)
# What was missed is there: 有热水了, 来电了.
_IS_WELL = late.compile(
    "(?:现在|已经?|今天)?(?:有[热水电气灯网信号暖]{1,3}|来[水电气]|好|通|亮)了?"
)
# Where it turns to something else.
_TURNS = late.compile(
    "但|不过|可是|只是|就是|另外|此外|同时|还|希望|建议|请|能不能|能否|可否|何时|什么时候|又|仍|没|未"
    "|不(?!客气|错|少|辞|怕|厌|顾|愧|仅|断|已|昧)|尽快|反映|投诉|要求|求助|麻烦|太|吗|怎么|为什么|被|乱|偷|私自|[?？]"
)
_QUOTES = "“”‘’\"'「」"
_LOOKED_AT = 60  # letters: where thanks begin
_MAY_THANK = re.compile("[谢謝扬揚旗赞讚]")  # what stands in all of these words


def why_no_report(told: str, kind: str = "") -> str:
    """Why a cell tells of no problem; "" where it does. `kind` is what its row calls itself."""
    if len(told) <= SHORT:
        words = _IN_A_LIST.sub("", fold(bare(told)).strip(_QUOTES))
        clauses = list(filter(None, _CLAUSES.split(words)))
        if _NOTHING.fullmatch(words) or (clauses and all(map(_NONE_FOUND.fullmatch, clauses))):
            return "写着没有问题"
        if _NOBODY_IN.fullmatch(words):
            return "写着没有见到人"
        if _REPLY.fullmatch(words):
            return "只是应答，没有说问题"
        if _NO_WORDS.fullmatch(words):
            return "只有图片或者表情，没有字"
    return (
        "像是感谢或者表扬，不是问题" if _thanks(told, kind) and not _says_more(told, kind) else ""
    )


def thanks_and_more(told: str, kind: str = "") -> bool:
    """Whether a cell begins with thanks, or is said to hold some, and may tell of more."""
    return _thanks(told, kind) and _says_more(told, kind)


def _thanks(told: str, kind: str) -> bool:
    if _is_of_thanks(kind):
        return True
    if not _MAY_THANK.search(told[:_LOOKED_AT]):
        return False
    begins = fold(bare(told[:_LOOKED_AT])).strip(_QUOTES)
    return bool(_BEGINS_WITH_THANKS.match(begins)) or (
        len(told) <= SHORT and not _says_more(told, kind)
    )


@lru_cache(1024)
def _is_of_thanks(kind: str) -> bool:
    return bool(kind) and _OF_THANKS.fullmatch(fold(bare(kind))) is not None


def _says_more(told: str, kind: str) -> bool:
    """Whether words of thanks turn to something else, or may."""
    words = fold(told).strip(_QUOTES)
    if _TURNS.search(words):
        return True
    return not _is_of_thanks(kind) and not all(
        _THANKS.search(clause) or is_over(clause) or _IS_WELL.fullmatch(clause)
        for clause in _CLAUSES.split(words)
        if clause
    )
