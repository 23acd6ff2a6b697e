"""The administrator's commands for the key of residents' contacts: a new one, and going on without
a lost one."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework
from forms_app.commands.arguments import Parser
from forms_app.commands.claims import need_alone
from forms_app.commands.with_data import opened
from forms_app.files.durable import replace_files
from forms_app.files.running_lock import InUse, in_use
from forms_app.rules.contact_keys import ContactKeys
from forms_app.rules.refused import Refused
from forms_app.settings import Settings
from forms_app.store.contacts import keys, use_keys
from forms_app.store.database import truncate_log

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class KeyInUse(Refused):
    """A server seals with the key that is to be changed; the text says what to do."""


def add_renew_contact_key(commands: "Commands") -> None:
    text = "换一个加密称呼、电话和邮箱的密钥"
    more = "要先停下服务。旧的密钥留在 contact_key 里，恢复以前的备份要用它"
    command = commands.add_parser("renew-contact-key", help=text, description=f"{text}。{more}。")
    command.set_defaults(run=renew_contact_key)


def renew_contact_key(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Seals every contact with a new key. Raises KeyInUse while a server runs.

    The key is in its file before anything is sealed with it: interrupted, the next start goes on.
    """
    with opened(settings), _alone(settings):
        fresh = keys().with_new()
        replace_files({settings.contact_key_file: fresh.told().encode()}, 0o600)
        use_keys(fresh)
        casework.keys_fit()
        truncate_log()
    print(
        f"称呼、电话和邮箱都已换用新的密钥加密。请马上另外备份 {settings.contact_key_file}；"
        "用 PostgreSQL、有几台服务器的，把它放到每一台上再启动。"
    )
    return 0


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """A server that runs would go on sealing with the old key. The keys are those that there are
    now: another command may have renewed them since this one read its settings.
    """
    with ExitStack() as held:
        try:
            held.enter_context(in_use(settings.private_dir, alone=True))
        except InUse as busy:
            raise KeyInUse(
                "服务还在运行，先停下它再换密钥："
                "在运行 scripts/start 的窗口按 Ctrl+C，或者停掉系统服务。"
            ) from busy
        need_alone(settings, "什么也没有改。请先停下它（断电的等三分钟），再运行一次。")
        use_keys(ContactKeys.read(settings.contact_key_file.read_text(encoding="ascii")))
        yield


def add_forget_contacts(commands: "Commands") -> None:
    text = "密钥文件 contact_key 找不回来时，删除打不开的称呼、电话和邮箱"
    command = commands.add_parser("forget-contacts", help=text, description=f"{text}。")
    command.add_argument("--yes", action="store_true", required=True, help="确定删除")
    command.set_defaults(run=forget_contacts)


def forget_contacts(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Goes on with the key that there is now; what was sealed with the lost one is erased.

    Raises KeyInUse while a server runs.
    """
    with opened(settings, may_be_locked=True), _alone(settings):
        count = casework.forget_contacts(now=datetime.now(UTC))
    print(
        f"{count}个问题的联系方式打不开，已经删除；问题本身的记录都保留，从现在起留的照常能用。"
        "居民来问，请按大概的时间和地点帮他们查。"
    )
    return 0
