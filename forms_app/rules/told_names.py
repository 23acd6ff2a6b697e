"""Whom a letter names: by how people introduce themselves, sign, and write a telephone behind a
name.

PURE. No list of names: what is no name here is hardly ever in a note as well.
"""

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
    "|夏[天季]|余[款额下]|钟[头点]|祝[好您愿]|叶子|严[格禁]|包月|曾经|邻居|成年|梅雨|车辆|柳树|花坛|文[明化]|时间|康乐|戴上"
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
_BEHIND_TITLE = late.compile(rf"(?:委员|主任|经理|楼长|代表|组长){_NAME}(?=[(\d:])")
_SIGNED = late.compile(
    rf"(?m)(?:^|[\s室号])[^\S\n]*{_NAME}[^\S\n]*(?:敬上|敬启|上|书|按手印|[(（]?签[字名章][)）]?)?[^\S\n]*$"
)
# Who signed, one behind the other.
_LISTED = late.compile(r"(?:签[字名]|名单|代表|联名|参加人|成员)[^\n:]{0,8}:([^\n]+)")
_BETWEEN = late.compile(r"[、,;\s]+")
_WHOLE_NAME = late.compile(f"{_SURNAME}[㐀-鿿]{{1,2}}")
_ACCOUNT = late.compile(r"(?=[a-z0-9_-]*[a-z])(?=[a-z0-9_-]*\d)[a-z0-9_-]{6,}")


def names_in(text: str) -> set[str]:
    """The people that a letter names, in folded letters."""
    plain = fold(text)
    found = {
        name
        for one in (_INTRODUCED, _WITH_NUMBER, _BEHIND_TITLE, _SIGNED)
        for name in one.findall(plain)
    }
    found |= {
        name
        for listed in _LISTED.findall(plain)
        for name in _BETWEEN.split(listed)
        if _WHOLE_NAME.fullmatch(name)
    }
    return {name for name in found if not _NO_NAME.search(name)}


def accounts_in(text: str) -> set[str]:
    """Runs of letters and digits that may be somebody's account, in folded letters."""
    return set(_ACCOUNT.findall(fold(text)))
