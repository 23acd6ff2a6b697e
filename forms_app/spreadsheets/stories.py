"""What the words of a cell say last of a matter: that it is over, that it is not, or neither.

People tell what was done in the order in which it happened, so that the end of a story counts.
Standard library only.
"""

import re
from functools import lru_cache

from forms_app.rules import late
from forms_app.rules.folding import fold

NOT_YET = late.compile("未|没|不|待|尚|无法|正在|否|部分|一半|一些")
# What is asked for, or meant to be done.
ASKED = late.compile(
    "请|需|要求|尽快|限期|督促|争取|力争|预计|计划|承诺|拟|将|准备|等(?:配|物|上|领|通)"
)
_CLAUSES = late.compile(r"[,，。;；!！?？\n]+|(?<!\d)\.|\.(?!\d)")
# What a story tells beside: how it was written down, and who was asked afterwards.
_BESIDE = late.compile("照片|拍照|资料|台账|存档|(?:未|待|已)(?:回访|评价)")
# What was wrong, and is no more.
_NO_MORE = late.compile(
    "不再(?!同意|配合|来修|处理)|(?:没有?|未)(?:再(?:来|出现|发生|发现|摆|犯|漏|堵|响|叫|吵|停|放|占)|复发|发现问题)"
    "|(?:无|没有?)(?:异[味常响声]|问题|意见|异议)|不[漏堵响臭吵滴晃]了"
    "|(?:复[查看]|回访)(?:已?[无正]|未见|没有)|没有?.{0,3}(?:味|声|响|积水|垃圾|漏水|噪音|油烟|现象)了?$"
)
# Who did not come again was to mend it.
_MENDS = late.compile("工人|师傅|物业|施工|人员|公司|干部|维修")
# What goes on, came back, or is only promised.
_GOES_ON = late.compile(
    "又|仍|依旧|反复|反弹|复发|回潮|(?:继续|持续)(?:做|跟|协|处|调|办|沟|催|联|推|关)|跟进|答应|建议|应当|打算|安排在|纳入|列入"
    "|会(?:在|尽|派|同)|下[周月年]|明[天日年]|[日号周月年]底?前|观察|施工中|进行中|协调中|处理中|办理中"
)
# Others were told of it; what they did of it is said in another word.
_HANDED_ON = late.compile(
    "已经?(?:请(?!示)|要求|督促|责令|联系|通知|转|派|上?报|反映|告知|提醒|协调|安排|交|登记|签收|接单|接收|受理|派|分派|下派|下发)|联系|通知|上报|交由"
)
_DEEDS = (
    "更换|换|维修|抢修|检修|修复|修补|修剪|修|清理|清运|清除|清扫|清掏|打扫|清|疏通|拆除|拆|搬离|搬|移|拖|撤|劝离|驱离|安装|加装|装|"
    "补发|补交|补|整改|整治|处理|处置|办理|办|化解|解决|落实|恢复|加固|硬化|消杀|摘除|捕捉|接通|通|签|发放|发|送|取缔|关停|停止|退还|退|"
    "赔偿|赔付|赔|打开|开启|开通|开放|找到|送[来到]|铲除|改[接道]|调[低小好整]|消除|退去|清[淤空]|收走|解答|答复|回复|转达|道歉|规范|粉刷|铺|填|盖|栽|种|剪|锯|灭|扑灭|熄灭|查处|处罚|入住|领|挪|拉|抽|洗"
)
_DONE = late.compile(
    f"已经?(?:全部|基本|当场|都|按时|予以|得到)?(?:{_DEEDS})"
    f"|(?:{_DEEDS})(?:了|好|完|毕|妥|齐|掉|走|开|到位|完毕|完成|一新)"
    f"|(?:当场|现场|当天|当日|立即|及时)(?:予以|进行|给予|就)?(?:{_DEEDS})"
    "|完成|完毕|完工|竣工|办结|办复|办毕|办妥|完结|销号|结案|修复|搞定|闭环|整改到位"
    "|握手言和|(?:达成|取得)(?:了?一致|了?协议|和解|了?共识|谅解)|和好|和解|互相道歉|入住|到账|接走"
    "|恢复(?:正常|供|通|照明|畅|原|运行)|畅通了?|亮了|正常(?:使用|运行|供)|正常$"
    "|(?:表示|非常|十分)(?:满意|感谢|清楚|理解|认可|接受|同意)|致谢|退去|消除|找到|铲除|清[淤空]|收走|(?:投入|开始)使用|来电$|恢复$|好转$"
    "|(?:群众|居民|业主|住户|反映人|来电人|当事人|老人|家属)(?:很|都|均|表示)?(?:满意|理解)"
    "|调解成功|签[订了署].{0,4}协议"
)
_BACK = late.compile("又|仍|依旧|依然|反弹|复发|回潮|再次|再度")
_CLAIMED = late.compile("[已了完好]")
# Words that say one thing and take nothing of it back: 已办结, 当场处理完毕; 尚未解决, 处理中.
_ENDS = (
    "办结|办复|办毕|办妥|办完|完结|完成|完毕|完工|竣工|解决|销号|结案|归档|闭环|化解|修复|关闭"
    "|搞定|息访|息诉"
)
_ANSWERED = late.compile("[答回]复|解答")
_AT_ONCE = "(?:问题|事项|均|都|全部|当场|现场|当[天日]|即时|及时|立即)*+"
_PLAINLY_OVER = late.compile(
    f"{_AT_ONCE}(?:已经?|现已)?{_AT_ONCE}(?:{_ENDS})[了毕]?"
    f"|{_AT_ONCE}(?:已经?|现已){_AT_ONCE}(?:{_DEEDS})(?:完毕|完成|到位|完结|[了好完毕成妥齐掉走])?"
    f"|{_AT_ONCE}(?:{_DEEDS})(?:完毕|完成|到位|完结|[了好完毕妥齐掉走])"
    "|(?:已|完|结)了?|100%"
)
_PLAINLY_OPEN = late.compile(
    f"(?:还|尚|仍|暂时?|均|都|正)*+(?:未|没有?|待|正?在|等待?|进行|正)(?:{_ENDS}|{_DEEDS}|进行|开始|启动)(?:中|完)?"
    "|[㐀-鿿]{1,5}中|未办|在办|待办|[1-9]?\\d%"
)


