"""What is wrong with a server before anything is done to it, in sentences that somebody can "
"act on."""

from collections.abc import Sequence
from pathlib import Path

from scripts.deployment.nginx import http_file
from scripts.deployment.plan import PROGRAMS, DeployRefused, Plan
from scripts.deployment.server import KNOWN, Server

LEAST_FREE_BYTES = 1024**3
TIME_ZONES = ("Asia/Shanghai", "Asia/Chongqing", "PRC")
# Whoever finds nginx there finds us.
_OURS = ("nginx",)


def refuse(server: Server, plan: Plan, source: Path, *, is_new: bool) -> None:
    """Raises DeployRefused where it would come to nothing."""
    if not server.is_root:
        raise DeployRefused("要用管理员身份运行：sudo scripts/deploy，后面的选项照写。")
    free = server.free_bytes(PROGRAMS)
    if is_new and free < LEAST_FREE_BYTES:
        raise DeployRefused(
            f"磁盘只剩 {free // 1024**2} MB，安装要 1 GB：请先清出空间（apt-get clean；"
            "journalctl --vacuum-size=100M），再运行一次。"
        )
    newest = max((source / name).stat().st_mtime for name in ("scripts", "forms_app"))
    if server.now < newest - 24 * 3600:
        raise DeployRefused(
            "服务器的时钟不对，比程序文件的日期还早，期限会算错：请先校时（timedatectl set-ntp "
            "true；"
            "不能上网就用 date -s '2026-12-01 09:00'），再运行一次。"
        )
    for option, file in (("--certificate", plan.certificate), ("--key", plan.key)):
        if file and not server.at(file).is_file():
            raise DeployRefused(
                f"{option} 的文件 {file} 不在：请检查路径，或先把证书拷到服务器上。"
            )
    if plan.wheels and not server.at(plan.wheels).is_dir():
        raise DeployRefused(f"--wheels 的文件夹 {plan.wheels} 不在：请检查路径。")
    _refuse_taken_ports(server, plan, is_new=is_new)


def _refuse_taken_ports(server: Server, plan: Plan, *, is_new: bool) -> None:
    holder = server.holder_of(plan.port) if is_new else ""
    if holder:
        raise DeployRefused(
            f"端口 {plan.port} 已被程序 {holder} 占用：请用 --port 换一个，例如 --port "
            f"{plan.port + 100}。"
        )
    if plan.parent:
        return
    ports = {
        plan.public_port,
        *({80} if plan.acme or (plan.has_tls and plan.public_port == 443) else ()),
    }
    for port in sorted(ports):
        holder = server.holder_of(port)
        if holder and holder not in _OURS and not server.at(http_file(plan)).exists():
            raise DeployRefused(
                f"端口 {port} 已被程序 {holder} 占用，nginx 起不来：请先停掉它（例如 systemctl "
                "disable "
                f"--now {holder}），或者用 --listen 换一个端口，例如 --listen {port + 8000}。"
            )


def notices(server: Server, plan: Plan) -> Sequence[str]:
    """What need not stop it, but somebody should know."""
    told = []
    name, release = server.system
    if release not in KNOWN.get(name, ()):
        told.append(
            f"这台服务器是 {name or '不认识的系统'} {release}，没有试过；"
            "试过的是 Debian 12、13 和 Ubuntu 24.04。"
        )
    if server.time_zone not in TIME_ZONES:
        told.append(
            f"服务器的时区是 {server.time_zone or '没有设'}，不是北京时间。"
            "程序自己一律按北京时间，期限不会"
            "算错；但系统日志的时间会对不上，请运行 timedatectl set-timezone Asia/Shanghai。"
        )
    if not server.has_ipv6:
        told.append("服务器没有 IPv6，只用 IPv4，不影响使用。")
    if not plan.address:
        told.append(
            "没有写 --address：只能在局域网里用服务器的 IP 打开，二维码、日历和短信里的网址也没有。"
        )
    elif not plan.public_url.startswith("https://"):
        told.append(
            "没有 HTTPS：密码和居民的电话在网上是明文，网格员离线登记也用不了。请尽快用 "
            "--certificate "
            "和 --key，或者 --acme。"
        )
    if not plan.backups:
        told.append(
            f"第二处备份在 {plan.backups_dir}，和数据在同一台机器上；有另一块磁盘，请写 --backups。"
        )
    return told
