"""How grave and how soon: the questions by which an issue is graded.

PURE. The only statement of them: the handbook's guide and the form beside the grade draw on it.
"""

from msgspec import Struct


class Criterion(Struct, frozen=True):
    """Asked from the top down; the first one answered with yes is the grade."""

    grade: str
    question: str
    examples: str
    answer: str


CLASS_CRITERIA = (
    Criterion(
        "A",
        "要部门分管领导拍板才能动吗？",
        "例如牵涉几个部门又说不拢、要安排资金或改规划、要依法强制、影响一大片居民、有重大安全隐患。",
        "是，定A类（重大问题）。",
    ),
    Criterion(
        "B",
        "要社区以外的人出手吗？",
        "例如要街道站所、部门包片干部行使职权，要共建单位出人出物，但到社区坐下来能商定。",
        "是，定B类（较为复杂的问题）。",
    ),
    Criterion(
        "C",
        "都不是，社区干部凭自己手里的人和东西就能直接办。",
        "",
        "定C类（一般问题）。",
    ),
)

URGENCY_CRITERIA = (
    Criterion(
        "1",
        "今天不管，会有人受伤、被困、病情加重，或者断水断电断气、损失一直在扩大吗？",
        "",
        "是，定一级：即刻办理，最多两天。",
    ),
    Criterion(
        "2",
        "拖过一周，会恶化，或者让人睡不好、出不了门、上不了学、没法做饭如厕吗？",
        "",
        "是，定二级：一周内。",
    ),
    Criterion(
        "3",
        "都不是，慢慢办也不会更坏，或者本来就要较长时间才办得好。",
        "",
        "定三级：可以在一周以上，一般按30天控制。",
    ),
)
