"""Finds the office's folder, makes it at the first start, and moves it out of the checkout once.

The checkout is the product's: it holds a sample, and `git pull` may replace all of it.
"""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from forms_app.demo.laying import is_sample
from forms_app.files.durable import make_folder, replace_files
from forms_app.files.locks import FOR_EVER, Locked, holding
from forms_app.files.running_lock import InUse, in_use
from forms_app.office.checkout import has_changes, put_back
from forms_app.office.moving import (
    NotMoved,
    clear,
    copy_verified,
    done_clearing,
    not_cleared,
    unchanged,
)
from forms_app.office.shipped import SAMPLE, FolderRefused, is_bare, make_office
from forms_app.rules.os_words import why
from forms_app.settings import Settings, data_folder, is_office, office_folder
from forms_app.store.database import open_database, usable
from forms_app.store.schema import is_empty

COMMUNITY = "community/"
MOVED = "MOVED.txt"  # at the old place, which git ignores
WRITERS_SECONDS = 60


class Settled(Struct, frozen=True):
    """Where the data lie, and what the administrator is to know about it, in sentences."""

    folder: Path
    said: tuple[str, ...] = ()


def settle(environ: Mapping[str, str], root: Path, *, is_demo: bool) -> Settled:
    """The folder that a server uses; made, or moved out of the checkout, where that is due.

    The demonstration uses the sample where it lies. Raises FolderRefused, DatabaseRefused and
    LockUnusable.
    """
    if environ.get("CIRCLE_DATA", "").strip():
        return _given(data_folder(environ, root), root, is_demo=is_demo)
    try:
        make_folder(root / "build")
    except OSError as error:
        raise FolderRefused(
            f"无法在程序文件夹 {root} 里写文件（{why(error)}），请检查权限和磁盘空间。"
        ) from error
    with holding(root / "build" / "office.lock", wait_seconds=FOR_EVER):
        if is_demo:
            return Settled(root / "data")
        return _own(environ, root)


def _given(folder: Path, root: Path, *, is_demo: bool) -> Settled:
    """The checkout may be read-only then, and the folder a service's own below one that is not."""
    if not is_bare(folder):
        return Settled(folder)  # whatever is wrong with it, the settings and the readers say
    make_office(root, folder, is_sample=is_demo)
    return Settled(folder, () if is_demo else (_is_new(folder),))


def _own(environ: Mapping[str, str], root: Path) -> Settled:
    own, inside = office_folder(root), root / "data"
    if is_office(own):
        return Settled(own, _cleared(own, root))
    given = {**environ, "CIRCLE_DATA": str(inside)}
    settings = Settings.from_environment(given, root, only_reads=True)
    if _stays(settings, is_named="CIRCLE_DATABASE_URL" in environ):
        return Settled(inside)
    if not _holds_office(settings) and not has_changes(root):
        if not is_bare(own):
            raise FolderRefused(
                f"{own} 里是别的东西，不能用来放数据，请用 CIRCLE_DATA 指定另一个数据文件夹。"
            )
        make_office(root, own, is_sample=False)
        return Settled(own, (_is_new(own),))
    try:
        _move(root, inside, own)
        return Settled(own, _cleared(own, root))
    except InUse:
        said = f"数据仍在程序文件夹里的 {inside}：还有服务在用，停下再启动时搬出去。"
        return Settled(inside, (said,))
    except NotMoved as refused:
        return Settled(inside, (f"数据仍在程序文件夹里的 {inside}：{refused}",))


def _stays(settings: Settings, *, is_named: bool) -> bool:
    """Whether the administrator has said where the data in the checkout are."""
    links = (settings.root / "data", settings.private_dir, settings.community_dir)
    if any(path.is_symlink() for path in links):
        return True  # somewhere else already
    file = settings.database_file
    return is_named and file is not None and file.is_relative_to(settings.private_dir)


def _is_new(folder: Path) -> str:
    return (
        f"新的数据文件夹：{folder}。打开网站后面加 staff/ 的网址，用管理员账号登录，"
        "照“第一次设置”一步一步填；也可以直接改里面的 community/circle.yml。"
    )


def _holds_office(settings: Settings) -> bool:
    """Whether an office has worked with the data in the checkout: not the demonstration.

    Raises DatabaseRefused.
    """
    file = settings.database_file
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return False
    if not settings.code_key_file.exists():
        return False  # a database elsewhere that nobody has used from here
    database = open_database(settings.database_url)
    try:
        with usable():
            return not is_empty(database) and not is_sample()
    finally:
        database.close()


def _move(root: Path, inside: Path, own: Path) -> None:
    """Raises NotMoved and InUse."""
    parts = {name: inside / name for name in ("private", "published") if (inside / name).is_dir()}
    parts["community"] = root / SAMPLE
    private = inside / "private"
    if not private.is_dir():
        copy_verified(parts, own)
        return
    # No server, and none that writes: its lock is beside the database.
    with in_use(private, alone=True):
        try:
            with holding(private / "forms.db.lock", wait_seconds=WRITERS_SECONDS):
                copy_verified(parts, own)
        except Locked as error:
            raise NotMoved("有命令正在写数据库，请等它做完再启动。") from error


def _cleared(own: Path, root: Path) -> tuple[str, ...]:
    """Clears the old place of what was moved; what there is to say of it."""
    inside = root / "data"
    try:
        seals = not_cleared(own)
        if seals is None:
            return ()
        community = {n: one for n, one in seals.items() if n.startswith(COMMUNITY)}
        others = clear(inside, {n: one for n, one in seals.items() if n not in community})
        is_shipped = put_back(
            root, [name.removeprefix(COMMUNITY) for name in unchanged(inside, community)]
        )
        make_folder(inside / "private", 0o700)
        told = f"数据已经搬到 {own}，逐个文件核对过；以后都用那里的。\n"
        replace_files({inside / "private" / MOVED: told.encode()}, mode=0o600)
        done_clearing(own)
    except OSError as error:
        return (
            f"数据已经搬到 {own}，但旧的没有清完（{why(error)}）；请检查权限，下次启动会接着清。",
        )
    said = [f"数据已经搬到程序文件夹外面：{own}，逐个文件核对过。以后更新程序不会碰到它。"]
    if others:
        said.append(f"搬过以后又变了的旧文件没有删：{'、'.join(others[:3])}，在 {inside}。")
    if not is_shipped:
        said.append(f"{root / SAMPLE} 里还有改动，更新程序以前请先移走。")
    return tuple(said)
