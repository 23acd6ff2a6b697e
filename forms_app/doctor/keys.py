"""Whether the keys lie where the next start looks for them.

A server that runs has them in its memory, and nobody notices that a file is gone until it starts
again and cannot: a command that is run meanwhile makes another in its place.
"""

from collections.abc import Sequence

from forms_app.doctor.finding import Facts, Finding, green, red
from forms_app.rules.said import said
from forms_app.settings import Settings


def look(facts: Facts) -> Sequence[Finding]:
    settings = facts.settings
    gone = [
        file.name
        for file in (settings.code_key_file, settings.contact_key_file)
        if not file.is_file()
    ]
    if not gone and _is_another(settings):
        gone = [settings.code_key_file.name]
    if not gone:
        return green("密钥文件都在。")
    return red(
        said("密钥文件 %(files)s 不在了，下次启动就打不开原来的数据。", files="、".join(gone)),
        said(
            "先不要重新启动：把另外存着的那一份放回 %(folder)s，权限600。",
            folder=settings.private_dir,
        ),
    )


def _is_another(settings: Settings) -> bool:
    """Whether the file holds another key of the codes than the server that asks; who only reads
    has none of its own.
    """
    if not settings.code_key.key:
        return False
    try:
        return settings.code_key_file.read_text("ascii").strip() != settings.code_key.key
    except (OSError, UnicodeDecodeError):
        return True
