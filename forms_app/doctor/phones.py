"""Whether text messages and wake-ups reach residents' phones, and
whether their gateway is written down as it must be."""

from collections.abc import Sequence

from forms_app import queries
from forms_app.community import DataRefused
from forms_app.doctor.finding import Facts, Finding, Light, green, refused, yellow
from forms_app.notices.sms import FILE, read_gateway
from forms_app.rules.notices import SMS
from forms_app.rules.said import said


def look(facts: Facts) -> Sequence[Finding]:
    private = facts.settings.private_dir
    try:
        read_gateway(private)
    except DataRefused as error:
        return refused(private / FILE, error)
    try:
        vain = queries.unheard()
    except queries.DATABASE_ERRORS:
        return yellow("数据库读不出来，不知道有没有没送到的短信和手机通知。", "先处理数据库。")
    return [_finding(one) for one in vain] or green("没有送不到的短信和手机通知。")


def _finding(one: queries.Unheard) -> Finding:
    values = {"count": one.count, "error": one.error}
    if one.kind == SMS:
        return Finding(
            Light.YELLOW,
            said("%(count)s条短信没有送到，正在再试：%(error)s", **values),
            "看短信平台的地址、密钥和余额。四小时还送不到的，会转成“要打电话告诉”。",
        )
    return Finding(
        Light.YELLOW,
        said("%(count)s次手机通知没有送到，正在再试：%(error)s", **values),
        "看服务器能不能连上外网、时间准不准。留了电话的居民照样打电话告诉。",
    )
