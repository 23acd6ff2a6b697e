"""A receipt whose line was corrected to nothing may be entered again: only casework knows which
lines still count, so its number is looked for along an index that no longer has it once.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    db.execute_sql("DROP INDEX fund_receipt_once")
    db.execute_sql("CREATE INDEX fund_receipt ON fund_entry (receipt) WHERE receipt != ''")
