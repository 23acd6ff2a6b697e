"""The table of all checks, in the order in which they are shown."""

from collections.abc import Sequence

from msgspec import Struct

from forms_app.doctor import (
    accounts,
    backup,
    certificate,
    clock,
    community,
    database,
    disk,
    keys,
    mail,
    memory,
    nights,
    outbox,
    owners,
    pages,
    phones,
    robots,
    safety,
    tick,
    versions,
)
from forms_app.doctor.finding import Check, Facts, Finding, Light

# A new one is a file and a line here.
CHECKS: tuple[Check, ...] = (
    Check("database", "数据库", database.look),
    Check("disk", "磁盘", disk.look),
    Check("room", "磁盘空间", disk.look_at_room),
    Check("owners", "文件的主人", owners.look),
    Check("keys", "密钥", keys.look),
    Check("memory", "内存", memory.look),
    Check("backup", "备份", backup.look),
    Check("nights", "夜里的事", nights.look),
    Check("tick", "按时提醒", tick.look),
    Check("outbox", "待发的通知", outbox.look),
    Check("mail", "邮件", mail.look),
    Check("phones", "短信和手机通知", phones.look),
    Check("robots", "群机器人", robots.look),
    Check("certificate", "网站证书", certificate.look),
    Check("clock", "时钟", clock.look),
    Check("versions", "版本", versions.look),
    Check("accounts", "账号", accounts.look),
    Check("community", "社区数据", community.look),
    Check("pages", "手册和自己的页面", pages.look),
    Check("safety", "安全设置", safety.look),
)


class Line(Struct, frozen=True):
    """What one check found: as grave as its gravest finding."""

    check: Check
    findings: Sequence[Finding]

    @property
    def light(self) -> Light:
        lights = {one.light for one in self.findings}
        return next(light for light in Light if light in lights)


def examine(facts: Facts) -> list[Line]:
    """All of them. What ails one keeps no other from being told."""
    return [Line(check, check.look(facts)) for check in CHECKS]


def by_light(lines: Sequence[Line]) -> list[tuple[Check, Finding]]:
    """Every finding with its check: what is to be done first is first."""
    found = [(line.check, one) for line in lines for one in line.findings]
    return sorted(found, key=lambda pair: list(Light).index(pair[1].light))
