"""Where everything lies and what the environment says. Checked once before anything starts.

It knows no database, no web and none of the community's data. Secrets stay out of its `repr` and
out of its sentences.
"""

import errno
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from forms_app.files.attachments import Attachments
from forms_app.files.durable import make_folder, make_once
from forms_app.files.objects import BucketPlace, Folder, Objects
from forms_app.files.photos import Photos
from forms_app.rules.contact_keys import ContactKeys
from forms_app.rules.keys import CodeKey
from forms_app.rules.refused import Refused

SECRET_KEY_MIN = 32
PASSPHRASE_MIN = 12
_SENDER = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class SettingRefused(Refused):
    """A setting cannot be used; the text is one sentence that says what to do."""


class CodeKeyLost(SettingRefused):
    """The tickets in the database were kept under another key than this server has."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"数据库里的查询码是用另一个密钥保存的，{file} 不是原来的那一个"
            "（原来的丢了，系统就生成新的）。请从备份恢复这个文件再启动。"
            "实在找不回来，就运行 scripts/circle forget-codes --yes："
            "以前的查询码全部作废，居民要打值班电话查进度。"
        )


class ContactKeyLost(SettingRefused):
    """The contacts in the database are sealed with a key that this server has not."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"数据库里的称呼、电话和邮箱是用另一个密钥加密的，{file} 里没有那一个"
            "（原来的丢了，系统就生成新的）。什么也没有改。请从备份恢复这个文件再启动；"
            "用 PostgreSQL、有几台服务器的，每台都要放同一个文件。"
            "实在找不回来，就运行 scripts/circle forget-contacts --yes："
            "打不开的联系方式全部删除，问题本身的记录都保留。"
        )


