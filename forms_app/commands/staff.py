"""The administrator's commands about accounts: `scripts/circle staff` and what follows it."""

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from forms_app import casework, queries
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.community import Circle
from forms_app.rules.passwords import drawn_password
from forms_app.rules.steps import ACCOUNT_ROLES, ROLE_LABELS, Role
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

ROLES = [role.value for role in ACCOUNT_ROLES]


def add_staff(commands: "Commands") -> None:
    """The `staff` command with its own commands."""
    text = "新建、重设、停用工作人员账号"
    staff = commands.add_parser("staff", help=text, description=f"{text}。")
    kinds = staff.add_subparsers(
        title="命令", metavar="命令", dest="kind", required=True, parser_class=Parser
    )
    roles = "、".join(
        f"{role.value}（{ROLE_LABELS[role]}）" for role in Role if role.value in ROLES
    )
    add = kinds.add_parser("add", help="新建账号", description="新建账号，首次密码只显示一次。")
    add.add_argument("username", metavar="用户名")
    add.add_argument("--role", required=True, choices=ROLES, metavar="角色", help=roles)
    add.add_argument("--name", default="", metavar="称呼", help="反映人和同事看到的称呼")
    add.add_argument("--community", default="", metavar="社区代号", help="circle.yml 里的 id")
    add.add_argument("--organization", default="", metavar="单位代号", help="departments.yml 的 id")
    add.add_argument(
        "--street",
        dest="subdistrict",
        default="",
        metavar="街道代号",
        help="circle.yml 的 streets 里的 id",
    )
    add.add_argument("--email", default="", metavar="邮箱", help="通知发到哪里")
    _add_password(add)
    add.set_defaults(run=_with_database(add_account))
    reset = kinds.add_parser("reset", help="重设密码", description="重设密码，已登录的都要重登。")
    reset.add_argument("username", metavar="用户名")
    _add_password(reset)
    reset.set_defaults(run=_with_database(reset_password))
    email = kinds.add_parser("email", help="改邮箱", description="改通知发到的邮箱，不写就不发。")
    email.add_argument("username", metavar="用户名")
    email.add_argument("email", metavar="邮箱", nargs="?", default="")
    email.set_defaults(run=_with_database(change_email))
    subdistrict = kinds.add_parser(
        "street",
        help="改街道",
        description="改街道书记、主任或督查属于哪个街道；督查不写就看全部。",
    )
    subdistrict.add_argument("username", metavar="用户名")
    subdistrict.add_argument("subdistrict", metavar="街道代号", nargs="?", default="")
    subdistrict.set_defaults(run=_with_database(change_subdistrict))
    disable = kinds.add_parser("disable", help="停用账号", description="停用账号，记录都保留。")
    disable.add_argument("username", metavar="用户名")
    disable.set_defaults(run=_with_database(disable_account))
    enable = kinds.add_parser("enable", help="启用账号", description="重新启用停用的账号。")
    enable.add_argument("username", metavar="用户名")
    enable.set_defaults(run=_with_database(enable_account))
    lost = kinds.add_parser(
        "lost-phone",
        help="取下两步验证",
        description="手机和恢复码都丢了的，取下他的两步验证，已登录的都要重登。先当面核实是本人。",
    )
    lost.add_argument("username", metavar="用户名")
    lost.set_defaults(run=_with_database(take_factor_away))
    listing = kinds.add_parser("list", help="列出账号", description="列出全部账号。")
    listing.set_defaults(run=_with_database(list_accounts))


def add_account(circle: Circle, arguments: argparse.Namespace) -> None:
    """Makes an account and prints the password that was made for it."""
    password, is_made = _password(arguments)
    casework.add_account(
        circle,
        username=arguments.username,
        display_name=arguments.name,
        role=arguments.role,
        community_id=arguments.community,
        organization_id=arguments.organization,
        subdistrict_id=arguments.subdistrict,
        password=password,
        email=arguments.email,
        now=datetime.now(UTC),
    )
    _tell(f"已新建账号 {arguments.username}", password, is_made)


def reset_password(_circle: Circle, arguments: argparse.Namespace) -> None:
    """Gives an account a new password."""
    password, is_made = _password(arguments)
    casework.reset_password(arguments.username, password, now=datetime.now(UTC))
    _tell(f"已重设 {arguments.username} 的密码", password, is_made)


def change_email(_circle: Circle, arguments: argparse.Namespace) -> None:
    """Sends an account's notices elsewhere, or nowhere."""
    casework.change_email(arguments.username, arguments.email, now=datetime.now(UTC))
    told = f"发到 {arguments.email}" if arguments.email else "只在待办页上看，不发邮件"
    print(f"{arguments.username} 的通知以后{told}。")


def change_subdistrict(circle: Circle, arguments: argparse.Namespace) -> None:
    """Moves an account to another sub-district, or a supervisor to all of them."""
    casework.change_subdistrict(
        circle, arguments.username, arguments.subdistrict, now=datetime.now(UTC)
    )
    seen = circle.unit_name(arguments.subdistrict) if arguments.subdistrict else "全部街道"
    print(f"{arguments.username} 以后看{seen}的问题。")


def disable_account(_circle: Circle, arguments: argparse.Namespace) -> None:
    """Closes an account; what it did stays in the history."""
    casework.disable_account(arguments.username, now=datetime.now(UTC))
    print(f"已停用 {arguments.username}，他办过的记录都保留。")
    in_hand = queries.in_hand_of(arguments.username)
    if in_hand:
        print(
            f"他手上还有 {in_hand} 件没办完。请社区书记或街道领导登录，"
            f"在“交接”（/staff/handover/{quote(arguments.username)}）里移交给别人。"
        )


def enable_account(_circle: Circle, arguments: argparse.Namespace) -> None:
    """Opens an account again."""
    casework.enable_account(arguments.username, now=datetime.now(UTC))
    print(f"已启用 {arguments.username}，密码和原来一样；忘了就用 staff reset 重设。")


def take_factor_away(_circle: Circle, arguments: argparse.Namespace) -> None:
    """For somebody who lost the telephone that shows their codes."""
    casework.take_factor_away(arguments.username, now=datetime.now(UTC))
    print(f"已取下 {arguments.username} 的两步验证，他下次只用密码登录，请他马上重新设置。")


def list_accounts(circle: Circle, _arguments: argparse.Namespace) -> None:
    """Prints one account a line."""
    for account in queries.accounts():
        place = account.community_id or account.organization_id or account.subdistrict_id or "-"
        state = (
            "已停用" if account.disabled_at else queries.lost_subdistrict(circle, account) or "在用"
        )
        columns = (account.username, account.role, place, account.display_name, state)
        print(*columns, account.email or "-", sep="\t")


def _with_database(
    act: Callable[[Circle, argparse.Namespace], None],
) -> Callable[[Settings, argparse.Namespace], int]:
    def run(settings: Settings, arguments: argparse.Namespace) -> int:
        with opened(settings) as circle:
            act(circle, arguments)
        return 0

    return run


def _add_password(command: argparse.ArgumentParser) -> None:
    command.add_argument("--ask-password", action="store_true", help="自己输入密码，不用系统生成的")


def _password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """A password, and whether it was made here; never from the command line, which is logged."""
    if arguments.ask_password:
        return getpass.getpass("密码："), False
    return drawn_password(), True


def _tell(done: str, password: str, is_made: bool) -> None:
    print(f"{done}，密码：{password}（只显示这一次）" if is_made else f"{done}。")
