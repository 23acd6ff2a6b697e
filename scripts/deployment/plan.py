"""What one installation is: its name, its address, and where everything of it lies.

All paths are as the server will see them. A plan is kept beside the installation, so that a second
run needs no options.
"""

import ipaddress
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath

PLANS = PurePosixPath("/etc/circle")
SITES = PurePosixPath("/etc/nginx/circle")
PROGRAMS = PurePosixPath("/opt/circle")
FIRST_PORT = 8101

_NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
_HOST = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
                   r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # fmt: skip
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_PLAIN = re.compile(r"/[A-Za-z0-9._/-]+")
_ADMINISTRATOR = re.compile(r"[a-z][a-z0-9_]{1,29}")
_ADDRESS = re.compile(r"[!#-&(-\[\]-_a-~]+")  # no blank, quote or backslash: two readers agree
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class DeployRefused(Exception):
    """It cannot be installed; the text is what somebody who is no programmer can do about it."""


@dataclass(frozen=True)
class Plan:
    """One installation. Empty texts mean: not asked for."""

    instance: str = ""
    title: str = ""  # what the service is called in the server's lists
    address: str = ""  # a host's name or number; empty: whoever reaches this server (LAN)
    prefix: str = ""
    listens: int = 0  # 0: 80, or 443 with a certificate
    port: int = 0  # of the program, on this machine alone
    administrator: str = "admin"
    mirror: str = ""
    wheels: str = ""
    certificate: str = ""
    key: str = ""
    acme: str = ""  # the e-mail address that a certificate is asked for with
    front: str = ""  # the address of another machine that ends HTTPS and passes on
    parent: bool = False  # a server block of nginx is there already, and takes our lines in
    https: bool = False  # it, or the machine in front, is reached by HTTPS
    backups: str = ""
    sample: bool = False  # the office begins with the sample circle, to look at
    checkout: str = ""  # the git checkout that it was installed from
    # With their passwords, which is why what holds a plan is root's alone to read.
    database: str = field(default="", repr=False)  # of PostgreSQL; empty: SQLite among the data
    bucket: str = field(default="", repr=False)  # where photos and the like lie; empty: there, too

    @property
    def slug(self) -> str:
        """What user, service, folders and files are called."""
        return f"circle-{self.instance}" if self.instance else "circle"

    @property
    def data(self) -> PurePosixPath:
        return PurePosixPath("/var/lib") / self.slug

    @property
    def build(self) -> PurePosixPath:
        return self.data / "build"

    @property
    def backups_dir(self) -> PurePosixPath:
        return PurePosixPath(self.backups or f"/var/backups/{self.slug}")

    @property
    def logs(self) -> PurePosixPath:
        return PurePosixPath("/var/log") / self.slug

    @property
    def settings_dir(self) -> PurePosixPath:
        return PLANS / self.slug

    @property
    def own_settings(self) -> PurePosixPath:
        """What the office sets itself; made once and never touched again."""
        return self.settings_dir / "own.env"

    @property
    def running(self) -> PurePosixPath:
        """The link to the program that this installation runs."""
        return PROGRAMS / "running" / self.slug

    @property
    def unit(self) -> PurePosixPath:
        return PurePosixPath(f"/etc/systemd/system/{self.slug}.service")

    @property
    def command(self) -> PurePosixPath:
        return PurePosixPath("/usr/local/bin") / self.slug

    @property
    def settings_mode(self) -> int:
        """Of the files that say how it is installed."""
        return 0o600 if self.database or self.bucket else 0o644

    @property
    def has_tls(self) -> bool:
        """Whether nginx itself ends HTTPS."""
        return bool(self.certificate or self.acme)

    @property
    def tls_files(self) -> tuple[str, str]:
        """Certificate and key."""
        if self.acme:
            folder = f"/etc/letsencrypt/live/{self.address}"
            return f"{folder}/fullchain.pem", f"{folder}/privkey.pem"
        return self.certificate, self.key

    @property
    def public_port(self) -> int:
        return self.listens or (443 if self.has_tls else 80)

    @property
    def place(self) -> str:
        """What installations below one server block of nginx have in common."""
        return f"{self.address or 'lan'}-{self.public_port}"

    @property
    def public_url(self) -> str:
        """Where people reach it; empty where nobody has said."""
        if not self.address:
            return ""
        secure = self.has_tls or self.https
        host = f"[{self.address}]" if ":" in self.address else self.address
        is_elsewhere = self.parent or self.front
        usual = self.public_port == (443 if secure else 80) or (is_elsewhere and not self.listens)
        port = "" if usual else f":{self.public_port}"
        return f"{'https' if secure else 'http'}://{host}{port}{self.prefix}"

    def check(self) -> None:
        """Raises DeployRefused with the first thing that cannot be."""
        if self.instance and not _NAME.fullmatch(self.instance):
            raise DeployRefused(
                f"--instance 不能写 {self.instance}：请用小写字母开头的字母和数字，最多20个，"
                "例如 hubian。"
            )
        if self.address and not (_is_number(self.address) or _HOST.fullmatch(self.address)):
            raise DeployRefused(
                f"--address 不能写 {self.address}：只写主机名或 IP，例如 www.example.cn，"
                "不带 http://，路径写在 --prefix。"
            )
        is_way_up = any(part in (".", "..") for part in self.prefix.split("/"))
        if self.prefix and (is_way_up or not _PREFIX.fullmatch(self.prefix)):
            raise DeployRefused(f"--prefix 不能写 {self.prefix}：请写成 /circle 这样。")
        if self.prefix and not self.address:
            raise DeployRefused("用 --prefix 就要写 --address：网页里的二维码和日历要用完整网址。")
        if not _ADMINISTRATOR.fullmatch(self.administrator):
            raise DeployRefused(
                f"--admin 不能写 {self.administrator}：请用小写字母开头的字母和数字，例如 wang。"
            )
        if any(letter in self.title for letter in "\n\r%\\\"'$"):
            raise DeployRefused("--name 里不要有换行、引号和 % \\ $。")
        for option, path in (
            ("--certificate", self.certificate), ("--key", self.key), ("--backups", self.backups),
            ("--wheels", self.wheels),
        ):  # fmt: skip
            if path and not _PLAIN.fullmatch(path):
                raise DeployRefused(
                    f"{option} 要写完整路径（/ 开头，只用字母、数字和 . _ -），不能是 {path}。"
                )
        if self.backups and PurePosixPath(self.backups).is_relative_to(self.data):
            raise DeployRefused(f"--backups 不能放在数据文件夹 {self.data} 里面。")
        for option, url, scheme in (
            ("--database", self.database, "postgresql"), ("--bucket", self.bucket, "s3"),
        ):  # fmt: skip
            if url and (not url.startswith(f"{scheme}://") or not _ADDRESS.fullmatch(url)):
                raise DeployRefused(
                    f"{option} 要写 {scheme}:// 开头的完整地址，外面加单引号；里面的空格、引号、"
                    "反斜杠写成 %20、%27、%5C 这样的。"
                )
        self._check_tls()

    def _check_tls(self) -> None:
        if bool(self.certificate) != bool(self.key):
            raise DeployRefused("--certificate 和 --key 要一起写：一个是证书，一个是它的私钥。")
        if self.acme and not _MAIL.fullmatch(self.acme):
            raise DeployRefused(f"--acme 后面写一个邮箱，不能是 {self.acme}。")
        if self.acme and (not self.address or _is_number(self.address)):
            raise DeployRefused("自动申请证书（--acme）要先有域名：请写 --address 域名。")
        ways = [name for name, asked in (
            ("--certificate", self.certificate), ("--acme", self.acme), ("--front", self.front),
            ("--parent", self.parent),
        ) if asked]  # fmt: skip
        if len(ways) > 1:
            raise DeployRefused(f"{'、'.join(ways)} 只能用一个：HTTPS 只在一处。")
        if self.https and not (self.front or self.parent):
            raise DeployRefused(
                "--https 是说 HTTPS 在前面的服务器上，要和 --front 或 --parent 一起写。"
            )
        if self.front and not _is_number(self.front):
            raise DeployRefused(f"--front 要写前面那台服务器的 IP 地址，不能是 {self.front}。")
        if self.parent and not self.address:
            raise DeployRefused("用 --parent 就要写 --address：上级网站的域名。")

    def as_json(self) -> str:
        kept = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def kept_plan(text: str, where: Path) -> Plan:
    """The plan of an installation that is there. Raises DeployRefused."""
    known = {one.name for one in fields(Plan)}
    try:
        kept = json.loads(text)
        return Plan(**{name: value for name, value in kept.items() if name in known})
    except (ValueError, TypeError, AttributeError):
        raise DeployRefused(
            f"{where} 读不懂：请从备份恢复这个文件，或者删掉它，把全部选项再写一遍。"
        ) from None