@dataclass(frozen=True)
class Settings:
    root: Path
    data: Path
    build: Path
    secret_key: str = field(repr=False)
    code_key: CodeKey
    contact_keys: ContactKeys
    database_url: str = field(repr=False)
    public_url: str | None = None
    demo_password: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    webhook_url: str | None = field(default=None, repr=False)
    backup_dir: Path | None = None  # the second place, on another disk
    backup_passphrase: str | None = field(default=None, repr=False)  # None: they are in plain
    bucket: BucketPlace | None = None  # where files lie that several servers share; None: here
    proxy: str | None = None  # the address whose X-Forwarded-For is believed
    has_limits: bool = True

    @property
    def community_dir(self) -> Path:
        return self.data / "community"

    @property
    def private_dir(self) -> Path:
        return self.data / "private"

    @property
    def content_dir(self) -> Path:
        """Where every version of the office's files lies that was written from a browser."""
        return self.private_dir / "content"

    @property
    def sms_file(self) -> Path:
        """Where the office's SMS gateway is described, if it has one."""
        return self.private_dir / "sms.yml"

    @property
    def code_key_file(self) -> Path:
        return self.private_dir / "code_key"

    @property
    def contact_key_file(self) -> Path:
        return self.private_dir / "contact_key"

    @property
    def push_key_file(self) -> Path:
        """Where the key lies that signs what wakes a browser."""
        return self.private_dir / "push_key"

    @property
    def push_public_file(self) -> Path:
        """Where its public half lies, which pages give to browsers."""
        return self.private_dir / "push_key.pub"

    @property
    def may_wake(self) -> bool:
        """Whether browsers may be woken from the public address: by HTTPS, or on this machine."""
        parts = urlsplit(self.public_url or "http://localhost")
        return parts.scheme == "https" or _is_loopback(parts.hostname or "")

    @property
    def database_file(self) -> Path | None:
        """Where SQLite's file is; None where the database is PostgreSQL's."""
        if not self.database_url.startswith("sqlite:///"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def uploads_dir(self) -> Path:
        return self.private_dir / "uploads"

    @property
    def exports_dir(self) -> Path:
        """Where finished spreadsheets wait for whoever asked, for a day."""
        return self.private_dir / "exports"

    @property
    def backups_dir(self) -> Path:
        """The first place of backups, beside the data."""
        return self.private_dir / "backups"

    @property
    def backup_places(self) -> tuple[Path, ...]:
        """Where the office's backups go every night."""
        return (self.backups_dir, *((self.backup_dir,) if self.backup_dir else ()))

    @property
    def photos_dir(self) -> Path:
        return self.private_dir / "photos"

    def objects(self, folder: Path) -> Objects:
        """What belongs into this private folder: there, or in the bucket under its name."""
        if self.bucket is None:
            return Folder(folder)
        library = import_module("forms_app.files.bucket")  # it is an extra
        return cast(Objects, library.bucket(self.bucket, folder.name))

    @property
    def photos(self) -> Photos:
        """Residents' photos, wherever they lie."""
        return Photos(self.photos_dir, self.objects(self.photos_dir))

    @property
    def attachments(self) -> Attachments:
        """Files beside notes, which lie where the photos lie."""
        return Attachments(self.photos_dir, self.objects(self.photos_dir))

    @property
    def limits_file(self) -> Path:
        return self.private_dir / "limits.db"

    @property
    def published_dir(self) -> Path:
        return self.data / "published"

    @property
    def tallies_file(self) -> Path:
        return self.published_dir / "tallies.json"

    @property
    def roots_file(self) -> Path:
        """The months' roots of the log, as they were given out; only ever added to."""
        return self.published_dir / "log.json"

    @property
    def events_file(self) -> Path:
        """What each published event last said, and when it was changed."""
        return self.published_dir / "events.csv"

    @property
    def ledger_file(self) -> Path:
        return self.published_dir / "coverage.csv"

    @property
    def prefix(self) -> str:
        """The path that the public address adds before every other: "" or "/x"."""
        return urlsplit(self.public_url).path if self.public_url else ""

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], root: Path, *, only_reads: bool = False
    ) -> "Settings":
        """The settings of one installation; makes its folders and, once, its keys.

        A relative CIRCLE_DATA or CIRCLE_BUILD counts from `root`, so that it means the same in a
        service. Who `only_reads` gets no key but that of the contacts, where there is one, and the
        disk may be a broken one. Raises SettingRefused.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        data = data_folder(given, root)
        build = (root / Path(given.get("CIRCLE_BUILD", "build")).expanduser()).absolute()
        private = data / "private"
        secret_key, code_key = "", CodeKey("")
        contact_key_file = private / "contact_key"
        contact_keys = ContactKeys.fresh()  # of who looks at a copy before there is a key
        if not only_reads:
            _need_folder(private, 0o700)
            _need_folder(data / "published")
            _need_folder(build)
            secret_key = _secret_key(given.get("CIRCLE_SECRET_KEY"), private / "secret_key")
            code_key = CodeKey(_kept_key(private / "code_key", "旧的查询码就都不能再用"))
        if not only_reads or contact_key_file.exists():
            contact_keys = _contact_keys(contact_key_file)
        return cls(
            root=root,
            data=data,
            build=build,
            secret_key=secret_key,
            code_key=code_key,
            contact_keys=contact_keys,
            database_url=_database_url(given.get("CIRCLE_DATABASE_URL"), private / "forms.db"),
            public_url=_public_url(given.get("CIRCLE_PUBLIC_URL")),
            demo_password=given.get("CIRCLE_DEMO_PASSWORD"),
            smtp_url=_smtp_url(given),
            backup_dir=_backup_dir(given.get("CIRCLE_BACKUP_DIR"), data),
            backup_passphrase=_backup_passphrase(given),
            bucket=_bucket(given.get("CIRCLE_S3_URL")),
            webhook_url=_address(given, "CIRCLE_WEBHOOK_URL", ("https", "http")),
            proxy=_proxy(given.get("CIRCLE_PROXY")),
            has_limits=_has_limits(given.get("CIRCLE_LIMITS")),
        )


def office_folder(root: Path) -> Path:
    """Where an office's own data lie unless CIRCLE_DATA says otherwise: beside the checkout."""
    return root.with_name(f"{root.name}-data")


def is_office(folder: Path) -> bool:
    """Whether an office's data lie there: not whatever else has that name."""
    return (folder / "private").is_dir() or (folder / "community").is_dir()


def data_folder(environ: Mapping[str, str], root: Path) -> Path:
    """CIRCLE_DATA, else the office's own folder; before there is one, what the product ships.

    A relative CIRCLE_DATA counts from `root`, so that it means the same in a service.
    """
    given = environ.get("CIRCLE_DATA", "").strip()
    if given:
        return (root / Path(given).expanduser()).resolve()
    own = office_folder(root)
    return own if is_office(own) else (root / "data").resolve()


