"""How a publishing ends: a release, or a sentence that says why there is none."""

from pathlib import Path

from msgspec import Struct

from forms_app.rules.refused import Refused


class BuildFailed(Refused):
    """The site could not be built, and the old one still stands; `last_lines` say why.

    `log` holds more, where it was the build itself that failed.
    """

    def __init__(self, last_lines: tuple[str, ...], log: Path | None = None) -> None:
        self.last_lines = last_lines
        self.log = log
        reason = "\n".join(last_lines) or "没有说明原因"
        more = f"；详情见 {log}" if log else ""
        super().__init__(f"网站没有生成，继续使用原来的版本{more}：\n{reason}")


class PublishBusy(Refused):
    """Somebody else is publishing."""

    def __init__(self) -> None:
        super().__init__("另一处正在发布网站，请过几分钟再试。")


class Published(Struct, frozen=True):
    release: str
    changed: bool  # False: every input is as it was, nothing was built
    pages: int
    linked: int  # files taken over from the release before
    seconds: float
    warning: str = ""  # what was left undone all the same, and why
