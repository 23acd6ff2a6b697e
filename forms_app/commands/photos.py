"""What the administrator's commands do about photos and files of notes: erase and sweep."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from forms_app import casework, queries
from forms_app.commands.arguments import Parser
from forms_app.commands.with_data import opened
from forms_app.community import Circle
from forms_app.settings import Settings

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def erase_photos(settings: Settings, circle: Circle, *, now: datetime) -> int:
    """Erases the photos, and the files of notes, whose time is over; how many photos."""
    keys = casework.erase_photos(circle, now=now)
    settings.photos.erase(keys)
    settings.attachments.erase(casework.erase_attachments(circle, now=now))
    return len(keys)


def add_sweep_photos(commands: "Commands") -> None:
    text = "删除两天前传来、最后没有提交的照片"
    command = commands.add_parser("sweep-photos", help=text, description=f"{text}。")
    command.set_defaults(run=sweep_photos)


def sweep_photos(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Erases photos, and files of notes, that no issue names."""
    with opened(settings):
        count = settings.photos.sweep(queries.kept_keys(), datetime.now(UTC))
    print(f"删除了{count}张没有提交的照片。")
    return 0
