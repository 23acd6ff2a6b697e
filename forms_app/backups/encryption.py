"""Backups that only a passphrase opens, in age's format (age-encryption.org): any age opens them.

A key made by chance encrypts; it lies beside each backup, itself encrypted with the passphrase, so
that deriving a key from words, which is slow on purpose, is done once a backup and not once a
photo. The next backup takes the key of the one before: a photo is encrypted and stored once.
"""

import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct

from forms_app.backups.manifest import NAME, BackupDamaged
from forms_app.files.durable import make_folder, replace_files
from forms_app.rules.refused import Refused

KEY = "key.age"
END = ".age"
_OF_THE_DISK = re.compile(r"\(os error (\d+)\)$")
OPENED = ".opened-"  # a folder with something in plain; a crash may leave it


class BackupLocked(Refused):
    """The backup does not open with this passphrase; the text says what to do."""


class Key(Struct, frozen=True):
    """The key of encrypted backups. `sealed` is itself, as it lies beside each of them."""

    identity: Any  # of pyrage's
    sealed: bytes

    def encrypt(self, source: Path, target: Path) -> None:
        """Writes the file's content for nobody but whoever has the key. Raises OSError."""
        target.touch(0o600)
        with _telling(source):
            _age().encrypt_file(str(source), str(target), [self.identity.to_public()])

    def decrypt(self, source: Path, target: Path) -> None:
        """Writes the content in plain. Raises BackupDamaged and OSError."""
        target.touch(0o600)
        with _telling(source):
            _age().decrypt_file(str(source), str(target), [self.identity])

    def name_of(self, sha256: str) -> str:
        """What this content is called: it tells nobody who has a photo that it is here."""
        secret = hashlib.sha256(str(self.identity).encode()).digest()
        return hmac.new(secret, sha256.encode(), "sha256").hexdigest()

    def encrypt_folder(self, source: Path, target: Path) -> None:
        """All that is in the folder into another one, and the key beside it. Raises OSError."""
        replace_files({target / KEY: self.sealed}, mode=0o600)
        for path in sorted(source.rglob("*")):
            if path.is_file():
                fresh = target / path.relative_to(source).with_name(path.name + END)
                make_folder(fresh.parent, 0o700)
                self.encrypt(path, fresh)

    def decrypt_folder(self, source: Path, target: Path) -> None:
        """What `encrypt_folder` has put there, in plain. Raises BackupDamaged and OSError."""
        for path in sorted(source.rglob(f"*{END}")):
            if path != source / KEY:
                plain = target / path.relative_to(source).with_name(path.name.removesuffix(END))
                make_folder(plain.parent, 0o700)
                self.decrypt(path, plain)


def is_encrypted(folder: Path) -> bool:
    """Whether this backup is one that a passphrase opens."""
    return (folder / f"{NAME}{END}").exists()


def new_key(passphrase: str) -> Key:
    """One that was never there before, for this passphrase."""
    identity = _age().x25519.Identity.generate()
    return Key(identity, _words().lock(str(identity).encode(), passphrase))


def key_of(folder: Path, passphrase: str | None) -> Key:
    """The key of this backup. Raises BackupLocked, BackupDamaged and OSError."""
    if passphrase is None:
        raise BackupLocked(
            f"备份 {folder} 加了密，请用 CIRCLE_BACKUP_PASSPHRASE_FILE 或 "
            "CIRCLE_BACKUP_PASSPHRASE 给出做这份备份时的口令。"
        )
    try:
        sealed = (folder / KEY).read_bytes()
        plain = _words().unlock(sealed, passphrase)
        return Key(_age().x25519.Identity.from_str(plain.decode()), sealed)
    except FileNotFoundError:
        raise BackupDamaged(f"备份里少了密钥：{folder / KEY}，备份可能没有拷全。") from None
    except _words().TooMuchMemory as error:
        raise BackupLocked(
            f"打不开备份的密钥 {folder / KEY}：试口令要 {error.megabytes} MB 内存，"
            "这台机器现在没有这么多。请先停下别的程序，或者换一台内存大的。现在的数据没有动。"
        ) from error
    except (_words().NotOpened, _age().IdentityError, UnicodeDecodeError) as error:
        raise BackupLocked(
            f"打不开备份的密钥 {folder / KEY}：口令不对，或者这个文件坏了。"
            "请核对口令；换过口令的，旧的备份要用旧的口令。现在的数据没有动。"
        ) from error


@contextmanager
def in_plain(folder: Path, key: Key | None, scratch: Path) -> Iterator[Path]:
    """The backup's folder; of an encrypted one what is in it, in plain, until the block ends.

    Raises BackupDamaged and OSError.
    """
    if key is None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=OPENED, dir=scratch) as opened:
        plain = Path(opened) / folder.name  # sentences name it
        plain.mkdir(0o700)
        key.decrypt_folder(folder, plain)
        yield plain


@contextmanager
def _telling(source: Path) -> Iterator[None]:
    """A block of pyrage's, whose errors are the disk's, told in words alone, or those of damage."""
    try:
        yield
    except (_age().DecryptError, _age().EncryptError, OSError) as error:
        told = _OF_THE_DISK.search(str(error))
        if told is not None:
            raise OSError(int(told[1]), os.strerror(int(told[1])), str(source)) from error
        raise BackupDamaged(f"备份里的文件内容变了：{source} 坏了，或者被人改过。") from error


# Both only where something is encrypted.
def _age() -> Any:
    return import_module("pyrage")


def _words() -> Any:
    return import_module("forms_app.backups.passphrase")
