"""What was said in a chat that somebody pasted: without who wrote when, pictures and voices.

PURE. A group's history has a name and a time for every five words; read as a letter, it begins with
them, and a 物业小刘 who answers makes it a matter of the property company.
"""

import re
from collections import Counter
from collections.abc import Sequence

_CLOCK = re.compile(
    r"(?:(?:凌晨|早上|上午|中午|下午|晚上)\s*)?\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
).pattern
_DAY = re.compile(r"(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|星期.|周.|昨天|今天)").pattern
_TIME = rf"(?:{_DAY}\s*)?{_CLOCK}"
_NAME = r"[^\s:：，。！？!?；;“”][^:：，。！？!?；;\n“”]{0,19}"
# 张姐 19:02, alone on its line; 微信 18:20; 10月9日 早上7:42
_HEAD = re.compile(rf"(?:{_NAME}\s+)?{_TIME}")
# 2026年11月20日 20:15 李梅: …
_TIMED = re.compile(rf"\[?{_TIME}\]?\s*{_NAME}[:：]\s*")
# 小红妈：…, 【桂园业主-601】：…
_SPEAKER = re.compile(r"(【[^】\n]{1,20}】|(?!\d+[:：])[^\s:：，。！？!?；;、\n]{1,12})[:：]\s*")
_FRAME = re.compile(
    r"[-—–=_*\s]*(?:转发自|聊天记录|群聊)[^\n]*|[^\n，。！？!?:：]{1,16}群(?:[(（]\d+[)）])?|[“\"「]?[^\n]{1,24}的聊天记录[:：]?|[-—–=_*\s]{3,}"
)
_PLACEHOLDERS = re.compile(
    r"\[(?:图片|语音|视频|表情|动画表情|文件|位置|链接|[一-鿿]{1,3})\](?:\s*\d+[\"”″秒])?|@[^\s@]{1,16}\s?"
)
_WHO = re.compile(r"我|[一-鿿]{0,3}(?:师傅|阿姨|姐|哥|叔|妈|爸|主任|书记|管家|老师)")
_FEW = 2  # lines with a head make a chat
_CALLED = re.compile(r"[^\W\d]{1,8}")  # 菊姨, alone on its line


def said_in(text: str) -> str:
    """The messages of a chat, a line each; any other text as it is."""
    lines = text.split("\n")
    heads = [bool(_HEAD.fullmatch(line.strip())) for line in lines]
    timed = [_TIMED.match(line.strip()) for line in lines]
    speakers = [_SPEAKER.match(line.strip()) for line in lines]
    named = [found[1] for found in speakers if found]
    # A form has a colon in each line, too, but nobody who speaks twice.
    talkers = _talkers(lines)
    talk = len(named) > _FEW and len(set(named)) < len(named)
    if not (talk or talkers) and sum(heads) < _FEW and sum(map(bool, timed)) < _FEW:
        return text
    said: list[str] = []
    for place, line in enumerate(lines):
        words = line.strip()
        begins = timed[place] or (speakers[place] if talk else None)
        if heads[place] or words in talkers or _FRAME.fullmatch(words):
            continue
        if place and heads[place - 1] and _is_name(words):
            continue
        words = _PLACEHOLDERS.sub("", words[begins.end() :] if begins else words).strip()
        if words:
            said.append(words)
    return "\n".join(said) or text


def _is_name(words: str) -> bool:
    """Whether a line behind a time is who wrote: 王师傅."""
    return bool(_WHO.fullmatch(words))


def _talkers(lines: Sequence[str]) -> set[str]:
    """Who speaks where a line is a name and the next what they said: several, and each again."""
    called = Counter(line.strip() for line in lines if _CALLED.fullmatch(line.strip()))
    again = {name for name, times in called.items() if times >= _FEW}
    return (
        again
        if len(again) >= _FEW and sum(called[name] for name in again) * 4 >= len(lines)
        else set()
    )
