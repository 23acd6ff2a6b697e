"""Whom a letter names: by how people introduce themselves, sign, and write a telephone behind a
name.

PURE. No list of names: what is no name here is hardly ever in a note as well.
"""

import re

from forms_app.rules import late
from forms_app.rules.folding import fold

# Of two characters. 东方红 names nobody.
COMPOUND_SURNAMES = (
    "欧阳|上官|司马|诸葛|夏侯|皇甫|令狐|尉迟|长孙|慕容|宇文|司徒|端木|东方(?!红)"
    "|申屠|公孙|南宫|独孤|澹台|呼延|闻人"
)
# Without surnames that begin common words: 单位, 和住户, 原因.
_SHORT_SURNAME = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛祝左涂谷祁舒耿牟卜肖詹关苗凌费纪靳盛童欧甄曲游阳裴席查屈鲍"
    "位覃霍翁隋植甘景薄包司柏宁柯阮桂闵柴华冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅嵺苟褚廉简娄盖符奚木穆燕郎邸冀谈姬"
    "屠郜晏栾郁蒙喻揭窦迟宇糜鄢卓仇艾蓝巩稽井练仲虞卞封竺冼楚佟栗匡巫鞠桑荆谌岑习胥蔺]"
)
_SURNAME = f"(?:{COMPOUND_SURNAMES}|{_SHORT_SURNAME})"
# What begins as a name does and is none: words by their first character, behind it all that follow.
_WORDS = (
    "万元一分幸 严重格禁 于是 任务何 何时况必 余款额下地 关于 包装括月 华丽侨 古树井 史上 叶子 "
    "同志 周末围 夏天季 安全装置排心静 常务年 康复乐 张贴 戴上 成年立功 文明化件字书 "
    "方面案法便向式 施工 易燃滑堵 时间 曾经 杜绝 林荫木带 柳树 柴火油 梅雨 武警 段时 毛病坯毯 "
    "汤水锅 汪汪洋 江边西苏堤水 洪水 温度馨暖水 牛奶皮 田地里 白天色 石头材板料墩凳 "
    "祝好您愿福贺 程序度 花坛 范围 谢谢 谭家 车辆 邻居 金桂额属 钟头点 钱款物财 阳台 陶瓷 "
    "凌晨 黎明 雷电雨雪 孙女子 顾客 马路上桶达 高层中兴度铁血楼峰低空温压 黄色线昏 龙头卷灯"
)
# A place or an office with a telephone is nobody, and so is whoever is only called by a title.
_NO_NAME = late.compile(
    "[局所站部办路区院店馆岭街村校楼号话机信群室园]$|手机|电话"
    "|师傅|先生|女士|阿姨|大[爷妈姐哥]|奶奶|爷爷|主任|书记|老师|"
    + "|".join(f"{word[0]}[{word[1:]}]" for word in _WORDS.split())
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
    "(?:我(?:爸|妈|爷爷|奶奶|父亲|母亲|弟弟|妹妹|哥哥|姐姐)|老伴儿?|丈夫|妻子|爱人|儿子|女儿|老公|老婆|孙子|孙女|外孙女?|女婿|儿媳妇?|孩子|崽)"
    rf"叫?({_SURNAME}(?:[㐀-鿿](?=[他她\W]|$)|[㐀-鿿]{{2}}))"
)
# 我姓沈，沈静仪；我是机械厂宿舍的廖冬生啊
_SELF = late.compile(
    rf"(?:我|复)姓{_SURNAME}[,，\s]{{0,2}}(?:名?叫)?{_NAME}(?=\W|$|我)"
    rf"|我是[^\n,。;!?]{{2,24}}(?:的|,){_NAME}(?=[\W啊呀哦]|$)"
    rf"|(?:\d{{3,4}}|[楼栋])的{_NAME}(?=[\W啊呀哦]|$|[㐀-鿿][阿大][婆爷妈姨])"
)
# 我叫孙敏从礼拜天…: told without a mark, so that where the name ends is not told, either.
_WITHOUT_END = late.compile(rf"我叫(({_SURNAME}[㐀-鿿])[㐀-鿿]?)(?=[㐀-鿿]{{12}})")
# 楼下的老罗还帮过我, 物业的小谭说, 前任的李叔; 菊姨, alone on its line.
_CALLED = late.compile(
    rf"(?<=[的叫喊我给找问和跟与是,。、;:：!?\s\d])([老小]{_SURNAME}|{_SURNAME}(?:[叔姨婶嫂哥姐]|老师|医生|经理))"
    r"(?=[他她我也还就说讲来去在过帮住听给都是家和跟与,。、;:：!?\s]|$)"
    r"|(?m:^[^\S\n]*(?:[^\n]{0,24}[\d\]\s-])?([㐀-鿿]{1,2}[姨叔婶嫂哥姐妹])[^\S\n]*(?:$|:))"
)
_BEHIND_TITLE = late.compile(
    rf"(?:委员|主任|经理|楼长|代表|组长|会计|院长|校长|队长|老板|房东|司机|车主){_NAME}(?=[(\d:,。、;说讲称]|$)"
    # 楼上1603陈志强家; 大名李桂珍
    rf"|\d{{3,4}}(?:室|号|的|住户)?{_NAME}(?=家|他家|她家|,|。|[把在])|(?:大名|真名|名字[叫是]|户主){_NAME}(?=\W|$)"
)
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
_RUN = late.compile(r"[a-z0-9_-]{5,}")  # a plate without its province has five
_BLANKS = late.compile(r"[^\S\n]{2,}")


def names_in(text: str) -> set[str]:
    """The people that a letter names, in folded letters."""
    plain = _BLANKS.sub(" ", fold(text))  # thousands of them are looked at once
    found = {
        name
        for one in (_INTRODUCED, _OF_THE_FAMILY, _WITH_NUMBER, _SIGNED)
        for name in one.findall(plain)
    }
    found |= {
        name
        for listed in _LISTED.findall(plain)
        for name in _BETWEEN.split(listed)
        if _WHOLE_NAME.fullmatch(name)
    }
    found |= {
        name
        for one in (_SELF, _WITHOUT_END, _BEHIND_TITLE)
        for names in one.findall(plain)
        for name in names
    }
    found = {name for name in found if name and not is_word_like(name)}
    found |= {one[1] or one[2] for one in _CALLED.finditer(plain)}
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
