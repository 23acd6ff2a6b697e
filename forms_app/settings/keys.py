"""Keys, names and passphrases: read from their files, drawn once where there are none yet."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from forms_app.files.durable import make_once
from forms_app.rules.contact_keys import ContactKeys
from forms_app.settings.folders import place
from forms_app.settings.refused import SettingRefused

SECRET_KEY_MIN = 32  # letters
PASSPHRASE_MIN = 12
PASSPHRASE_MOST = 10_000  # what has no end is no file of ours


def secret_key(given: str | None, path: Path) -> str:
    """CIRCLE_SECRET_KEY, or the one kept in the file. Raises SettingRefused."""
    if given is not None:
        if len(given) < SECRET_KEY_MIN:
            raise SettingRefused(
                f"CIRCLE_SECRET_KEY 太短，请换成至少 {SECRET_KEY_MIN} 个字符的随机文字，"
                "或不设它，由系统自己生成。"
            )
        return given
    return kept_key(path, "大家需要重新登录")


def kept_key(path: Path, loss: str) -> str:
    """The key in the file, made where there is none yet; `loss` is what a new one would cost.

    Raises SettingRefused.
    """
    key = _kept(path, secrets.token_urlsafe(48))
    if len(key) < SECRET_KEY_MIN:
        raise SettingRefused(
            f"密钥文件 {path} 读不出来或不完整，请从备份恢复；没有备份就删掉它，"
            f"系统会重新生成，{loss}。"
        )
    return key


def server_name(path: Path) -> str:
    """By which the servers on one database know this one; drawn once for its data folder.

    Raises SettingRefused where its file cannot be read or written.
    """
    name = _kept(path, secrets.token_hex(8))
    if not name:
        raise SettingRefused(f"文件 {path} 读不出来或是空的，请删掉它再启动，系统会重新生成。")
    return name


def contact_keys(path: Path) -> ContactKeys:
    """Those in the file, made with one where there is none yet. Raises SettingRefused where they
    cannot be read.
    """
    try:
        return ContactKeys.read(_kept(path, ContactKeys.fresh().told()))
    except ValueError:
        raise SettingRefused(
            f"密钥文件 {path} 读不出来或不完整，请从备份恢复；"
            "没有它，数据库里的称呼、电话和邮箱都打不开。"
        ) from None


def _kept(path: Path, fresh: str) -> str:
    """What stands in the file, which is made with `fresh` where there is none yet; "" where it
    says nothing. Raises SettingRefused where nobody may read it: nothing is wrong with what is in
    it, and nobody may be told to make another.
    """
    try:
        if not path.exists():
            make_once(path, f"{fresh.strip()}\n".encode())
        return path.read_text(encoding="ascii").strip()
    except PermissionError:
        raise SettingRefused(f"密钥文件 {path} 在，但是没有权限读，请不要删它。") from None
    except (OSError, UnicodeDecodeError):
        return ""


def backup_passphrase(given: Mapping[str, str]) -> str | None:
    """What backups are encrypted with; None where nothing is set. Raises SettingRefused."""
    text, name = given.get("CIRCLE_BACKUP_PASSPHRASE"), given.get("CIRCLE_BACKUP_PASSPHRASE_FILE")
    if name is not None:
        if text is not None:
            raise SettingRefused(
                "CIRCLE_BACKUP_PASSPHRASE 和 CIRCLE_BACKUP_PASSPHRASE_FILE 只能写一个。"
            )
        text = _passphrase_in(place("CIRCLE_BACKUP_PASSPHRASE_FILE", name))
    if text is not None and len(text) < PASSPHRASE_MIN:
        raise SettingRefused(
            f"备份的口令太短，请换成至少 {PASSPHRASE_MIN} 个字符的，例如几个不相干的词。"
        )
    return text


def _passphrase_in(file: Path) -> str:
    """The first line of a file that nobody else may read."""
    try:
        is_open = file.stat().st_mode & 0o077
        with file.open(encoding="utf-8") as lines:
            text = lines.readline(PASSPHRASE_MOST + 1).strip()
    except (OSError, UnicodeDecodeError):
        raise SettingRefused(
            f"读不出备份的口令文件 {file}，请检查 CIRCLE_BACKUP_PASSPHRASE_FILE 和文件的权限。"
        ) from None
    if is_open:
        raise SettingRefused(f"备份的口令文件 {file} 别人也能读，请先运行 chmod 600 {file}。")
    return text
