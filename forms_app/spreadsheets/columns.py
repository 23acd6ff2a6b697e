"""What an issue can take from a stranger's spreadsheet, and what the columns are called there.

Standard library only: the process that reads a file knows it too.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from forms_app.rules.folding import fold, without_brackets

BETWEEN = "·"  # a group of columns and the column within it, in one heading
TICKS, CROSSES, BOXES = frozenset("√✓✔☑✅■"), frozenset("×✗✘❌"), frozenset("□☐○")
YES = frozenset(("是", "已", "y", "yes", "true")) | TICKS
NO = frozenset(("否", "未", "n", "no", "false")) | CROSSES


class Column(Struct, frozen=True):
    """What an issue can take from a column, and the headings that mean it.

    A heading that must be met exactly stands with "="; the end of any with "*", a pattern within
    one with "~"; the others may be part of a longer one. Those in English are Open311's, and the
    names that columns have in databases.
    What `never` finds in a heading says that it means something else.
    """

    label: str
    headings: tuple[str, ...]
    required: bool = False
    never: str = ""
    once_for_all: bool = False  # required, but may be said for all rows where there is no column


# What somebody does who has a problem, and what is done with it when it comes in; the sooner of two
# that a sheet has stands first.
_THEY = (
    "来电", "反映", "发言", "来信", "写信", "留言", "递交", "诉求", "投诉", "信访", "来访", "报修",
    "报事", "报案", "举报", "求助", "咨询", "提出", "接龙", "发送", "上传",
)  # fmt: skip
_CAME_IN = (
    "收集", "收到", "收信", "收件", "收文", "受理", "来电", "登记", "反映", "上报", "提交", "创建",
    *_THEY[2:], "接访", "接收", "接件", "来件", "发生", "发现", "采集", "巡查", "发起", "接听",
    "走访", "接报", "立案", "派单", "交办", "转办", "填报", "接待", "视察", "检查", "排查", "入户",
)  # fmt: skip
_OVER = (
    "办结", "解决", "完成", "销号", "结案", "归档", "整改", "修复", "化解", "处理", "处置", "办理",
    "闭环", "息访", "息诉",
)  # fmt: skip
_OVER_ALONE = ("办结", "解决", "完成", "销号", "结案", "归档", "闭环")  # over a column of ticks
_DONE_IN_DATABASES = (
    "report",
    "submit",
    "receive",
    "received",
    "accept",
    "call",
    "register",
    "apply",
    "create",
    "created",
    "add",
    "publish",
    "gmtcreate",
    "insert",
)
# Whoever of the office enters what others tell.
_WRITES_DOWN = (
    "登记人|上报[人员单]|填报|填表|录入|记录|采集|巡查|走访人|接待(?!选民|群众|居民|对象|的)"
)
DEADLINE = "要求|应|截止|截至|期限|时限|限时|预计|计划|承诺|拟|到期|超期|逾期|超时"

COLUMNS: Mapping[str, Column] = {
    "description": Column(
        "问题描述",
        ("问题标题与描述", "问题描述", "诉求内容", "工单内容", "反映内容", "问题内容", "主要内容",
         "消息内容", "事件描述", "具体问题", "诉求描述", "反映问题", "投诉件内容", "投诉内容",
         "留言详情", "留言内容", "诉求详情", "工单详情", "问题详情", "事件简述", "事件内容",
         "反映事项", "反映情况", "详细情况", "具体情况", "反映的问题", "事项内容", "情况描述",
         "情况简述", "诉求事项",
         "群众诉求", "居民诉求", "来电内容", "来信内容", "信访内容", "受理内容", "建议内容",
         "意见建议", "发现问题", "发现的问题", "存在的问题",
         "案件描述", "工单描述", "问题简述", "隐患描述", "问题及诉求", "存在问题", "=消息",
         "~^.{0,6}(?:啥|什么|何)事.{0,4}$", "内容", "详情", "描述", "简述",
         "=问题", "=诉求", "=事项", "=情况", "=正文", "=description", "=content",
         "*问题", "*困难", "*诉求", "*事项", "*意见", "*概要",
         "*摘要", "*事由"),
        required=True,
        never="字数|情绪|得分|分值|评分|数量|条数|次数|长度|编号|时间|日期|类$|分类|类别|类型|等级|级别|"
              "状态|答复|回复|反馈(?!的?(?:问题|诉求|事项))|处理|处置|办理|办结|结果|电话|地址|地点|部门|单位|是否|回访|标签|来源|渠道"
              "|领导|批示|拟办|审核|审批|满意",
    ),
    "received_at": Column(
        "收到时间",
        (*(f"{came_in}{when}" for came_in in _CAME_IN for when in ("时间", "日期")),
         f"~(?:{'|'.join(_CAME_IN)}).{{0,4}}(?:时间|日期)$",
         "~^.{0,6}(?:哪一?天|什么时[候间]|几号).{0,4}$", "=时间", "=日期",
         "=日子", "=日", "=年月日", "=requesteddatetime",
         *(f"={done}{when}" for done in _DONE_IN_DATABASES for when in ("time", "date", "at")),
         "=time", "=date"),
        required=True,
        never=f"{DEADLINE}|办结|完成|办理|处理|解决|答复|回复|反馈|回访|评价|满意|销号|更新|修改|打印|导出",
        once_for_all=True,
    ),
    # Beside a day in a column of its own: 日期, 时间.
    "clock": Column("几点几分", ("=几点", "=几点几分", "=时分", "*时刻", "*钟点")),
    "title": Column(
        "标题",
        ("=title", "诉求标题", "工单标题", "问题标题", "留言主题", "留言标题", "事件标题",
         "案件标题", "工单主题", "诉求主题", "信件标题", "信件主题", "=标题", "=主题", "*题目"),
        never="字数|情绪|长度|编号",
    ),
    "number": Column(
        "来源编号",
        ("问题编号", "工单编号", "工单号", "受理编号", "受理单号", "诉求编号", "来源编号",
         "留言编号", "事件编号", "案件编号", "案件号", "投诉编号", "登记编号", "受理号", "流水号",
         "事项编号", "信访编号", "事件编码", "案件编码", "任务编号", "建议编号", "信件号",
         "审批编号", "=编号", "=单号", "=业务编号", "=servicerequestid", "=id", "=orderno",
         "=code", "*件编号", "*编号", "*编码", "*单号", "*id"),
        never="用户|user|openid|微信|电话|手机|证|网格|单位|部门|人|社区|小区|楼|房|户|灯|杆|设[备施]|部件|车|附件",
    ),
    "community": Column(
        "社区",
        ("所属社区", "所在社区", "承办社区", "社区/网格", "社区名称", "属地社区", "=社区", "=村居",
         "=communityname", "=村/社区", "*社区"),
        never="是否",
    ),
    "estate": Column(
        "小区",
        ("所属小区", "所在小区", "小区名称", "小区点位", "=小区", "=院落", "=所属院落", "*小区"),
        never="是否",
    ),
    "location": Column(
        "具体位置",
        ("事发地址", "问题地址", "详细地址", "事发地点", "具体位置", "具体地址", "问题地点",
         "事件地址", "事件地点", "诉求地址", "地址描述", "位置描述", "小区点位",
         "楼栋", "房号", "=地址", "=地点", "=位置", "=住址",
         "=点位", "=address", "=location", "=place", "~^.{0,6}(?:哪[里儿]|住哪|什么地方).{0,4}$",
         "*位置", "*地点", "*地址", "*点位", "*住址", "*部位", "*路段"),
        never="定位|经度|纬度|IP|网址|户籍|身份",
    ),
    "category": Column(
        "类别",
        ("问题分类", "问题类别", "问题类型", "诉求类型", "诉求分类", "业务类别", "事项类别",
         "事件类型", "事件类别", "诉求类别", "哪一类", "哪类", "=类别",
         "=分类", "=类型", "=servicename", "=category", "=typename",
         "*小类", "*二级分类", "*分类", "*类别", "*类型", "*大类", "*归类", "*归口"),
        never="人|户|房|证|身份|对象|车|单位|来源|时间|消息",
    ),
    "nature": Column("性质", ("诉求性质", "问题性质", "事项性质", "=性质")),
    "channel": Column(
        "渠道",
        ("收集渠道", "来源渠道", "受理渠道", "诉求来源", "问题来源",
         *(f"{came_in}{way}" for came_in in _CAME_IN for way in ("渠道", "方式", "形式", "途径")),
         "=渠道", "=来源", "=方式", "=source", "*来源", "*渠道", "*途径"),
        never="资金|经费|编号|解决|办理|处理|反馈|回复",
    ),
    "reporter_name": Column(
        "称呼",
        ("反映人", *(f"{they_do}人" for they_do in _THEY), "联系人", "诉求者", "反映者", "怎么称呼",
         "受访人", "居民姓名", "选民", "来访者",
         "~^.{0,4}谁.{0,6}$", "=居民", "=姓名", "=昵称", "=称呼",
         "*姓名", "*称呼", "*昵称", "*提交者", "*提交人", "*发送人", "*发送者",
         "=linkman", "=contact", "=username"),
        never=f"{_WRITES_DOWN}|代表|委员|被|发起|电话|手机|号码|方式|地址|时间|数|类|是否|反馈|意见|承办|经办|负责|网格员|干部|工作人员"
              "|谁.*(?:办|处[理置]|管|修|接|记)|[给向由归找].{0,2}谁|(?:投诉|举报|反映|信访|检查|整改|处罚)的?(?:对象|单位)",
    ),
    "reporter_phone": Column(
        "电话",
        ("联系方式", "联系办法", "联系电话", "来电号码", "反映人电话", "手机号", "诉求人电话",
         "=电话", "=手机", "=phone", "=mobile", "=tel", "*电话", "*手机", "*号码"),
        never=f"{_WRITES_DOWN}|承办|经办|[办处受]理人|单位|部门|负责|网格|物业|热线|值班|接线|备用|被|对方|对象|紧急|"
              "证|车|房|门牌|工单|编号|定位|是否",
    ),
    "state": Column(
        "办理状态",
        # Yes or no says more than a column of words.
        (*(f"是否{already}{over}" for over in _OVER for already in ("", "已", "已经")),
         "办理状态", "工单状态", "处理状态", "办理情况", "处理情况", "办结情况", "办结状态",
         "处置情况", "完成情况", "化解情况",
         *(f"={already}{over}" for over in _OVER_ALONE for already in ("", "已", "已经")),
         "解决情况", "整改情况", "落实情况", "办理进度", "处理进度", "当前状态", "=状态",
         "办理结果", "处理结果", "处置结果", "进展情况", "=结果", "=办理", "=处理", "=处置",
         "=status", "*状态", "*环节", "*节点",
         "*进展", "*进度", "=statusname", "=state",
         f"~(?:是否|有没有|有无).*(?:{'|'.join(_OVER)})",
         f"~(?:{'|'.join(_OVER)})(?:与否|.{{0,2}}[打画][勾√]?$)",
         "~(?:办|处|解决|完成|整改|落实|化解|销|跟进|维修|协调|调解|答复|采纳).{0,4}(?:情[况形]|结果|状态|进度|进展|过程)",
         "~(?:后来|现在|目前|结果|办得|修得).{0,4}(?:怎么?样|如何|咋样)",
         "*没有", "*了没", "*好没", "*完没", "*了吗", "*好吗"),
        never=f"{DEADLINE}|按时|按期|审核|审批|居住|婚姻|健康|在线|催办|督办|回访|评价|签收|推送|同步|支付",
    ),
    "finished_at": Column(
        "办结时间",
        ("办结时间", "结案时间", "完成时间", "办结日期", "销号时间", "完成日期", "结案日期",
         "实际完成", "实际办结", "解决时间", "解决日期",
         "~^(?:办|完|竣|结|销|修|归|整改|修复|化解|调[处解结]|闭环)[^人员]{0,2}(?:时间|日期)$",
         # A column of ticks is a state; of days it says when.
         *(f"={over}" for over in _OVER_ALONE),
         *(f"={over}{when}" for over in ("finish", "finished", "close", "closed", "complete", "end")
           for when in ("time", "date", "at"))),
        never=f"{DEADLINE}|修改|更新|编辑|保存|打印|导出|最后|上次|回访|评价|答题|填写|问卷",
    ),
}  # fmt: skip
NOTED = "批注"  # a column of ours: what was fixed to the cells of a row
COLOURED = "行的颜色"  # another one: what the rows are painted in
STRUCK = "整行划了删除线"  # what stands there of a row that somebody struck through
NUMBERING = re.compile("序号?")
KNOWN_WORDS = frozenset(
    known.lstrip("=*~") for column in COLUMNS.values() for known in column.headings
)
REQUIRED = frozenset(name for name, column in COLUMNS.items() if column.required)
DEADLINE_OF = re.compile("时间|日期|时限|期限|办结|完成|答复")
LIKE_A_DESCRIPTION = re.compile("内容|描述|详情|诉求|问题|标题")
NO_DESCRIPTION = re.compile(
    f"{COLUMNS['description'].never}|意见|备注|{NOTED}|人(?:$|员|姓名)|(?:社区|小区)(?:名称)?$"
)
# Without a heading that says so, a column of short words or of such names tells who somebody is.
ABOUT_SOMEBODY = re.compile("(?:人|者|对象|住户|户主|业主|用户|群众|客户|网友|昵称|名字)$")
PERSONAL = re.compile(
    "姓名|称呼|昵称|反映人|诉求人|来电人|投诉人|发言人|留言人|联系人|居民|电话|手机|来电号码|联系方式|身份证|证件|微信|QQ|邮箱|(?<![A-Z])IP(?![A-Z])",
    re.IGNORECASE,
)
STAFF = re.compile(
    "承办|经办|办理|处理|受理|负责|责任|接线|接听|接待|审核|填表|填报|登记人|记录|录入|走访人|采集|巡查|回访|"
    "跟进|派[单工]|接单|验收|复[查核]|核[查实]|督办|转办|主办|协办|牵头|分管|干部|网格员|检查|维修人|施工|签|坐席|领衔|被|时间|日期|内容|意见|类"
)
# One column for both: 反映人及电话, 联系人（电话）.
NAME_AND_PHONE = re.compile(
    "(?:人|姓名|称呼|业主|住户|户主|居民|家长|群众)[及和与、/+ （(·].*(?:电话|手机|号码|方式)"
)
# What programs write where nobody wrote anything.
NO_VALUES = frozenset((
    "(空)", "（空）", "(跳过)", "（跳过）", "NULL", "null", "None", "nan", "NaN", "N/A",
    "undefined",
))  # fmt: skip
PARTS_OF_A_DAY = ("年", "月", "日")  # in columns of their own
# What the name of an estate ends in.
SORTS = "小区|花苑|花园|家园|家苑|新村|新苑|新城|公寓|宿舍|家属院|家属区|大院"
# What stands in the name of a channel of ours → how offices call such a way.
_WHO = "(?:居民|群众|市民|业主|住户|本人|社区)?"
_DID = (
    "(?:反映|咨询|投诉|登记|接听|受理|上报|报告|发现|巡查|走访|交办|收集|采集|提交"
    "|报修|求助|诉求|件)?"
)
_WAYS = (
    ("12345", "12345|政务(?:服务)?热线|市民热线|市长热线"),
    ("电话", "来电|致电|打?电话|座机|值班电话"),
    ("窗口", "来访|到访|上门|窗口|前台|大厅|当面|接待"),
    ("网格", "网格|网格长|网格化|专职网格员"),
    ("网上", "网上|网络|线上|小程序|公众号|网站"),
    ("来信", "来信|来函|书信|信件|写信|手写信|邮寄|[群人]众?民?来信|联名信|信访件"),
    ("楼宇长", "楼长|楼栋长|楼道长|单元长|栋长"),
)
WAYS: Mapping[str, str] = {ours: "".join((_WHO, "(?:", words, ")", _DID)) for ours, words in _WAYS}
_BLANKS = re.compile(r"[\s*＊:：?√✓✔☑□]+")
_CALLED = "名称"  # 小类名称
_ASKS = 4  # letters; 您住的小区是
_NUMBERED = re.compile(r"^\d{1,2}[.、)]\s*")  # the questions of a form that was filled in online


def heading(text: str) -> str:
    """A heading as it is compared: folded, without blanks, stars, numbering, question marks and
    what stands in brackets."""
    bare = without_brackets(fold(text), round_ones=False)
    words = _BLANKS.sub("", _NUMBERED.sub("", bare))
    words = words.replace("_", "") if words.isascii() else words
    return words.removesuffix("是") if len(words) > _ASKS else words


def headers_hash(headers: Sequence[str]) -> str:
    """The same for every file with the same headings in the same order."""
    return hashlib.sha256("\n".join(map(heading, headers)).encode()).hexdigest()


def fit(head: str, column: Column, *, by_end: bool = False) -> int:
    """How well a heading fits; 0 is not at all. Of a group's column, its own name counts.

    By its end only where it is known to be a heading: 金桂社区 is what stands below one.
    """
    if not head or (column.never and re.search(column.never, head)):
        return 0
    own = head.rpartition(BETWEEN)[2]
    return _fit_words(own, column) or (_fit_end(own, column) if by_end else 0)


def _fit_end(head: str, column: Column) -> int:
    ends = [known for known in column.headings if known[0] in "*~"]
    head = head.removesuffix(_CALLED)
    return max(
        (len(ends) - n for n, end in enumerate(ends)
         if (head.endswith(end[1:]) if end[0] == "*" else re.search(end[1:], head))), default=0,
    )  # fmt: skip


def _fit_words(head: str, column: Column) -> int:
    best = 0
    for place, known in enumerate(column.headings):
        if known.startswith("="):
            best = max(best, 5000 if head == known[1:] else 0)
        elif known[0] in "*~":
            continue
        elif head == known:
            best = max(best, 10_000 - place)
        elif known in head:
            # Of two that hold the word, the shorter heading says less beside it.
            best = max(best, 4000 - 100 * min(len(head) - len(known), 30) - place)
    return best
