"""What in a letter says that somebody may be hurt today: its own words, for whoever grades to look.

PURE. What was long ago endangers nobody now, nor what did not happen. It decides nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from forms_app.issues.chats import said_in
from forms_app.issues.life import Time, told_of
from forms_app.issues.subject import LONG_LETTERS
from forms_app.rules import late
from forms_app.rules.folding import fold

SHOWN = 3
_REMEMBERED = 1024  # letters: a board asks the same ones again and again
_CLAUSE = r"[^，,。！？!?；;\n]"
_SENTENCE = r"[^。！？!?；;\n]"
_CHILD = late.compile("(?:小孩子?|孩子|娃娃?|宝宝|婴儿)").pattern
_SOMEBODY = late.compile(
    f"(?:{_CHILD}|老[人伴头]|老太|老婆|老公|媳妇|女人|爸|妈|爷爷|奶奶|阿[婆公]|婆婆|公公)"
).pattern
_WIRE = late.compile("(?:电线|电缆|线头|铜线|铜[丝芯])").pattern
_LIVE = late.compile("(?:电表箱?|电箱|配电[箱柜房室]|插[座排]|插线板|开关|电线|电缆|线路)").pattern
_GAS = late.compile("(?:煤气|燃气|天然气|液化气|瓦斯)").pattern

# What hurts, and the sign of it that somebody sees, hears or smells: a danger after the other.
_DANGER = late.compile(
    "|".join(
        (
            # fire
            r"冒[黑白浓青]?烟|冒火(?!车)|[着起]火(?!车)|火苗|火花|火星|烧着了|烧起来|有?明火",
            r"糊味|\bon fire\b|\bsparks?\b",
            # gas, poison
            rf"(?:{_GAS}|汽油){_CLAUSE}{{0,4}}味|{_GAS}{_CLAUSE}{{0,6}}[漏泄]|漏气|臭鸡蛋味",
            r"一氧化碳|中毒|\b(?:smell|leak)[a-z]{0,3} [\w ]{0,16}\bgas\b",
            r"\bgas [\w ]{0,12}(?:smell|leak)",
            # current, and water that comes to it
            r"漏电|触电|电到|被电(?![梯动话瓶脑视信子])|电了一下|麻手|手[都一]?麻了",
            rf"\belectric shock|{_WIRE}{_CLAUSE}{{0,3}}[裸露断掉垂]",
            rf"[漏渗滴淋流进泡]{_CLAUSE}{{0,6}}{_LIVE}",
            rf"{_LIVE}{_CLAUSE}{{0,4}}(?:进水|[漏滴渗]水|泡水|噼)",
            # what falls, or is about to
            rf"(?:掉|砸|倒|塌|扔|落)(?:下来|到|中|在|了){_CLAUSE}{{0,5}}(?:头|人|{_CHILD}"
            "|车[顶上]|前面|脚边|脖子)",
            rf"(?:支架|架子|栏杆|护栏|广告牌|招牌|围墙|雨棚){_CLAUSE}{{0,10}}[断斜歪倒松晃]",
            rf"差一?点{_CLAUSE}{{0,6}}(?:[砸撞摔掉烧淹踩绊滑栽]|没命|出事)",
            rf"随时(?:都)?(?:会|要|可能){_CLAUSE}{{0,3}}(?:[掉倒塌砸爆断]|下来)|摇摇欲坠|风一[吹刮]就[摇晃]",
            r"掉下来一[大小]?[根块片]|(?:玻璃|管子?|砖|瓦|牌子?|窗户?|空调)掉下来",
            rf"(?:树枝|枝子|大枝|枯枝){_CLAUSE}{{0,6}}[摇挂掉断]",
            # who is shut in, or goes down
            rf"(?:被?困|关)在{_CLAUSE}{{0,4}}(?:里[面头]|电梯|轿厢)|困了?人|锁在{_CLAUSE}{{0,3}}[车家屋房]",
            r"\btrapped\b|(?:突然|猛地|一下子?)[一就]?(?:往下)?[掉坠沉]|往下[坠沉]|往下掉了?[一二两三几]",
            rf"(?:堤|墙|坡|路面?|地面|楼板|桥){_CLAUSE}{{0,4}}塌|下坠|坠落|踩空|脚陷|一条腿{_CLAUSE}{{0,3}}下去",
            rf"(?:窨?井盖子?|盖子|篦子|盖板){_CLAUSE}{{0,8}}(?:没有?了|不见|[丢破碎]了|拿走|偷)",
            rf"(?:救护车|120|消防车){_CLAUSE}{{0,12}}(?:[进倒开过]不[来去了过进出]|堵)",
            # who is hurt
            rf"咬(?:[伤破到]|出血)|咬了{_CLAUSE}{{0,4}}(?:人|孩子|口)|牙印|扑倒|摔(?:[伤断破裂]|骨折)|骨折",
            rf"[撞带刮][倒伤飞]|(?:腿|手|胳膊|锁骨|肋骨){_CLAUSE}{{0,2}}[断裂]了|[躺倒]在{_CLAUSE}{{0,8}}地上",
            r"出血|流血|烫伤|昏迷|[昏晕]倒|出人命",
            r"\b(?:bleeding|unconscious|not (?:answering|moving|breathing))\b",
            # who does not answer, or is gone
            rf"敲{_SENTENCE}{{0,5}}门{_SENTENCE}{{0,6}}(?:没有?人|不)应|怎么[敲喊叫]{_CLAUSE}{{0,3}}不[开应]",
            rf"[喊叫]不[应醒]|(?:好?[几两三四五]天|一直)没有?(?:见|看[到见]){_CLAUSE}{{0,4}}(?:出门|下楼|人影)",
            rf"(?<![猫狗])走[丢失](?!过|的|了?[好几两三四五]+[次回])"
            rf"|(?:{_SOMEBODY}|人)(?:又|就|一下|到现在)?(?:不见了|失踪|没回家)",
            rf"{_CHILD}{_CLAUSE}{{0,8}}哭{_SENTENCE}{{0,24}}(?:没有?(?:大人|人)|不[应开])"
            rf"|{_CHILD}(?:一个人|独自){_CLAUSE}{{0,6}}(?:窗|阳台|家里哭)",
            # violence
            rf"(?:动手|[又还就天]|往死里){_CLAUSE}{{0,2}}[打揍][她他我](?!的?(?:电话|手机|主意|招呼|官司))",
            rf"[打揍]{_SOMEBODY}(?!的?(?:电话|手机))|[喝酒醉]{_CLAUSE}{{0,8}}动手|家暴|家庭暴力|虐待|拳打脚踢",
            r"[喊叫呼]救(?!护)|救命[啊呀！!]|不敢回家|动刀|[拿持挥举][着了起]?(?:一?把)?[菜尖水果砍]*刀",
            rf"要[杀砍](?:了?[我你他她人]|{_SOMEBODY})",
            rf"泼汽油|同归于尽|掐(?:{_CLAUSE}{{0,3}}脖子|[我她他])",
            r"\b(?:beat|hit)\w* (?:his|her|the|my|me)\b",
            # who would take their own life
            r"不想活|活不下去|活着也?没有?(?:什么)?(?:意思|劲)|活够了|不如死|死了算了|想死|寻短见|轻生",
            r"想不开|自[杀残]|割腕|跳楼(?!价)|跳[河江桥]|喝农药|遗书|撑不下去|一了百了",
            rf"\bsuicid|\bkill \w{{2,4}}self|[攒囤]{_CLAUSE}{{0,4}}药|药{_CLAUSE}{{0,3}}[攒囤]",
        )
    )
)
# What is a danger only together, near each other: whom or what it is about, and a sign of it.
_LONG = late.compile(
    r"(?:[几两三四五六七八九十半好\d]+多?个?(?:天|小时|钟头|晚上|下午|分钟)|一[天夜晚]|到现在)"
).pattern
_TOGETHER = (
    # somebody who has not been seen, or is not woken
    (
        late.compile(rf"{_SOMEBODY}|病人|房客"),
        late.compile(
            rf"(?:{_LONG}|中午|早上|昨[天晚]){_SENTENCE}{{0,12}}没有?{_CLAUSE}{{0,3}}(?:[出开]门|下楼|回[来家]|动静)"
            "|[叫喊推][她他]?[也都]?没有?反应|不吃不喝|联系不上|没有?知觉|没有?呼吸"
        ),
    ),
    # whoever is shut in
    (
        late.compile("电梯|轿厢|[屋车]里|房间里"),
        late.compile(
            r"(?<!没)关了(?:差不多|将近|快|足足|整整)?[几两三四五六七八九十半\d]+多?个?(?:分钟|小时|钟头)|有人[拍敲砸喊]|人[吊卡]在|锁屋|反锁"
        ),
    ),
    # current, by what is touched or seen
    (late.compile("铁|栏杆|扶手|水龙头|热水器|金属"), late.compile("麻(?![将烦辣木袋雀])")),
    (late.compile(rf"{_LIVE}|变压器"), late.compile("[滋吱]{2}|放电|蓝光|打火")),
    # poisoned air, by whoever breathes it
    (
        late.compile(rf"臭鸡蛋|{_GAS}|刺鼻"),
        late.compile(r"头[都有]?点?[晕疼痛]|恶心|想吐|喘不|嘶嘶|越来越浓"),
    ),
    # a child at a height, or beaten
    (
        late.compile(_CHILD),
        late.compile(
            rf"[爬趴站骑翻]{_CLAUSE}{{0,4}}(?:窗|阳台|栏杆|楼顶|天台|外机|井|河)|一身伤|求饶|在车里"
        ),
    ),
    # a threat, with what it is made for
    (
        late.compile("[敢再]|不然|说要|扬言|喊着"),
        late.compile(
            rf"弄死|打死|砍[人你我他她死]|卸{_CLAUSE}{{0,3}}[胳腿]|放火|要[你我他她]的?命"
        ),
    ),
    # farewell
    (
        late.compile("楼[上顶]|顶楼|天台|[桥河]边?|大家|各位|孩子"),
        late.compile("下去算了|[跳死]了?算了|别拦我|再见了|保重|下辈子|来世"),
    ),
)
_REACH = 40  # characters
_ENDS = late.compile(r"[。！？!?；;\n]")
_NOT = late.compile("(?:没有?|不曾|从不|防止?|避免|谨防|以防|未|免得|怕|像|真|万一|要是)$")
_BEFORE, _NEAR = 4, 24  # characters: where it is denied, and where it is said of when
# What was in another year, or is only spoken of.
_PAST = late.compile(rf"(?<!从)(?:去年|前年|早年|当年|那年|[几两三四五十\d]年前){_CLAUSE}*$")
_OVER = late.compile(
    rf"(?:以后|之后|那[次年回])|{_CLAUSE}{{0,6}}(?:讲座|培训|演练|演习|宣传|知识|课)"
)
# What smokes every day.
_SMOKE = late.compile("冒[黑白浓青]?烟")
_SMOKES = late.compile(rf"(?:烧烤|烤串|油烟|烟囱|烟道|排烟|炒菜|煤炉|熏){_SENTENCE}*$")


@lru_cache(maxsize=_REMEMBERED)
def dangers_in(text: str) -> tuple[str, ...]:
    """The words of a letter that tell of a danger of now, each once, at most SHOWN."""
    said = fold(said_in(text))
    tense = told_of(said) if len(said) >= LONG_LETTERS else None
    words = {
        one[0].replace(",", "，"): None  # folding made it narrow
        for one in (*_DANGER.finditer(said), *_together(said))
        if not _is_none(said, one.start(), one.end())
        and (tense is None or tense(one.start()) is not Time.LONG_AGO)
    }
    longest = (word for word in words if not any(word != one and word in one for one in words))
    return tuple(longest)[:SHOWN]


def _together(said: str) -> Iterator["re.Match[str]"]:
    """The signs that stand near whom or what they are of, in one sentence."""
    for whose, sign in _TOGETHER:
        for one in sign.finditer(said):
            first = _ENDS.sub("\n", said[max(0, one.start() - _REACH) : one.start()])
            last = _ENDS.sub("\n", said[one.start() : one.end() + _REACH])
            near = first.rpartition("\n")[2] + last.partition("\n")[0]
            if whose.search(near):
                yield one


def _is_none(said: str, begin: int, end: int) -> bool:
    """Whether these words are denied, of another year, only spoken of, or what smokes every day."""
    return bool(
        _NOT.search(said, max(0, begin - _BEFORE), begin)
        or _PAST.search(said, max(0, begin - _NEAR), begin)
        or _OVER.match(said, end)
        or (_SMOKE.match(said, begin) and _SMOKES.search(said, max(0, begin - _NEAR), begin))
    )