# A full disk, and one that went read-only.
ONLY_READABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _need_folder(folder: Path, mode: int = 0o755) -> None:
    was_there = folder.is_dir()
    try:
        make_folder(folder, mode)
        # Asking for permission bits would not notice a read-only or full disk.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError as error:
        if was_there and error.errno in ONLY_READABLE:
            return  # what it holds can still be read, and whoever writes is told
        raise SettingRefused(
            f"无法在文件夹 {folder} 里写文件（{error.strerror}），请检查权限和磁盘空间，"
            "或用 CIRCLE_DATA 指定别的数据文件夹。"
        ) from None


def _secret_key(given: str | None, path: Path) -> str:
    if given is not None:
        if len(given) < SECRET_KEY_MIN:
            raise SettingRefused(
                f"CIRCLE_SECRET_KEY 太短，请换成至少 {SECRET_KEY_MIN} 个字符的随机文字，"
                "或不设它，由系统自己生成。"
            )
        return given
    return _kept_key(path, "大家需要重新登录")


def _kept_key(path: Path, loss: str) -> str:
    """The key in the file, made where there is none yet; `loss` is what a new one would cost."""
    try:
        if not path.exists():
            make_once(path, f"{secrets.token_urlsafe(48)}\n".encode())
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if len(key) < SECRET_KEY_MIN:
        raise SettingRefused(
            f"密钥文件 {path} 读不出来或不完整，请从备份恢复；没有备份就删掉它，"
            f"系统会重新生成，{loss}。"
        )
    return key


def _contact_keys(path: Path) -> ContactKeys:
    """Those in the file, made with one where there is none yet."""
    try:
        if not path.exists():
            make_once(path, ContactKeys.fresh().told().encode())
        return ContactKeys.read(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise SettingRefused(
            f"密钥文件 {path} 读不出来或不完整，请从备份恢复；"
            "没有它，数据库里的称呼、电话和邮箱都打不开。"
        ) from None


def _database_url(given: str | None, default: Path) -> str:
    if given is None:
        return f"sqlite:///{default}"
    parts = _split("CIRCLE_DATABASE_URL", given)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        return given
    if parts.scheme == "postgresql" and parts.path.strip("/"):
        if find_spec("psycopg") is None:
            raise SettingRefused(
                "CIRCLE_DATABASE_URL 用的是 PostgreSQL，但还没有装它的驱动，请先运行 "
                '.venv/bin/pip install "psycopg[binary]>=3.3,<4"。'
            )
        return given
    raise SettingRefused(
        "CIRCLE_DATABASE_URL 无法使用，请写成 sqlite:////绝对路径/forms.db 或 "
        "postgresql://用户:密码@主机/库名。"
    )


def _bucket(given: str | None) -> BucketPlace | None:
    if given is None:
        return None
    parts = _split("CIRCLE_S3_URL", given)
    name, _, prefix = unquote(parts.path).strip("/").partition("/")
    options = parse_qs(parts.query, keep_blank_values=True)
    is_whole = parts.hostname and parts.username and parts.password and _BUCKET.fullmatch(name)
    is_plain = all(_PREFIX.fullmatch(f"/{part}") for part in prefix.split("/") if part)
    if parts.scheme != "s3" or not (is_whole and is_plain) or set(options) - {"region", "http"}:
        raise SettingRefused(
            "CIRCLE_S3_URL 无法使用，请写成 s3://钥匙:密钥@主机:端口/桶名/前缀?region=地区；"
            "钥匙和密钥里的特殊字符写成 %2F 这样的；只在机关内网用 http 的，后面加 &http。"
        )
    if find_spec("obstore") is None:
        raise SettingRefused(
            "CIRCLE_S3_URL 写了对象存储，但还没有装它的程序库，请先运行 "
            "python3 scripts/bootstrap.py requirements.lock requirements-s3.lock。"
        )
    scheme = "http" if "http" in options else "https"
    return BucketPlace(
        endpoint=f"{scheme}://{parts.netloc.rpartition('@')[2]}",
        bucket=name,
        prefix=prefix,
        region=options.get("region", ["us-east-1"])[0],
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
    )


def _backup_dir(given: str | None, data: Path) -> Path | None:
    if given is None:
        return None
    folder = Path(given).expanduser()
    if not folder.is_absolute() or folder.resolve().is_relative_to(data):
        raise SettingRefused(
            "CIRCLE_BACKUP_DIR 无法使用，请写另一块磁盘上一个文件夹的绝对路径，"
            f"例如 /mnt/backup；不能在数据文件夹 {data} 里面。"
        )
    return folder


def _backup_passphrase(given: Mapping[str, str]) -> str | None:
    text, name = given.get("CIRCLE_BACKUP_PASSPHRASE"), given.get("CIRCLE_BACKUP_PASSPHRASE_FILE")
    if name is not None:
        if text is not None:
            raise SettingRefused(
                "CIRCLE_BACKUP_PASSPHRASE 和 CIRCLE_BACKUP_PASSPHRASE_FILE 只能写一个。"
            )
        text = _passphrase_in(Path(name).expanduser())
    if text is not None and len(text) < PASSPHRASE_MIN:
        raise SettingRefused(
            f"备份的口令太短，请换成至少 {PASSPHRASE_MIN} 个字符的，例如几个不相干的词。"
        )
    return text


def _passphrase_in(file: Path) -> str:
    """The first line of a file that nobody else may read."""
    try:
        is_open = file.stat().st_mode & 0o077
        text = file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        raise SettingRefused(
            f"读不出备份的口令文件 {file}，请检查 CIRCLE_BACKUP_PASSPHRASE_FILE 和文件的权限。"
        ) from None
    if is_open:
        raise SettingRefused(f"备份的口令文件 {file} 别人也能读，请先运行 chmod 600 {file}。")
    return text


def _public_url(given: str | None) -> str | None:
    if given is None:
        return None
    parts = _split("CIRCLE_PUBLIC_URL", given)
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not _PREFIX.fullmatch(path)
        or any(part in (".", "..") for part in path.split("/"))
    ):
        raise SettingRefused(
            "CIRCLE_PUBLIC_URL 无法使用，请写成居民访问的完整网址，"
            "例如 https://www.example.cn 或 https://www.example.cn/circle。"
        )
    return f"{parts.scheme}://{parts.netloc}{path}"


