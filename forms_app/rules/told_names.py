"""Whom a letter names: by how people introduce themselves, sign, and write a telephone behind a
name.

PURE. No list of names: what is no name here is hardly ever in a note as well.
"""

import re

from forms_app.rules import late
from forms_app.rules.folding import fold

# Without surnames that begin common words: 单位, 和住户, 原因.
_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|夏侯|皇甫|令狐|尉迟"
    "|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛祝左涂谷祁舒耿牟卜肖詹关苗凌费纪靳盛童欧甄曲游阳裴席查屈鲍"
    "位覃霍翁隋植甘景薄包司柏宁柯阮桂闵柴华冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅嵺苟褚廉简娄盖符奚木穆燕郎邸冀谈姬"
    "屠郜晏栾郁蒙喻揭窦迟宇糜鄢卓仇艾蓝巩稽井练仲虞卞封竺冼楚佟栗匡巫鞠桑荆谌岑习胥蔺])"
)
# A place or an office with a telephone is nobody.
_NO_NAME = late.compile(
    "[局所站部办路区院店馆岭街村校楼号话机信群室园]$|手机|电话|师傅|先生|女士|阿姨|大[爷妈姐哥]|奶奶|爷爷|同志|主任|书记|老师"
    "|方[面案法便向式]|高[层中兴度铁]|白[天色]|安[全装置排心]|金[桂额]|康复|毛病|关于|严重|阳台|何[时况必]|谢谢|施工|常[务年]"
    "|石[头材]|万[元一]|黄[色线]|温[度馨]|包[装括]|易燃|武警|雷[电雨]|龙头|顾客|江[边西苏]|马[路上]|于是|任[务何]|范围|程[序度]"
    "|夏[天季]|余[款额下]|钟[头点]|祝[好您愿]|叶子|严[格禁]|包月|曾经|邻居|成年|梅雨|车辆|柳树|花坛|文[明化]|时间|康乐|戴上|高[兴血楼度峰低空温压]|黄昏|石[板料墩凳]|金[额属]|田[地里]|雷[雨雪]|江[堤水]|龙[卷灯]|文[件字书]|史上|万[分幸]|毛[坯毯]|马[桶达]|余[下地]|林[荫木带]|杜绝|汪[汪洋]|汤[水锅]|段时|钱[款物财]|谭家|洪水|易[滑堵燃]|陶瓷|安[心置静]|温[暖水]|牛[奶皮]|柴[火油]|华[丽侨]|古[树井]|成[立功]|程[序度]|祝[福贺]"
)
_NAME = rf"({_SURNAME}[㐀-鿿]{{1,2}}?)"
_INTRODUCED = late.compile(
    rf"(?:叫做?|姓名|联系人|经办人|代表人?|反映人|投诉人|申请人|业主|住户|本人|居民|委员|楼长|真名)"
    rf"[是为:\s]*{_NAME}(?=[\W\d_]|$|今年|男|女|住|电话|手机|表示|我|没有|是)"
)
# 王桂兰 13807971122；谢九生(没有手机；钟建平(男
_WITH_NUMBER = late.compile(
    rf"(?<![㐀-鿿]){_NAME}[\s,:(、]{{0,3}}"
    r"(?:联系方式|联系电话|电话|手机号?|座机|微信|qq|住)?[\s:是]{0,2}(?=[(\d]|[〇零一幺二三四五六七八九]{4}|没有手机|男|女|\d*[栋号])"
)
# 我爸王小二瘫痪在床: where a name ends is not told, so it is taken with three letters.
_OF_THE_FAMILY = late.compile(
    rf"(?:我(?:爸|妈|爷爷|奶奶|父亲|母亲|老伴|丈夫|妻子|儿子|女儿|老公|老婆|弟弟|妹妹|哥哥|姐姐))({_SURNAME}[㐀-鿿]{{2}})"
)
_BEHIND_TITLE = late.compile(rf"(?:委员|主任|经理|楼长|代表|组长){_NAME}(?=[(\d:])")
_SIGNED = late.compile(
    rf"(?m)(?:^|[\s室号])[^\S\n]*{_NAME}[^\S\n]*(?:敬上|敬启|上|书|按手印|[(（]?签[字名章][)）]?)?[^\S\n]*$"
)
# Who signed, one behind the other.
_LISTED = late.compile(r"(?:签[字名]|名单|代表|联名|参加人|成员)[^\n:]{0,8}:([^\n]+)")
_BETWEEN = late.compile(r"[、,;\s]+")
_WHOLE_NAME = late.compile(f"{_SURNAME}[㐀-鿿]{{1,2}}")
# 我叫阿依古丽, 我是热依汗·吐尔逊: as a name is given that begins with no surname.
_OF_ANY_LETTERS = late.compile(
    r"(?:我叫|名叫|叫做|姓名[是为:\s]{1,2})([㐀-鿿]{2,4}(?:[·•・.][㐀-鿿]{2,6})*|[㐀-鿿]{3,6})(?=[\W\d_]|$|今年|男|女|住|电话)"
    r"|([㐀-鿿]{2,6}(?:[·•・][㐀-鿿]{2,6})+)"
)
_SAID = late.compile("[了的他她它你您我们过着不没人去来在有是]|物业|社区|电话|师傅|什么|外卖|救护")
_LEADING = late.compile("^(?:我?[是叫]|本人|居民|业主|住户)")
_DOT = late.compile("[·•・.]")
_RUN = late.compile(r"[a-z0-9_-]{6,}")
_BLANKS = late.compile(r"[^\S\n]{2,}")


def names_in(text: str) -> set[str]:
    """The people that a letter names, in folded letters."""
    plain = _BLANKS.sub(" ", fold(text))  # thousands of them are looked at once
    found = {
        name
        for one in (_INTRODUCED, _OF_THE_FAMILY, _WITH_NUMBER, _BEHIND_TITLE, _SIGNED)
        for name in one.findall(plain)
    }
    found |= {
        name
        for listed in _LISTED.findall(plain)
        for name in _BETWEEN.split(listed)
        if _WHOLE_NAME.fullmatch(name)
    }
    found = {name for name in found if not is_word_like(name)}
    for given in _OF_ANY_LETTERS.finditer(plain):
        name = given[1] or _LEADING.sub("", given[2])
        if not _SAID.search(name):
            # What notes are looked for has no marks; one part alone names somebody, too.
            found |= {"".join(_DOT.split(name)), *(p for p in _DOT.split(name) if len(p) > 1)}
    return found


def is_word_like(name: str) -> bool:
    """Whether what begins with a surname is a place, an office, a title or a common word."""
    return _NO_NAME.search(name) is not None


def accounts_in(text: str) -> set[str]:
    """Runs of letters and digits that may be somebody's account, in folded letters."""
    return {
        run for run in _RUN.findall(fold(text)) if re.search("[a-z]", run) and re.search(r"\d", run)
    }
