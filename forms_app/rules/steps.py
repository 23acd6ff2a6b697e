"""The words of the procedure: steps, roles, parts and grades, each with what people call it."""

from datetime import timedelta
from enum import StrEnum

from msgspec import Struct


class Step(StrEnum):
    COLLECTED = "collected"
    CLASSIFIED = "classified"
    RESPONDING = "responding"
    HANDLING = "handling"
    REPORTED = "reported"
    EVALUATING = "evaluating"
    CLOSED = "closed"
    SHELVED = "shelved"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    SET_ASIDE = "set_aside"


class Role(StrEnum):
    """What an account is; a resident has none (a ticket is the key), nor has the system."""

    RESIDENT = "resident"
    COLLECTOR = "collector"
    WORKER = "worker"
    COMMUNITY_LEADER = "community_leader"
    RESPONDER = "responder"
    SUBDISTRICT_LEADER = "street_leader"
    DISTRICT_OFFICE = "district_office"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    EDITOR = "editor"  # writes what the site says, and sees no issue
    SYSTEM = "system"  # does what no person did in time


class Part(StrEnum):
    """What somebody is in one issue's present round, whatever their role."""

    CALLER = "caller"
    PARTY = "party"
    LEAD = "lead"
    ASSIST = "assist"
    # A caller writes down what a unit says of which nobody has an account: as one that was called,
    # or as the one that leads.
    PARTY_RECORDER = "party_recorder"
    LEAD_RECORDER = "lead_recorder"
    # A unit that leads or assists, and who writes down what one says without an account.
    TASKED = "tasked"
    TASK_RECORDER = "task_recorder"
    # The district office, where a major issue was referred up to it or taken up by it: caller
    # beside the sub-district for the rest of the round.
    DISTRICT = "district"
    REPORTER = "reporter"
    JOINER = "joiner"
    # Who leads where the office itself handed an incident's main issue in, while nobody follows it.
    OFFICE = "office"


class StepFacts(Struct, frozen=True):
    label: str
    waits_for: str
    resident_label: str


STEPS: dict[Step, StepFacts] = {
    Step.COLLECTED: StepFacts("已收集", "初步处理意见和分类定级", "收到了"),
    Step.CLASSIFIED: StepFacts("已分类", "交办社区干部（C类）或发出号召（B类、A类）", "分派了"),
    Step.RESPONDING: StepFacts("响应中", "被号召单位响应，联合制定方案", "几家商量"),
    Step.HANDLING: StepFacts("办理中", "主办单位按方案办完", "正在办"),
    Step.REPORTED: StepFacts("待反馈", "号召人把办理结果反馈给反映人", "有结果了，正在核对"),
    Step.EVALUATING: StepFacts("待评价", "反映人评价", "等您评"),
    Step.CLOSED: StepFacts("已销号", "反映人已满意，办理结束", "您满意了，办完了"),
    Step.SHELVED: StepFacts("待联系", "暂时联系不上反映人，随时可以补评", "没找到您，先放着"),
    Step.TRANSFERRED: StepFacts("已转办", "已告知反映人主管部门和理由", "归别的部门管，转过去了"),
    Step.MERGED: StepFacts("已并入", "随并入的问题一同办理", "和邻居说的一起办"),
    Step.WITHDRAWN: StepFacts("已撤回", "反映人已撤回", "您撤回了"),
    Step.SET_ASIDE: StepFacts(
        "已暂放", "短时间大量涌来，暂放一边；反映人说是真的，就接着办", "先放在一边"
    ),
}

# Graded, and the result that its resident was promised has not been told yet.
BEFORE_RESULT = (Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING)

# The resident has nothing to judge yet.
BEFORE_VERDICT = (Step.COLLECTED, *BEFORE_RESULT, Step.REPORTED)

# Still owed something: the resident has neither been satisfied nor stepped back.
OPEN_STEPS = (*BEFORE_VERDICT, Step.EVALUATING, Step.SHELVED)
# Of a merged issue, too, the resident is still owed a verdict.
OPEN_OR_MERGED = (*OPEN_STEPS, Step.MERGED)

# Nothing more is told of what has come to an end.
ENDED = (Step.CLOSED, Step.WITHDRAWN, Step.TRANSFERRED)

# Where an issue may be that is looked at again: not where it was taken back, or never graded.
UNDER_REVIEW = tuple(step for step in Step if step not in (Step.WITHDRAWN, Step.SET_ASIDE))

