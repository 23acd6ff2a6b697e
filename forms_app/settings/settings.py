"""The settings of one installation, checked once before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from forms_app.files.attachments import Attachments
from forms_app.files.objects import BucketPlace, Folder, Objects
from forms_app.files.photos import Photos
from forms_app.rules.contact_keys import ContactKeys
from forms_app.rules.keys import CodeKey
from forms_app.settings import addresses, folders, keys
from forms_app.settings.refused import SettingRefused


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
    server: str = ""  # which of several on one database; "" where there can be only one
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

    @cached_property
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

    @cached_property
    def push_public_file(self) -> Path:
        """Where its public half lies, which pages give to browsers."""
        return self.private_dir / "push_key.pub"

    @cached_property
    def may_wake(self) -> bool:
        """Whether browsers may be woken from the public address: by HTTPS, or on this machine."""
        parts = urlsplit(self.public_url or "http://localhost")
        return parts.scheme == "https" or addresses.is_loopback(parts.hostname or "")

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
        data = folders.data_folder(given, root)
        build = folders.build_folder(given, root)
        private = data / "private"
        secret_key, code_key = "", CodeKey("")
        contact_key_file = private / "contact_key"
        server = ""
        database_url = addresses.database_url(
            given.get("CIRCLE_DATABASE_URL"), private / "forms.db"
        )
        contact_keys = ContactKeys.fresh()  # of who looks at a copy before there is a key
        if not only_reads:
            folders.need_folder(private, 0o700)
            # Reports are taken and told of without a site.
            folders.need_folder(data / "published", may_be_closed=True)
            folders.need_folder(build, may_be_closed=True)
            secret_key = keys.secret_key(given.get("CIRCLE_SECRET_KEY"), private / "secret_key")
            code_key = CodeKey(keys.kept_key(private / "code_key", "旧的查询码就都不能再用"))
            if not database_url.startswith("sqlite:"):
                server = keys.server_name(private / "server")
        if not only_reads or contact_key_file.exists():
            contact_keys = keys.contact_keys(contact_key_file)
        return cls(
            root=root,
            data=data,
            build=build,
            secret_key=secret_key,
            code_key=code_key,
            contact_keys=contact_keys,
            database_url=database_url,
            server=server,
            public_url=addresses.public_url(given.get("CIRCLE_PUBLIC_URL")),
            demo_password=given.get("CIRCLE_DEMO_PASSWORD"),
            smtp_url=addresses.smtp_url(given),
            backup_dir=folders.backup_dir(given.get("CIRCLE_BACKUP_DIR"), data),
            backup_passphrase=keys.backup_passphrase(given),
            bucket=addresses.bucket(given.get("CIRCLE_S3_URL")),
            webhook_url=addresses.address(given, "CIRCLE_WEBHOOK_URL", ("https", "http")),
            proxy=addresses.proxy(given.get("CIRCLE_PROXY")),
            has_limits=_has_limits(given.get("CIRCLE_LIMITS")),
        )


def _has_limits(given: str | None) -> bool:
    if given not in (None, "on", "off"):
        raise SettingRefused("CIRCLE_LIMITS 只能写 off（只在本机测量时关掉限制），或不设它。")
    return given != "off"


def need_limits(settings: Settings, host: str) -> None:
    """Raises SettingRefused where the limits are off and others than this machine could come."""
    if not (settings.has_limits or addresses.is_loopback(host)):
        raise SettingRefused(
            f"CIRCLE_LIMITS=off 只能用在本机（--host 127.0.0.1），不能在 {host} 上；请不设它。"
        )
