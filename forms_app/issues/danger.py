"""What in a letter says that somebody may be hurt today: its own words, for whoever grades to look.

PURE. What was long ago endangers nobody now, nor what did not happen. It decides nothing.
"""

from forms_app.issues.chats import said_in
from forms_app.issues.life import Time, told_of
from forms_app.issues.subject import LONG_LETTERS
from forms_app.rules import late

SHOWN = 3
_NEAR = r"[^，,。！？!?；;\n]"
_DANGER = late.compile(
    "冒烟|冒火|[着起]火(?!车)|火苗|火花|烧着了|烧起来|煤气味|漏气|漏电|触电|电到人|麻手|(?:电线|线头|铜线)(?:裸|露|断|掉)"
    f"|(?:掉|砸|倒|塌|扔|落)(?:下来|到|中|在|了){_NEAR}{{0,5}}(?:头|人|孩子|小孩|车[顶上]|前面|脚边|脖子)"
    f"|(?:支架|架子|栏杆|护栏|广告牌|招牌|围墙|雨棚){_NEAR}{{0,10}}(?:断|斜|歪|倒|松|晃)|差一?点{_NEAR}{{0,6}}(?:砸|撞|摔|掉|烧|淹|踩|绊|滑|没命|出事)"
    f"|随时(?:都)?(?:会|要|可能){_NEAR}{{0,3}}(?:掉|倒|塌|砸|爆|断|下来)|摇摇欲坠|风一[吹刮]就[摇晃]|掉下来一[大小]?[根块片]|(?:树枝|枝子|大枝|枯枝){_NEAR}{{0,6}}(?:摇|挂|掉|断)"
    f"|(?:被?困|关)在{_NEAR}{{0,4}}(?:里面|里头|电梯|轿厢)|困了?人|(?:突然|猛地|一下子?)[一就]?(?:往下)?(?:掉|坠|沉)|往下[坠沉]|往下掉了?[一二两三几]|下坠|坠落|(?:玻璃|管子?|砖|瓦|牌子?|窗户?|空调)掉下来"
    f"|(?:窨?井盖子?|盖子|篦子|盖板){_NEAR}{{0,8}}(?:没了|没有了|不见|丢了|破了|碎了|拿走|偷)|踩空|脚陷|一条腿{_NEAR}{{0,3}}下去"
    f"|咬(?:伤|破|到|出血)|咬了{_NEAR}{{0,4}}(?:人|孩子|口)|牙印|扑倒|摔(?:伤|断|破|裂|骨折)|骨折|(?:撞|带|刮)(?:倒|伤|飞)|(?:腿|手|胳膊|锁骨|肋骨){_NEAR}{{0,2}}[断裂]了|出血|流血|烫伤|中毒|昏迷|出人命"
    f"|(?:救护车|120|消防车){_NEAR}{{0,12}}(?:[进倒开过]不[来去了过进出]|堵)|(?:躺|倒)在{_NEAR}{{0,8}}地上|敲{_NEAR}{{0,4}}门[，,]?(?:都|也)?(?:没有?人|不)应|不想活|自杀|跳楼|动刀|拿刀|要杀"
)
_NOT = late.compile("(?:没有?|不曾|从不|防止?|避免|谨防|以防|未|免得|怕|像|真|万一|要是)$")
_BEFORE = 4  # characters, where it is denied


def dangers_in(text: str) -> tuple[str, ...]:
    """The words of a letter that tell of a danger of now, each once, at most SHOWN."""
    said = said_in(text)
    tense = told_of(said) if len(said) >= LONG_LETTERS else None
    found = {
        one[0]: None
        for one in _DANGER.finditer(said)
        if not _NOT.search(said[max(0, one.start() - _BEFORE) : one.start()])
        and (tense is None or tense(one.start()) is not Time.LONG_AGO)
    }
    return tuple(found)[:SHOWN]