def check_beside(plan: Plan, others: Iterable[Plan]) -> None:
    """Raises DeployRefused where another installation has the same place on this server."""
    for other in others:
        if other.port == plan.port:
            raise DeployRefused(
                f"端口 {plan.port} 是另一处安装（{other.slug}）的：请用 --port 换一个。"
            )
        if plan.parent or other.parent or other.place != plan.place:
            continue
        where = plan.address or "这台服务器"
        if other.prefix == plan.prefix:
            raise DeployRefused(
                f"{where} 的 {plan.prefix or '/'} 已经是另一处安装（{other.slug}）：请给这一处写"
                "不同的 --prefix（例如 /hubian），或者不同的 --address、--listen。"
            )
        if other.tls_files != plan.tls_files or other.front != plan.front:
            raise DeployRefused(
                f"{where} 上的另一处安装（{other.slug}）用的证书或 --front 不一样：同一个网址只能有"
                "一种，请写一样的。"
            )


def free_port(others: Iterable[Plan]) -> int:
    """The first port of ours that no other installation has."""
    taken = {other.port for other in others}
    return next(port for port in range(FIRST_PORT, 65536) if port not in taken)


def as_asked_for(address: str) -> str:
    """A host as browsers and certificates name it: in small letters, a number in its short form."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address.lower()


def _is_number(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return "%" not in address  # of one machine's own cable, and nobody else's address
