"""What may be written behind scripts/deploy, and what is asked where somebody sits before it."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import replace

from forms_app.commands.arguments import Parser
from scripts.deployment.plan import Plan, as_asked_for

# Option, field of the plan, what stands for its value, help.
_TEXTS = (
    ("--name", "title", "名称", "服务的名称，例如 黄金岭街道十分钟圈"),
    ("--address", "address", "域名或IP", "居民访问的地址；不写就只在局域网用，按本机 IP 访问"),
    ("--prefix", "prefix", "路径", "在上级网站的一个栏目下面，例如 /circle"),
    ("--admin", "administrator", "用户名", "第一个管理员的用户名，默认 admin"),
    ("--mirror", "mirror", "网址", "Python 软件源，例如 https://mirrors.aliyun.com/pypi/simple/"),
    ("--wheels", "wheels", "文件夹", "没有外网：软件包放在这个文件夹里（.whl，也可以有 .deb）"),
    ("--certificate", "certificate", "文件", "HTTPS 证书（连同中间证书）"),
    ("--key", "key", "文件", "证书的私钥"),
    ("--acme", "acme", "邮箱", "自动申请并续期免费证书（要有域名，80 端口能从外网访问）"),
    ("--front", "front", "IP", "前面另有一台服务器转发过来，写它的 IP"),
    (
        "--database",
        "database",
        "地址",
        "数据库放在 PostgreSQL，例如 'postgresql://用户:密码@主机/库名'",
    ),
    ("--bucket", "bucket", "地址", "照片放在对象存储，例如 's3://钥匙:密钥@主机/桶名?region=地区'"),
    ("--backups", "backups", "文件夹", "第二处备份，最好在另一块磁盘上，默认 /var/backups/…"),
)
_NUMBERS = (
    ("--listen", "listens", "对外的端口，默认 80，有证书时 443"),
    ("--port", "port", "程序自己用的端口，只在本机，默认从 8101 起自动选"),
)


def parser() -> Parser:
    """The arguments of scripts/deploy."""
    made = Parser(
        prog="scripts/deploy",
        description="把十分钟圈装到这台 Debian 服务器上，作为服务运行，前面是 nginx。"
        "再运行一次就是检查和升级；什么都没变，就什么都不动。",
    )
    made.add_argument(
        "--instance",
        default="",
        metavar="代号",
        help="一台服务器上装几处时，这一处的代号，例如 hubian",
    )
    for option, name, value, says in _TEXTS:
        made.add_argument(option, dest=name, default=None, metavar=value, help=says)
    for option, name, says in _NUMBERS:
        made.add_argument(option, dest=name, type=_port, default=None, metavar="端口", help=says)
    made.add_argument(
        "--parent", action="store_true", default=None,
        help="上级网站就在本机的 nginx 里：只写一段配置，由它引用",
    )  # fmt: skip
    made.add_argument(
        "--https", action="store_true", default=None,
        help="和 --front 或 --parent 一起用：前面已经是 HTTPS",
    )  # fmt: skip
    made.add_argument(
        "--sample", action="store_true", default=None,
        help="先放示例资料（看样子用）；不写就是一份待填的",
    )  # fmt: skip
    made.add_argument("--dry-run", action="store_true", help="只说要做什么、写什么文件，什么都不动")
    made.add_argument("--uninstall", action="store_true", help="卸载；数据和备份留着")
    made.add_argument("--yes", action="store_true", help="不提问，没写的都用默认")
    return made


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 65535:
        raise ArgumentTypeError(f"端口要写 1 到 65535 之间的整数，不能是 {text}")
    return number


def given(options: Namespace, kept: Plan) -> Plan:
    """The kept plan with what was written this time."""
    names = [name for _, name, *_ in _TEXTS] + [name for _, name, _ in _NUMBERS]
    changes = {name: getattr(options, name) for name in (*names, "parent", "https", "sample")}
    written = {name: value for name, value in changes.items() if value is not None}
    if written.get("prefix"):
        written["prefix"] = "/" + str(written["prefix"]).strip("/")
    plan = replace(kept, instance=options.instance, **written)
    return replace(plan, address=as_asked_for(plan.address), front=as_asked_for(plan.front))


def asked(plan: Plan, ask: Callable[[str], str]) -> Plan:
    """The plan after the few questions that a first installation needs; Enter keeps a default."""
    address = ask("居民用什么网址访问？写域名或 IP；只在局域网用，直接回车：").strip()
    mail = ""
    if address and not plan.has_tls:
        mail = ask("要自动申请 HTTPS 证书，写一个邮箱；不要，直接回车：").strip()
    administrator = ask(f"第一个管理员的用户名（回车就是 {plan.administrator}）：").strip()
    mirror = ask("Python 软件源的网址（回车就用官方的）：").strip()
    return replace(
        plan,
        address=as_asked_for(address) or plan.address,
        acme=mail or plan.acme,
        administrator=administrator or plan.administrator,
        mirror=mirror or plan.mirror,
    )
