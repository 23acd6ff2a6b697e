"""Everything of an office as plain files that any program can read, and back into an empty one.

Unlike a backup it knows neither SQLite nor PostgreSQL, so that an office can move from one to the
other. That nothing was lost is told by counts and hashes, which are the same on both sides: of each
table the SHA-256 of its lines, of each photo that of its bytes. What a folder holds is written in
its README.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

import peewee
from msgspec import Struct
from msgspec.structs import asdict

from forms_app.backups.manifest import BackupDamaged
from forms_app.store.contacts import Sealed
from forms_app.store.models import Issue
from forms_app.store.row import Row
from forms_app.store.tables import TABLES

FORMAT = 1
NAME = "export.json"
LINES = "tables"
_AT_ONCE = 200  # rows a statement; both databases bound its values
# What comes of a line that no export of ours holds, by what reads it or takes it in.
_NO_ROW = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
    RecursionError,
    peewee.DataError,
    peewee.IntegrityError,
    peewee.InterfaceError,
)

README = """\
十分钟圈整体导出，第 1 版格式。

export.json        清单：格式和数据库结构的版本，每张表的行数和 SHA-256，每个文件的 SHA-256 和大小
tables/表名.jsonl  一行一条记录，是一个 JSON 对象：列名 → 值，按 id 从小到大；时间是 UTC
                   （2026-11-28T07:00:00Z），空值是 null，真假是 true 和 false；编码是 UTF-8
photos/            照片和附件，文件名就是表里的 key
community/         街道和社区填的数据
published/         公布过的数字
content/           街道和社区填的数据在浏览器里改过的每一版，谁在什么时候改的

表与表之间用 id 联系（issue_id 指 issue 表的 id）。里面有居民的信息，请妥善保管。
密钥 secret_key、code_key、contact_key 和 push_key 不在里面：搬家时请把 private 里的 code_key 和
contact_key 另外拷过去，没有它们，查询码都不能用，称呼、电话和邮箱都打不开。
导入：在一套空的里运行 scripts/circle move-in 文件夹（程序要是同一个版本）。
"""


class Table(Struct, frozen=True):
    """How many rows a table has, and the SHA-256 of all its lines."""

    rows: int
    sha256: str


def fields_of(table: type[Row]) -> list[Any]:
    return list(table._meta.sorted_fields)


def lines_of(table: type[Row]) -> Iterator[bytes]:
    """Every row of a table, in the order of its ids, as it is written down."""
    fields = fields_of(table)
    names = [field.column_name for field in fields]
    for values in table.select(*fields).order_by(table.id).tuples().iterator():
        row = dict(zip(names, map(_written, values), strict=True))
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def measured(lines: Iterator[bytes], out: IO[bytes] | None = None) -> Table:
    """Counts and hashes the lines, and writes them where that is wanted. Raises OSError."""
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        rows += 1
        if out is not None:
            out.write(line)
    return Table(rows, digest.hexdigest())


def write_tables(folder: Path) -> dict[str, Table]:
    """Writes each table into its file below `folder`, within the caller's transaction.

    Raises OSError and peewee's errors.
    """
    (folder / LINES).mkdir()
    found = {}
    for table in TABLES:
        with (folder / LINES / f"{table._meta.table_name}.jsonl").open("wb") as out:
            found[table._meta.table_name] = measured(lines_of(table), out)
    return found


def read_tables(folder: Path, told: Mapping[str, Table]) -> None:
    """Puts the rows into tables that it empties first, within the caller's transaction, and
    compares what is in them then. Raises BackupDamaged, OSError and peewee's errors.
    """
    for table in reversed(TABLES):
        table.delete().execute()
    for table in TABLES:
        name = table._meta.table_name
        with (folder / LINES / f"{name}.jsonl").open("rb") as lines:
            try:
                _insert(table, lines)
            except _NO_ROW as error:
                raise BackupDamaged(f"{name}.jsonl 坏了，没有导入，请重新导出。") from error
        _go_on_counting(table)
        if measured(lines_of(table)) != told[name]:
            raise BackupDamaged(f"{name}.jsonl 和清单对不上，没有导入，请重新导出。")


def as_json(content: Mapping[str, object], tables: Mapping[str, Table]) -> bytes:
    """The list of an export."""
    whole = {"format": FORMAT, **content, "tables": {n: asdict(t) for n, t in tables.items()}}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _insert(table: type[Row], lines: IO[bytes]) -> None:
    fields = fields_of(table)
    names = [field.column_name for field in fields]
    follows: list[tuple[int, int]] = []  # issue → the one it was merged into, which may come later
    while some := [json.loads(line) for line in islice(lines, _AT_ONCE)]:
        for row in some:
            if set(row) != set(names):
                raise BackupDamaged(f"{table._meta.table_name}.jsonl 的列不对，请重新导出。")
            if table is Issue and row["merged_into_id"] is not None:
                follows.append((row["id"], row["merged_into_id"]))
                row["merged_into_id"] = None
        values = [
            [field.python_value(row[name]) for field, name in zip(fields, names, strict=True)]
            for row in some
        ]
        table.insert_many(values, fields=fields).execute()
    for follower, main in follows:
        Issue.update(merged_into=main).where(Issue.id == follower).execute()


def _go_on_counting(table: type[Row]) -> None:
    """The next row gets an id that nobody has; SQLite sees to it by itself."""
    database = table._meta.database.obj
    if isinstance(database, peewee.PostgresqlDatabase):
        last = table.select(peewee.fn.MAX(table.id)).scalar() or 0
        database.execute_sql(  # type: ignore[no-untyped-call]
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
            (table._meta.table_name, last + 1),
        )


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Sealed):
        return value.stored  # as encrypted as in the database
    return value
