"""Whether the machine has memory left, as Linux tells it."""

import re
from collections.abc import Sequence
from pathlib import Path

from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.rules.said import said

SOURCE = Path("/proc/meminfo")
LEAST_MB, SOON_MB = 50, 120  # publishing takes about 120 for a while
REMEDY = "停掉这台机器上别的程序，或者加内存。"


def look(_facts: Facts) -> Sequence[Finding]:
    try:
        told = re.search(r"^MemAvailable:\s+(\d+) kB", SOURCE.read_text(), re.MULTILINE)
    except OSError:
        told = None
    if told is None:
        return green("这台机器不说内存还剩多少。")
    free = int(told[1]) // 1024
    room = said("内存还剩 %(mb)s MB。", mb=free)
    if free < LEAST_MB:
        return red(room, REMEDY)
    return green(room) if free >= SOON_MB else yellow(room, REMEDY)
