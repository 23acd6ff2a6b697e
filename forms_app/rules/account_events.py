"""What the log of sign-ins and accounts tells: what happens to an account, in whose words.

It holds no address, no password and no name that somebody typed: it may have been a password.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from forms_app.rules.worktime import local_day

KEPT = timedelta(days=183)
KEPT_OF_EACH = 2_000  # of one account, however often somebody signs in
A_MINUTE = timedelta(minutes=1)


class Event(StrEnum):
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    ENDED = "ended"  # sessions elsewhere
    WALL = "wall"
    WRONG = "wrong"
    LOCKED = "locked"
    STRANGER = "stranger"
    THROTTLED = "throttled"
    WRONG_CODE = "wrong_code"
    CODE_USED = "code_used"
    FACTOR_SET = "factor_set"
    FACTOR_OFF = "factor_off"
    FACTOR_TAKEN = "factor_taken"
    NEW_CODES = "new_codes"
    CHANGED = "changed"
    MADE = "made"
    RESET = "reset"
    DISABLED = "disabled"
    ENABLED = "enabled"
    EMAIL = "email"
    PLACE = "place"
    UNLOCKED = "unlocked"
    CALLED = "called"


LABELS = {
    Event.SIGNED_IN: "登录了",
    Event.SIGNED_OUT: "退出了",
    Event.ENDED: "让别处退出",
    Event.WALL: "让大屏一直亮着",
    Event.WRONG: "密码不对",
    Event.LOCKED: "密码错得太多，要等一会儿再试",
    Event.STRANGER: "用户名不存在",
    Event.THROTTLED: "同一个地方试得太快，被拦下",
    Event.WRONG_CODE: "验证码或恢复码不对",
    Event.CODE_USED: "用掉一个恢复码",
    Event.FACTOR_SET: "设置了两步验证",
    Event.FACTOR_OFF: "本人取下了两步验证",
    Event.FACTOR_TAKEN: "管理员取下了两步验证",
    Event.NEW_CODES: "换了新的恢复码",
    Event.CHANGED: "本人改了密码",
    Event.MADE: "管理员新建账号",
    Event.RESET: "管理员重设密码",
    Event.DISABLED: "管理员停用账号",
    Event.ENABLED: "管理员启用账号",
    Event.EMAIL: "管理员改通知邮箱",
    Event.PLACE: "管理员改角色、社区、单位或街道",
    Event.UNLOCKED: "管理员解开了密码输错的锁",
    Event.CALLED: "管理员改称呼",
}
# What strangers can bring about as often as they like: one row a day, which counts.
COUNTED = frozenset({Event.WRONG, Event.LOCKED, Event.STRANGER, Event.THROTTLED, Event.WRONG_CODE})


def counted_as(event: Event, account_id: int | None, now: datetime) -> str | None:
    """What the row of the day is known by, on which this counts; None where each has its own."""
    if event not in COUNTED:
        return None
    return f"{event}:{account_id or ''}:{local_day(now)}"
