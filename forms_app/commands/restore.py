"""`scripts/circle restore`: puts a backup into the place of the present database.

Everything is compared first: the files with their list, and the database where it is staged,
brought up to date, its histories retraced. That very copy is put in; the present database gets
another name, and one rename changes them, so that a crash leaves either the one or the other.
Photos are only added, or put right where they are damaged: so no order of theirs can lose one.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app.backups.databases import is_there, kind_of, put_in, staged
from forms_app.backups.encryption import in_plain, is_encrypted, key_of
from forms_app.backups.files_back import bring_files
from forms_app.backups.made_ready import Held, held_at, made_ready
from forms_app.backups.manifest import Manifest
from forms_app.backups.photos_back import Photos, bring_photos, photos_of
from forms_app.backups.place import Place, compare_files, database_in, found
from forms_app.backups.single_file import length_of, need_head, packed, photos_beside
from forms_app.backups.source import RestoreRefused, Source
from forms_app.commands.arguments import Parser
from forms_app.commands.claims import need_alone
from forms_app.files.running_lock import in_use
from forms_app.office.last_good import forget
from forms_app.office.shipped import is_untouched
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused
from forms_app.settings import Settings
from forms_app.store.database import open_database

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

YES = "恢复"
OWN_DATA = "community/circle.yml"
CHECKING = ".checking-"  # a scratch folder; a crash may leave it


def add_restore(commands: "Commands") -> None:
    text = "先核对备份，再用它换下现在的数据库，补回缺的照片"
    command = commands.add_parser(
        "restore", help=text, description=f"{text}。先停下服务；现在的数据库另存一份，不会删掉。"
    )
    command.add_argument(
        "path", metavar="文件夹或文件", type=Path,
        help="一份备份的文件夹，放备份的文件夹（用最新的一份），或者 backup 备份出来的文件",
    )  # fmt: skip
    command.add_argument("--yes", action="store_true", help="不用再问，直接恢复")
    command.add_argument("--check", action="store_true", help="只核对这份备份，什么也不改")
    command.add_argument(
        "--without-photos", action="store_true", help="备份里有照片缺了或坏了，也恢复其余的"
    )
    command.add_argument(
        "--without-keys", action="store_true",
        help="密钥找不回来：打不开的查询码、两步验证、称呼、电话和邮箱不要了，恢复其余的",
    )  # fmt: skip
    command.add_argument(
        "--other-office", action="store_true", help="这是别处的备份，也用它换下这里的数据"
    )
    command.set_defaults(run=restore)


def restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """Puts the backup in; 0 when it is in, 1 when nothing was changed. Raises Refused."""
    with _readable(arguments.path), ExitStack() as held:
        if not arguments.check:
            held.enter_context(in_use(settings.private_dir, alone=True))
        source = _compared(settings, arguments, held)
        if not arguments.check:
            _need_no_other(settings)
        return (_check if arguments.check else _restore)(settings, arguments, source)


def _check(settings: Settings, arguments: argparse.Namespace, source: Source) -> int:
    url = settings.database_url
    with (
        tempfile.TemporaryDirectory(prefix=CHECKING, dir=settings.private_dir) as scratch,
        staged(source.database, url, Path(scratch), source.length) as copy,
    ):
        fresh = made_ready(settings, copy, source, None, may_forget=arguments.without_keys)
    photos = photos_of(settings, source, fresh.facts)
    _need_photos(photos, arguments)
    print(f"备份里有{fresh}。{fresh.forgotten}{photos}备份是完整的，什么也没有改。")
    return 0


def _restore(settings: Settings, arguments: argparse.Namespace, source: Source) -> int:
    url = settings.database_url
    with staged(source.database, url, length=source.length) as copy:
        present = held_at(url) if is_there(url) else None
        fresh = made_ready(settings, copy, source, present, may_forget=arguments.without_keys)
        _need_own(fresh, present, arguments)
        photos = photos_of(settings, source, fresh.facts)
        _need_photos(photos, arguments)
        print(f"备份里有{fresh}。{fresh.forgotten}")
        if is_there(url):
            print(f"现在的数据库里有{present or '读不出来的内容'}。")
        else:
            print("现在还没有数据库。")
        if photos.wanted or photos.missing:
            print(photos)
        if not arguments.yes and not _is_sure():
            print("没有恢复，什么也没有改。", file=sys.stderr)
            return 1
        bring_photos(settings, source, photos.wanted)
        has_own = _has_own(settings)
        if source.manifest is not None and not has_own:
            forget(settings)
        files = bring_files(settings, source, has_own=has_own)
        aside = put_in(copy, url)
    kept = f"原来的数据库另存在 {aside}，确定不用了再删。" if aside else ""
    again = ""
    if fresh.erased_again:
        again = f"备份以后反映人删除过的，按删除清单又删了{fresh.erased_again}次。"
    lacking = ""
    if not (settings.data / OWN_DATA).exists():
        lacking = (
            f"这份备份里没有社区数据：请先把原来的 community 文件夹拷到 {settings.data} 里；"
            "找不回来的，用 scripts/circle new-office 建一份待填的。"
        )
    brought = f"社区数据和台账补回了{files}个文件。" if files else ""
    print(
        f"已经恢复。{kept}{brought}备份以后登记和办理的要重新录入；备份时还没发出的通知不再发送，工作人员要重新登录。"
        f"{again}{lacking}"
        f"{'然后' if lacking else '现在'}可以用 scripts/start 启动。"
    )
    return 0


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """A block in which a disk that does not do its part is a sentence."""
    try:
        yield
    except OSError as error:
        if isinstance(error, Refused):
            raise
        where = error.filename or path
        raise RestoreRefused(
            f"没有恢复：{where}（{why(error)}），请检查文件和磁盘空间。"
        ) from error


def _need_no_other(settings: Settings) -> None:
    """No other server is using the database, as far as that can be asked. Raises OtherThere."""
    if not settings.server or not is_there(settings.database_url):
        return
    with closing(open_database(settings.database_url)):
        need_alone(settings, "没有恢复。请先停下它；它要是断电了，等三分钟再恢复。")


def _compared(settings: Settings, arguments: argparse.Namespace, held: ExitStack) -> Source:
    """The backup that is meant, after its files were compared; one in plain is gone with `held`.

    Raises BackupDamaged and BackupLocked.
    """
    path: Path = arguments.path
    if path.is_dir():
        folder = found(path, datetime.now(UTC))
        key = key_of(folder, _passphrase(settings)) if is_encrypted(folder) else None
        plain = held.enter_context(in_plain(folder, key, settings.private_dir))
        manifest = Manifest.read(plain)
        place = Place(folder.resolve().parent, key)
        compare_files(plain, manifest, place, without_photos=arguments.without_photos)
        photos = {
            name: one
            for name, one in manifest.photos.items()
            if not arguments.without_photos or place.holds(one)
        }
        database = database_in(plain, manifest)
        source = Source(plain, place, database, None, manifest.kind, manifest, photos)
    else:
        need_head(path)
        photos = dict(packed(photos_beside(path)))
        source = Source(path, None, path, length_of(path), "sqlite", None, photos)
    if source.kind != kind_of(settings.database_url):
        raise RestoreRefused(
            f"备份里的数据库是 {source.kind}，"
            f"现在用的是 {kind_of(settings.database_url)}，换不进去。"
            "请检查 CIRCLE_DATABASE_URL；PostgreSQL 的备份由 pg_dump 做成，用 pg_restore 恢复。"
        )
    return source


def _passphrase(settings: Settings) -> str | None:
    """The office's, or the one that whoever sits there types."""
    if settings.backup_passphrase is None and sys.stdin.isatty():
        return getpass("备份的口令（输入时不显示）：") or None
    return settings.backup_passphrase