SEVERITY_CLASSES: dict[str, str] = {"C": "一般问题", "B": "较为复杂的问题", "A": "重大问题"}
URGENCIES: dict[int, str] = {
    1: "一级：即刻办理，最多两天",
    2: "二级：一周内",
    3: "三级：可在一周以上",
}
# In a table or a list, by the number as text.
URGENCY_NAMES: dict[str, str] = {"1": "一级", "2": "二级", "3": "三级"}
# The same as a neighbour says it: how soon something is done, and by whom.
HOW_SOON: dict[int, str] = {1: "按急事办", 2: "一周内办", 3: "要多花些日子"}
WHO_HANDLES: dict[str, str] = {
    "C": "社区直接处理",
    "B": "社区请几家单位一起处理",
    "A": "街道请区里的部门一起处理",
}
# How long the called have to answer, by urgency, until the caller says otherwise.
REPLY_WITHIN = {1: timedelta(minutes=30), 2: timedelta(hours=4), 3: timedelta(days=1)}
NEXT_CLASS = {"C": "B", "B": "A"}

SATISFACTION: dict[int, str] = {
    5: "非常满意",
    4: "满意",
    3: "基本满意",
    2: "不满意",
    1: "非常不满意",
}

# What somebody wants of the office; said by staff, for a resident need not know the words.
INQUIRY, TIP_OFF = "inquiry", "tip_off"
NATURES: dict[str, str] = {
    INQUIRY: "咨询",
    "help": "求助",
    "complaint": "投诉",
    TIP_OFF: "举报",
    "suggestion": "建议",
}

# What a service's page leads on to, and the nature of what comes in by it.
SERVICE_WAYS: dict[str, str] = {"repair": "报修", "inquiry": "咨询", "booking": "预约"}
WAY_NATURES: dict[str, str] = {"repair": "help", "inquiry": INQUIRY, "booking": "help"}

# What came of it, as whoever led says; an issue whose result is not known has none.
RESULTS: dict[str, str] = {"done": "已经办结", "not_done": "没能办成"}
RESULTS_TOLD: dict[str, str] = {"done": "办好了", "not_done": "这次没能办成"}

ANSWERS: dict[str, str] = {"acknowledged": "已收到，正在安排", "arrived": "已到现场"}
# Whoever says that it is not theirs has been heard, too.
DECLINED = "declined"
ANSWER_LABELS: dict[str, str] = {**ANSWERS, DECLINED: "提出职责异议"}

ROLE_LABELS: dict[Role, str] = {
    Role.RESIDENT: "居民",
    Role.COLLECTOR: "收集人（网格员、楼宇长、志愿者）",
    Role.WORKER: "社区干部、特岗人员",
    Role.COMMUNITY_LEADER: "社区书记、驻社区班子成员",
    Role.RESPONDER: "响应单位（部门包片干部、站所、结对共建单位）",
    Role.SUBDISTRICT_LEADER: "街道书记、主任",
    Role.DISTRICT_OFFICE: "改革领导小组办公室（区级）",
    Role.SUPERVISOR: "督查",
    Role.ADMIN: "管理员",
    Role.EDITOR: "网站编辑（写活动等内容，看不到问题）",
    Role.SYSTEM: "系统（到时限自动办）",
}

# Whom the level above all sub-districts is called by.
DISTRICT_NAME = "改革领导小组办公室"

PART_LABELS: dict[Part, str] = {
    Part.CALLER: "号召人",
    Part.PARTY: "被号召单位",
    Part.LEAD: "主办",
    Part.ASSIST: "协办",
    Part.PARTY_RECORDER: "号召人代记（被号召单位没有账号）",
    Part.LEAD_RECORDER: "号召人代记（主办单位没有账号）",
    Part.TASKED: "主办或协办的单位",
    Part.TASK_RECORDER: "号召人代记（主办或协办的单位没有账号）",
    Part.DISTRICT: "改革领导小组办公室（提级协调、提办以后）",
    Part.REPORTER: "反映人（或代为登记的人）",
    Part.JOINER: "自己选了合并的反映人（或代为登记的人）",
    Part.OFFICE: "开启突发事件的社区、街道（还没有居民跟随时）",
}

# What an account can be.
ACCOUNT_ROLES = tuple(role for role in Role if role not in (Role.RESIDENT, Role.SYSTEM))

# Who writes what the site says: what takes place, where, and by whom.
CONTENT_ROLES = (Role.ADMIN, Role.EDITOR)

# Who must have a second factor at sign-in, where the circle says so.
SECOND_FACTOR_ROLES = frozenset({Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.ADMIN})

# Whoever a correction may put in another's place: the entry's field and its label.
HANDED: dict[str, str] = {
    "caller": "号召人",
    "lead": "主办",
    "caller_lead": "号召人和主办",
}


def is_open(step: Step) -> bool:
    """Whether somebody still owes this issue something."""
    return step in OPEN_STEPS
