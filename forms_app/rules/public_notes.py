"""What may be told in public of a closed issue, and what of a resident must never stand in it.

Whoever drafts has the resident's letter before their eyes: what was taken from it is refused, not
searched for by whoever reviews. PURE.
"""

from collections.abc import Iterable
from enum import StrEnum

from forms_app.rules import late
from forms_app.rules.folding import fold, number_in_digits
from forms_app.rules.said import said
from forms_app.rules.told_names import COMPOUND_SURNAMES, accounts_in, is_word_like, names_in

TOLD_LETTERS = 200
# Shorter runs are what things are called: 楼道灯不亮.
COPIED_LETTERS = 9
# What an entry is about that tells of a note.
FIELD = "public_note"

_NOT_WORDS = late.compile(r"[\W_]+")
# All below is looked for in folded text, its numerals as digits.
# Days, times and sums of money, which are long numbers, too.
_NO_NUMBER = late.compile(
    r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}|\d{1,2}:\d\d"
    r"|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?\s*万?元"
)
_DASH = r"\s\-_.·\u2010-\u2015\u2212\u2500\u30fc"
_LONG_NUMBER = late.compile(
    rf"\d(?:[{_DASH}()]{{0,2}}\d){{6,}}|1[3-9]\d\W{{0,3}}\d{{4}}\W{{0,3}}\d{{4}}"
    r"|(?:身份证|银行卡|卡)(?:尾号|号码?)[:是为\s]{0,2}\d{3,}"
)
_BLANK = late.compile(r"\s+")
_ADDRESS = late.compile("[a-z0-9_-]@[a-z0-9]")
# Folded: 赣B·12345, and what a friend is added by, however its name is written.
_PLATE = late.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-z][·•.\s-]?(?=[a-z]*[0-9])"
    r"[a-z0-9]{4,6}"
    r"|车牌(?:尾号|号码?)?[:\s]*(?:是|为)?[^\W\d_a-z]{0,2}(?=[a-z]*[0-9])[a-z0-9]{4,6}"
)
_ACCOUNT = late.compile(
    r"(?:[微薇威徽v]信|加[微v]|wechat|[vw]x|qq|扣扣|抖音|快手)号?码?[:\s]*+(?:是|为)?[:\s]*+"
    r"[a-z0-9][a-z0-9_-]{4,}|wxid_"
)
_SURNAME = late.compile(
    f"{COMPOUND_SURNAMES}|(?<!由)于|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万"
    "段雷钱汤尹黎易贺赖龚文]"
)
# Where a person begins: at the beginning of a clause, or behind who or whom.
_BEFORE = late.compile(
    r"^|(?<=[^\w])|(?<=[和与跟给请找由向对是为的叫让帮替把被经同])"
    "|(?<=居民|业主|住户|户主|物业|社区|邻居|楼长|家住|感谢|谢谢|租户|租客|车主|店主|房东|房主|司机|商户|老人|党员|代表)"
    "|(?<=[工长员])|(?<=反映人|投诉人|当事人|联系人|志愿者|负责人)"
)
# Whoever somebody is, and then a name.
_ROLE = late.compile(
    "(?:反映人|投诉人|当事人|联系人|负责人|报修人|经办人|租户|租客|住户|户主|业主|居民|车主|店主|房东|房主|老人|老党员|家长|司机"
    "|网格员|志愿者|楼长|楼栋长|组长|队员|邻居|村民|市民)"
).pattern
# Pairs that stand in names of the minorities, written by their sound, and in hardly a word.
_BY_SOUND = late.compile(
    "古丽|古力|木拉提|迪力|买提|麦提|阿依|艾力|艾山|吐尔|图尔逊|热依|热巴|迪丽|依汗|努尔|肉孜|阿卜|阿布都|玉素|帕提|尼亚孜|巴特尔|斯琴|其木格|乌云"
    "|高娃|那仁|卓玛|次仁|扎西|旦增|丹增|央金|格桑|拉姆|多吉|达瓦|桑吉|(?<=[㐀-鿿])木江"
)
_TITLE = late.compile(
    "大[爷妈娘叔姐哥嫂伯]|奶奶|爷爷|阿[姨婆公伯]|叔叔|婆婆|老[伯师太]|伯伯|先生|女士|小姐|师傅|主任|书记|[局科所站校队院]长"
    "|经理|医生|护士|警官|同志"
)
_PERSON = late.compile(
    rf"(?:{_BEFORE.pattern})(?:{_SURNAME.pattern})[^\W\da-z_]{{0,2}}(?:{_TITLE.pattern})"
    rf"|(?:{_BEFORE.pattern})(?!文化|高[中层校新]|金[融桂]|白天)(?:{_SURNAME.pattern})[^\W\da-z_]{{1,2}}"
    "(?:老人|老两口|夫妇|夫妻|一家|家里)?(?:反映|投诉|举报|来电|提[出的议])"
    # 小陈, 张工: only where that is all of it, and not 小高层.
    rf"|(?:{_BEFORE.pattern})(?:[小老](?:{_SURNAME.pattern})|(?:{_SURNAME.pattern})[工总姐哥叔婶嫂])"
    rf"(?=\W|$|{_TITLE.pattern}|[和来去帮把给说送到已看修查称住的头带复验回商联沟]|家(?![巷湾村庄祠坪坝院店山桥坊])|上门|入户|反映|表示|满意|夫妇|夫妻|两口)"
    rf"|(?<!百)姓(?:{_SURNAME.pattern})(?=的|\W|$)"
    rf"|(?:我叫|名叫|姓名|联系人)[:是为\s]*(?:{_SURNAME.pattern})[^\W\da-z_]{{1,2}}"
)
# 住户张伟（男，45岁）, 反映人黄晓明对结果满意; 男 and a number tell a person behind any name.
_NAMED = late.compile(
    rf"{_ROLE}({_SURNAME.pattern})([㐀-鿿]{{1,2}}?)(?=\W|$|[对家已说称和的也到将]|表示|反映|投诉|满意|同意)"
    rf"|(?<![㐀-鿿])({_SURNAME.pattern})([㐀-鿿]{{1,2}})\s*\((?:男|女|\d+岁)"
)
_DOOR = late.compile(
    r"[0-9十百]+\s*(?:号楼|栋|幢|座|单元|室|号房|户室|楼道)|\d+\s*-\s*\d+|\d号\s*\d{3,4}(?!\d)"
    r"|\d\s*#|[a-z]\s*[座栋幢]"
)
_HAS_ACCOUNT = "里面像有车牌，或者微信号、QQ号，请删掉。"
_HAS_NAME = "里面像有人的姓名或称呼，请删掉：可以写居民、工作人员。"


