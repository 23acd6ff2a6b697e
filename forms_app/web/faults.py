"""What a page says where the database or its disk cannot do its part just now."""

from collections.abc import Mapping

from forms_app.queries import Fault

RETRY_SECONDS = 600
# What is so, what is not lost, what to do; and the seconds after which to ask again.
FAULTS: Mapping[Fault, tuple[str, int]] = {
    # Whether the last thing sent was stored, nobody can know.
    Fault.UNREACHABLE: ("数据库暂时连不上，请稍后再试，或打值班电话。", 60),
    Fault.LOCKED: (
        "数据库正忙，这一次没有办成，以前存下的都还在。请等一分钟再试，或打值班电话。",
        60,
    ),
    Fault.FULL: (
        "存放数据的磁盘满了，这一次的没有存下，以前存下的都还在。"
        "请打值班电话告诉工作人员，清出地方以后再试。",
        RETRY_SECONDS,
    ),
    Fault.READ_ONLY: (
        "存放数据的地方现在只能读，写不进去，这一次的没有存下，以前存下的都还在。"
        "请打值班电话告诉工作人员，过后再试。",
        RETRY_SECONDS,
    ),
    Fault.GONE: (
        "存放数据的文件被移走或者换掉了，这一次的没有存下。"
        "请打值班电话告诉工作人员：先把原来的数据库文件放回去，再重新启动服务。",
        RETRY_SECONDS,
    ),
    Fault.DAMAGED: (
        "存放数据的文件坏了一处，这一次的没有办成。请打值班电话告诉工作人员。",
        RETRY_SECONDS,
    ),
}