def _need_own(fresh: Held, present: Held | None, arguments: argparse.Namespace) -> None:
    """An office's data are not changed for another's by mistake. Raises RestoreRefused."""
    theirs = fresh.facts.installation
    is_other = (
        present is not None
        and present.issues > 0
        and theirs not in ("", present.facts.installation)
    )
    if is_other and not arguments.other_office:
        raise RestoreRefused(
            f"{arguments.path} 是另一处的备份，不是这里的（里面有{fresh}，这里有{present}）。"
            "请核对；确实要用它换下这里的数据，请加 --other-office。"
        )


def _need_photos(photos: Photos, arguments: argparse.Namespace) -> None:
    if photos.missing and not arguments.without_photos:
        raise RestoreRefused(
            f"有{len(photos.missing)}张照片备份里没有，这里也没有（第一张是 {photos.missing[0]}），"
            "没有恢复。请把备份旁边的照片一起拷来；确实找不回，可以加 --without-photos。"
        )


def _has_own(settings: Settings) -> bool:
    """Whether the office has edited its files since: they are not what the product ships."""
    is_shipped = is_untouched(settings.root, settings.community_dir)
    return (settings.data / OWN_DATA).exists() and not is_shipped


def _is_sure() -> bool:
    if not sys.stdin.isatty():
        print("没有人能回答，确定要恢复请加 --yes。", file=sys.stderr)
        return False
    return (
        input(f"现在的数据库会被换下（另存一份）。确定的话，输入“{YES}”再按回车：").strip() == YES
    )