class NoteEnd(StrEnum):
    """Why a note is not to be read any more, or never was."""

    RESIDENT = "resident"
    OFFICE = "office"
    REOPENED = "reopened"


def crossing(told: str, contacts: Iterable[str], written: Iterable[str]) -> str:
    """Why these words must not be published; "" where they may be.

    `contacts` are a resident's name, phone and e-mail, `written` whatever residents wrote.
    """
    plain = fold(told)
    numbered = _NO_NUMBER.sub("，", number_in_digits(plain))
    tight = _BLANK.sub("", numbered)
    if _LONG_NUMBER.search(numbered) or _ADDRESS.search(tight):
        return "里面像有电话、证件号或邮箱，请删掉。"
    if _PLATE.search(tight) or _ACCOUNT.search(tight):
        return _HAS_ACCOUNT
    if _DOOR.search(numbered):
        return "里面有楼栋、单元或门牌，请删掉：公示只写到小区。"
    if _PERSON.search(plain) or _BY_SOUND.search(plain) or _names_somebody(plain):
        return _HAS_NAME
    said_there = _words(told)
    for contact in contacts:
        if len(_words(contact)) > 1 and _words(contact) in said_there:
            return "里面有反映人留下的称呼或联系方式，请删掉。"
    for text in written:
        if any(name in said_there for name in names_in(text)):
            return _HAS_NAME
        if not accounts_in(text).isdisjoint(accounts_in(told)):
            return _HAS_ACCOUNT
        copied = _copied(said_there, _words(text))
        if copied:
            return said("“%(words)s”和反映人写的一样，请换成社区自己的话。", words=copied)
    return ""


def _names_somebody(plain: str) -> bool:
    found = ("".join(part or "" for part in one.groups()) for one in _NAMED.finditer(plain))
    return any(not is_word_like(name) for name in found)


def _words(text: str) -> str:
    return _NOT_WORDS.sub("", fold(text))


def _copied(told: str, written: str) -> str:
    """The first stretch of so many letters, or more, that stands in both; "" where none does."""
    for start in range(len(told) - COPIED_LETTERS + 1):
        end = start + COPIED_LETTERS
        if told[start:end] in written:
            while end < len(told) and told[start : end + 1] in written:
                end += 1
            return told[start:end]
    return ""
