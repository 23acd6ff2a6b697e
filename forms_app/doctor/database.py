"""Whether the database answers and takes what is written, with the tables of this program."""

from collections.abc import Sequence

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.rules.os_words import FAULTS, MEND_DAMAGED
from forms_app.rules.said import said

OK = "ok"


def state() -> str:
    """`ok`, or the kind of fault: `full`, `read-only`, `locked`, `damaged`, `error`, …"""
    try:
        queries.ask()
        queries.ask_to_write()
    except queries.DATABASE_ERRORS as error:
        return str(queries.fault_of(error) or "error")
    return OK


def fault_words(found: str) -> str:
    """A kind of fault in the reader's words."""
    return said(FAULTS.get(found, "出错了"))


def look(facts: Facts) -> Sequence[Finding]:
    file = facts.settings.database_file
    if file is not None and not file.exists():
        return red(
            said("找不到数据库 %(file)s。", file=file),
            "检查CIRCLE_DATA写的文件夹；文件真的没了，用scripts/circle restore从备份恢复。",
        )
    found = state()
    if found == OK:
        return _of_schema()
    if found == queries.Fault.LOCKED:
        return red(
            "数据库被别的程序占着，现在什么也存不进去。",
            "看看是不是有人用别的工具打开着数据库，或者有命令停在半路：关掉它，不用重新启动服务。",
        )
    if found == queries.Fault.DAMAGED:
        return red("数据库的文件坏了一处。", MEND_DAMAGED)
    return red(
        said("数据库读不出来，或写不进去（%(fault)s）。", fault=fault_words(found)),
        "看看磁盘是不是满了、文件权限对不对；用PostgreSQL的看看它有没有启动；"
        "文件坏了就用scripts/circle restore从备份恢复。",
    )


def _of_schema() -> Sequence[Finding]:
    try:
        found = queries.schema()
    except queries.DATABASE_ERRORS:
        found = queries.Schema.OURS  # it answered just now
    if found is queries.Schema.NEWER:
        return red(
            "数据库是更新版本的程序用过的，这个旧版本用它会出错。",
            "把程序更新到那个版本，或者恢复更新以前的备份。",
        )
    if found is queries.Schema.OLDER:
        return yellow("程序已经更新，数据库还没有跟上。", "重新加载或重新启动服务。")
    return green("数据库正常。")
