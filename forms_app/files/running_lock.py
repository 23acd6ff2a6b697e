"""Who uses the data right now: a server shares them with other servers, a restore has them alone.

The lock ends with the process, come what may.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms_app.files.locks import Locked, take
from forms_app.rules.refused import Refused

NAME = "serving.lock"


class InUse(Refused):
    """Somebody else uses the data in a way that goes not together; the text says what to do."""


@contextmanager
def in_use(folder: Path, *, alone: bool) -> Iterator[None]:
    """Holds the data in `folder` (`data/private`) until the block ends.

    Raises InUse and LockUnusable.
    """
    try:
        lock = take(folder / NAME, shared=not alone)
    except Locked as error:
        raise InUse(
            "服务还在运行，先停下它再恢复：在运行 scripts/start 的窗口按 Ctrl+C，或者停掉系统服务。"
            if alone
            else "正在恢复备份，等它做完再启动。"
        ) from error
    with lock:
        yield
