"""The administrator's commands that keep the data right: the erasing of contacts, photos and
notices whose time is over, and of codes whose key is lost."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework
from forms_app.backups.erasures import carry_out
from forms_app.commands.arguments import Parser
from forms_app.commands.photos import erase_photos
from forms_app.commands.with_data import opened
from forms_app.files import believed
from forms_app.office import upgrading
from forms_app.rules.dates import full_date
from forms_app.rules.refused import Refused
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class ClockLeapt(Refused):
    """Nothing was erased: the clock may be wrong. The text says what to do."""


def _need_believed(settings: Settings, now: datetime) -> None:
    """What is erased can not be brought back. Raises ClockLeapt."""
    today = local_day(now)
    days = believed.note(settings.private_dir, today)
    again = days.believed_again
    if again is not None:
        raise ClockLeapt(
            f"这台机器的日期一下子从{full_date(days.day)}到了{full_date(today)}，到期的先不删，删了找不回来。"
            "日期不对的，把时间校准（timedatectl set-ntp true）；"
            f"日期没有错的（例如关了很久才开机），不用管，{full_date(again)}起自己接着删。"
        )


def add_forget_codes(commands: "Commands") -> None:
    text = "密钥文件 code_key 找不回来时，让以前的查询码全部作废"
    command = commands.add_parser("forget-codes", help=text, description=f"{text}。")
    command.add_argument("--yes", action="store_true", required=True, help="确定作废")
    command.set_defaults(run=forget_codes)


def forget_codes(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Goes on with the key that there is now; tickets kept under the lost one open nothing."""
    with opened(settings):
        casework.forget_codes(settings.code_key, now=datetime.now(UTC))
    print(
        "以前的查询码都作废了，从现在起发的照常能用。工作人员的两步验证都已取下，要重新设置。居民来问，请按大概的时间和地点帮他们查。"
    )
    return 0


def add_erase_contacts(commands: "Commands") -> None:
    text = "删除保存期满的称呼、电话、邮箱和照片"
    command = commands.add_parser("erase-contacts", help=text, description=f"{text}。")
    command.add_argument("--issue", metavar="编号", help="只删这一个问题的（反映人要求时）")
    command.set_defaults(run=erase_contacts)


def erase_contacts(settings: Settings, arguments: argparse.Namespace) -> int:
    """Erases what the privacy notice promises to erase; 1 if the issue that was named has none."""
    number: str | None = arguments.issue
    now = datetime.now(UTC)
    if number is None:
        _need_believed(settings, now)
    with opened(settings) as circle:
        if number is None:
            count = casework.erase_contacts(circle, now=now)
            photos = erase_photos(settings, circle, now=now)
        else:
            count, photos = casework.erase_asked_for(number, now=now)
        is_gone = carry_out(settings)
    upgrading.tidy(settings, now)
    if number is not None and count == 0 and photos == 0:
        print(
            f"没有编号是 {number} 的问题，或者它没有称呼、电话、邮箱和照片可以删，请核对编号。",
            file=sys.stderr,
        )
        return 1
    print(f"删除了{count}个问题的称呼、电话和邮箱，{photos}张照片，问题本身的记录都保留。")
    if not is_gone:
        print("有的文件这会儿正被占用，还没有清完；服务运行着，过半分钟会自己接着清。")
    return 0


def add_erase_sign_ins(commands: "Commands") -> None:
    text = "删除半年以前的登录和账号记录"
    command = commands.add_parser("erase-sign-ins", help=text, description=f"{text}。")
    command.set_defaults(run=erase_sign_ins)


def erase_sign_ins(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Erases what the log of sign-ins and accounts has kept for its time."""
    now = datetime.now(UTC)
    _need_believed(settings, now)
    with opened(settings):
        count = casework.erase_account_events(now=now)
    print(f"删除了{count}条旧的登录和账号记录。")
    return 0


def add_erase_notices(commands: "Commands") -> None:
    text = "删除90天以前发过或者作废的通知"
    more = "问题的经过都保留。"
    command = commands.add_parser("erase-notices", help=text, description=f"{text}，{more}")
    command.set_defaults(run=erase_notices)


def erase_notices(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Erases notices that are over and done with, so that their table does not grow for ever.

    So too which browsers had tickets open until their time was over, or were woken.
    """
    now = datetime.now(UTC)
    _need_believed(settings, now)
    with opened(settings) as circle:
        count = casework.erase_notices(now=now)
        casework.erase_open_tickets(now=now)
        casework.erase_woken(circle, now=now)
    print(f"删除了{count}条旧通知，问题的经过都保留。")
    return 0