def is_over(words: str) -> bool | None:
    """Whether folded words say at their end that a matter is over; None where they say neither."""
    claimed = False
    for clause in reversed(_CLAUSES.split(words)):
        if _NO_MORE.search(clause):
            return None if _MENDS.search(clause) else True
        if not clause or _BESIDE.search(clause):
            continue
        own = _HANDED_ON.sub("", clause)
        if NOT_YET.search(own) or ASKED.search(own) or _GOES_ON.search(own):
            # What was missing may be what somebody then brought.
            return None if claimed else False
        if _DONE.search(own):
            return None if _is_only_asked(clause, own) else True
        claimed = claimed or _CLAIMED.search(own) is not None
    return None


def _is_only_asked(clause: str, own: str) -> bool:
    """Whether a deed is what others were asked for: 已联系物业更换, and not 物业更换了."""
    if own == clause:
        return False
    return not re.search("[了好完毕妥齐掉走]|到位|已", own)


def may_be_over(words: str) -> bool:
    """Whether folded words say that a matter is over, or end with something that was done."""
    if (over := is_over(words)) is not None:
        return over
    last = next(filter(None, reversed(_CLAUSES.split(words))), "")
    return "已" in _HANDED_ON.sub("", last)


@lru_cache(4096)
def takes_back(cell: str) -> bool:
    """Whether a cell says at its end that something is not over, or came back; what is promised
    beside (将加强巡查) says nothing of that."""
    for clause in reversed(_CLAUSES.split(fold(cell))):
        if not clause or _BESIDE.search(clause):
            continue
        own = _HANDED_ON.sub("", clause)
        if _NO_MORE.search(clause):
            return False
        if _BACK.search(own) or NOT_YET.search(own):
            return True
        if _DONE.search(own):
            return False
    return False


def plainly(words: str) -> bool | None:
    """Whether all that folded words say is that a matter is over, or that it is not; None where
    they say anything else."""
    if _PLAINLY_OPEN.fullmatch(words):
        return False
    # Who was answered may wait for what was promised.
    return True if _PLAINLY_OVER.fullmatch(words) and not _ANSWERED.search(words) else None


def says_both(words: str) -> bool:
    """Whether folded words claim something done, though they are read as going on: 已处置待核查,
    已对接; to have told others of it is no claim."""
    return "已" in _HANDED_ON.sub("", words)
