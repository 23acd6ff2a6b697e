"""Regular expressions that take long to compile and that few who start the program ever need:
compiled when something is first looked for by them.
"""

import re
from typing import Any, cast


class _Late:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)  # the next time it is there
        return found


def compile(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """What `re.compile` makes, later."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