def _address(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    parts = _split(name, value)
    if parts.scheme not in schemes or not parts.hostname:
        raise SettingRefused(f"{name} 无法使用，请写成 {schemes[0]}:// 开头的完整地址，或不设它。")
    return value


def _proxy(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return str(ip_address(given))
    except ValueError:
        raise SettingRefused(
            "CIRCLE_PROXY 无法使用，请写成前面那台网页服务器连过来的地址，"
            "例如 127.0.0.1，或不设它。"
        ) from None


def _has_limits(given: str | None) -> bool:
    if given not in (None, "on", "off"):
        raise SettingRefused("CIRCLE_LIMITS 只能写 off（只在本机测量时关掉限制），或不设它。")
    return given != "off"


def need_limits(settings: Settings, host: str) -> None:
    """Raises SettingRefused where the limits are off and others than this machine could come."""
    if not (settings.has_limits or _is_loopback(host)):
        raise SettingRefused(
            f"CIRCLE_LIMITS=off 只能用在本机（--host 127.0.0.1），不能在 {host} 上；请不设它。"
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _smtp_url(given: Mapping[str, str]) -> str | None:
    url = _address(given, "CIRCLE_SMTP_URL", ("smtp", "smtps"))
    if url is None:
        return None
    options = parse_qs(urlsplit(url).query, keep_blank_values=True)
    unknown = set(options) - {"starttls", "from"}
    if unknown or not _SENDER.fullmatch(options.get("from", ["office@example.cn"])[0]):
        raise SettingRefused(
            "CIRCLE_SMTP_URL 的 ? 后面只能写 starttls 和 from=发件邮箱，"
            "例如 smtp://用户:密码@主机:587/?starttls&from=office@example.cn。"
        )
    return url


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # out of range: ValueError
    except ValueError:
        raise SettingRefused(f"{name} 不是完整的地址，请检查主机名和端口，或不设它。") from None
    return parts
