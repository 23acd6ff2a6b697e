"""How residents read today what a move told them in the office's words, before it learnt theirs.

A line stays in the history as it was told; only the page that shows it puts it so. A row holds of
lines that begin so, and keeps what somebody wrote in them.
"""

import re

_ROWS: tuple[tuple[str, str], ...] = (
    (r"社区已分类定级：(?:[ABC]类（)?[^，）]*）?，(?:[一二三]级：)?([^；]*)，(.*?)前给您结果。",
     r"答复您了，\1，\2前给您结果。"),
    (r"社区给出初步处理意见：", "社区答复您："),
    (r"社区看过，觉得还没有答复清楚，收回来重新给初步处理意见。",
     "社区看过，觉得还没有答复清楚，重新答复您。"),
    (r"社区已号召有关单位：(.*?)，请他们在(.*?)前响应。", r"社区请了\1一起来办，\2前回话。"),
    (r"街道已号召区级部门：(.*?)，请他们在(.*?)前响应。", r"街道请了\1一起来办，\2前回话。"),
    (r"已再次号召：(.*?)，请在(.*?)前响应。", r"又请了\1一起来办，\2前回话。"),
    (r"(.*)已响应。", r"\1回话了。"),
    (r"已经核定由(.*?)主办，接着办理。", r"定下来由\1来办，接着办。"),
    (r"解决方案已定：([\s\S]*)主办：", r"商量好怎么办了：\1来办的是："),
    (r"解决方案有调整：([\s\S]*)主办：", r"怎么办有变动：\1来办的是："),
    (r"办理时限延到", "要多花些时间，延到"),
    (r"过了时限还没有办完", "过了说好的日子还没有办完"),
    (r"已经办结：", "社区说办好了："),
    (r"(?:主办单位)?已经报来办理结果，(.*?)看过以后向您反馈。",
     r"办的单位报来结果了，\1核对过就告诉您。"),
    (r"到时限由系统自动反馈：", "说好的时间到了，系统自动告诉您："),
    (r"(.*?)看过办理结果，还没有办到位，已请主办单位接着办。",
     r"\1看过结果，还没有办到位，请他们接着办。"),
    (r"没能按方案解决，已升级为(?:B类|较为复杂的)问题", "照原来的办法没能办成"),
    (r"没能按方案解决，已升级为(?:A类问题|重大问题)，由街道号召区级部门办理。",
     "照原来的办法没能办成，接着由街道请区里的部门一起来办。"),
    (r"评价为(.*?)，问题销号。", r"评的是\1，这件事办完了。谢谢您告诉我们。"),
    (r"评价为(.*?)，进入新一轮办理。", r"评的是\1，还没办好，重新办。"),
    (r"三次联系不上您，先(?:记为待联系|挂账)；", "一直没找到您，先放着；"),
    (r"刚才的并入撤销了，照原来的步骤接着办。", "刚才合错了，分开来，照原来的接着办。"),
    (r"您说代录的评价", "您说那次评价"),
    (r"街道让这件事重新办。", "重新办了。"),
    (r"已催办(.*?)，请在(.*?)前答复。", r"已经催\1了，\2前回话。"),
)  # fmt: skip
_BEGINNINGS = tuple((re.compile(pattern), words) for pattern, words in _ROWS)
_ENDINGS = (
    (re.compile("(?<=。)初步处理意见："), "社区答复您："),
    # Whatever the hour was.
    (re.compile("(?<=我们重新办，)马上(?=给您回话。)"), "会"),
    (re.compile("(?<=请在这一页告诉我们，)马上(?=接着办。)"), "就"),
    (re.compile("由号召人代为登记。$"), "（打电话问来，替他们记下的）"),
    (re.compile("（由(社区|街道|区里)代行）$"), r"（\1替着办的）"),
)


def as_told_today(line: str) -> str:
    """A resident's line in the words of today; as it is where it is of today."""
    for pattern, words in _BEGINNINGS:
        if pattern.match(line):
            line = pattern.sub(words, line, count=1)
            break
    for pattern, words in _ENDINGS:
        line = pattern.sub(words, line)
    return line
