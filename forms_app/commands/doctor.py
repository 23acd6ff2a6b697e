"""`scripts/circle doctor`: what ails the installation, and what to do about it.

It works where hardly anything else does: it changes nothing, and neither broken data nor a missing
database keep it from telling the rest.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import peewee

from forms_app.casework import Ending
from forms_app.commands.arguments import Parser
from forms_app.community import DataRefused, load, what_is_refused
from forms_app.doctor import told
from forms_app.doctor.checks import Line, by_light, examine
from forms_app.doctor.finding import LIGHT_WORDS, Facts, Light
from forms_app.doctor.mail import administrators
from forms_app.files.locks import Locked
from forms_app.files.looked import last_look
from forms_app.notices.delivery import Post
from forms_app.notices.mail import MailServer
from forms_app.notices.robots import Robots
from forms_app.office.last_good import last_good
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_doctor(commands: "Commands") -> None:
    text = "检查服务器、数据和设置，每一项都说怎么办"
    command = commands.add_parser("doctor", help=text, description=f"{text}；有红的以 1 结束。")
    command.add_argument(
        "--tell",
        action="store_true",
        help="不显示；有新变红的，发邮件告诉管理员一次（服务自己每小时用）",
    )
    command.set_defaults(run=doctor, only_reads=True)


def doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    """Prints every line, the gravest first; 1 where one is red. Or tells of those newly red."""
    file = settings.database_file
    is_there = file is None or file.exists()
    if is_there:
        database = open_database(settings.database_url)
    else:  # asking would make an empty one
        database = peewee.SqliteDatabase(":memory:")
        proxy.initialize(database)
    try:
        facts = facts_of(settings, datetime.now(UTC))
        lines = examine(facts)
        if arguments.tell:
            _tell(facts, lines)
            return 0
    finally:
        database.close()
    for check, one in by_light(lines):
        remedy = f"→ {one.remedy}" if one.remedy else ""
        print(f"【{LIGHT_WORDS[one.light]}】{check.label}：{one.state}{remedy}")
    return 1 if any(line.light is Light.RED for line in lines) else 0


def facts_of(settings: Settings, now: datetime) -> Facts:
    """What a process beside the server can know."""
    looked_at = last_look(settings.private_dir)
    mistakes = tuple(map(str, what_is_refused(settings.community_dir)))
    try:
        circle = load(settings.community_dir)
    except DataRefused:
        return Facts(settings, last_good(settings), now, looked_at, mistakes)
    return Facts(settings, circle, now, looked_at, mistakes)


def _tell(facts: Facts, lines: Sequence[Line]) -> None:
    """Mails what has turned red to every administrator who has an address, once."""
    red = [line for line in lines if line.light is Light.RED]
    private = facts.settings.private_dir
    try:
        with told.telling(private) as before:
            fresh = [line for line in red if line.check.name not in before]
            names = {line.check.name for line in red}
            if fresh and not _mailed(facts, fresh):
                names -= {line.check.name for line in fresh}  # tried again the next time
            told.keep(private, told.Last(facts.now, len(red), frozenset(names)))
    except Locked:
        return  # another server's, which takes over, is just telling


def _mailed(facts: Facts, lines: Sequence[Line]) -> bool:
    url = facts.settings.smtp_url
    name = facts.circle.name if facts.circle else "十分钟为民服务圈"
    post = Post(name, Robots(), mail_server=None if url is None else MailServer.from_url(url))
    labels = "、".join(line.check.label for line in lines)
    text = "".join(
        f"{line.check.label}：{one.state}\n怎么办：{one.remedy}\n\n"
        for line in lines for one in line.findings if one.light is Light.RED
    )  # fmt: skip
    key = f"doctor-{facts.now:%Y%m%d%H%M%S}"
    sent = [
        post.try_mail(to, f"系统检查变红：{labels}", text, f"{key}-{n}", facts.now)
        for n, to in enumerate(administrators())
    ]
    return any(one.ending in (Ending.SENT, Ending.UNSURE) for one in sent)
