"""`scripts/circle door`: a photo of a venue's door made small, without its place, into the data."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app.commands.arguments import Parser
from forms_app.community import DOOR_PHOTO_BYTES, DOORS, load
from forms_app.files.durable import make_folder, replace_files
from forms_app.files.photos import PhotoRefused, Photos
from forms_app.rules.os_words import why
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_door(commands: "Commands") -> None:
    """The `door` command."""
    text = "把场所门口的照片变小，去掉拍摄的地点和手机，放进 doors 文件夹"
    command = commands.add_parser("door", help=text, description=f"{text}。")
    command.add_argument("venue", metavar="场所", help="场所编号，见 venues.csv")
    command.add_argument("photo", metavar="照片", type=Path, help="手机拍的照片")
    command.set_defaults(run=door)


def door(settings: Settings, arguments: argparse.Namespace) -> int:
    """Writes doors/VENUE.jpg and says what to fill in; 1 where there is no such venue or photo."""
    venue = load(settings.community_dir).venues.get(arguments.venue)
    if venue is None:
        print(f"没有编号是「{arguments.venue}」的场所，请核对 venues.csv。", file=sys.stderr)
        return 1
    try:
        content = _made_small(arguments.photo)
    except (PhotoRefused, OSError) as refused:
        reason = refused.sentence if isinstance(refused, PhotoRefused) else why(refused)
        print(f"{arguments.photo}：{reason}", file=sys.stderr)
        return 1
    if len(content) > DOOR_PHOTO_BYTES:
        print(f"{arguments.photo}：太细碎，变小以后还是太大，请换一张。", file=sys.stderr)
        return 1
    place = settings.community_dir / DOORS
    make_folder(place, 0o755)
    replace_files({place / f"{venue.id}.jpg": content}, mode=0o644)
    print(
        f"已放进 {place / f'{venue.id}.jpg'}。\n"
        f"接着在 venues.csv 里「{venue.name}」这一行：door 填 {venue.id}.jpg，"
        "door_alt 用一句话写门口什么样。"
    )
    return 0


def _made_small(photo: Path) -> bytes:
    """The preview that residents' photos have, too. Raises PhotoRefused and OSError."""
    with tempfile.TemporaryDirectory() as folder, photo.open("rb") as content:
        photos = Photos(Path(folder))
        return photos.picture(photos.stage("door", content).key, small=True) or b""
