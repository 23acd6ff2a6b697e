"""What people call the colours that they paint rows in, and what a sheet says of them.

Standard library only: the process that reads a file knows it too.
"""

import colorsys
import re
from collections.abc import Iterable

_GREY = "灰色"
# The colours of a theme by their number, as programs bring them along; 0 is the background.
_OF_THEME = {"4": "蓝色", "5": "橙色", "6": _GREY, "7": "黄色", "8": "蓝色", "9": "绿色"}
_OTHER = "别的颜色"
# Where each begins on the wheel, in degrees.
_HUES = ((15, "红色"), (45, "橙色"), (70, "黄色"), (165, "绿色"), (260, "蓝色"), (345, "紫色"))
_RGB = re.compile("(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_LEAST_COLOUR, _LEAST_LIGHT = 0.12, 0.2
# 绿色=已处理, 红色表示逾期.
_LEGEND = re.compile(
    r"([红橙黄绿蓝紫灰])色?(?:底色?|填充|标[注记示识])?(?:的?(?:是|为|指|即|表示|代表)|\s*[=＝:：—-]+)\s*"
    r"([^\s，,、；;。)）]{2,8})"
)


def called(colour: str) -> str:
    """The name of a colour: of six or eight hexadecimal digits, or of `theme` and a number."""
    if colour.startswith("theme"):
        return _OF_THEME.get(colour.removeprefix("theme"), _OTHER)
    found = _RGB.fullmatch(colour)
    if found is None:
        return _OTHER
    red, green, blue = (int(found[1][n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, much, light = colorsys.rgb_to_hsv(red, green, blue)
    if much < _LEAST_COLOUR or light < _LEAST_LIGHT:
        return _GREY
    return next((name for end, name in _HUES if hue * 360 < end), "红色")


def legend(lines: Iterable[str]) -> dict[str, str]:
    """Name of a colour → what one of the lines around a table says that it means."""
    names = {name[0]: name for _, name in _HUES} | {_GREY[0]: _GREY}
    return {names[first]: words for line in lines for first, words in _LEGEND.findall(line)}


def painted(colour: str, meant: dict[str, str]) -> str:
    """What stands in the column of colours."""
    name = called(colour) if colour else ""
    return f"{name}={meant[name]}" if name in meant else name
