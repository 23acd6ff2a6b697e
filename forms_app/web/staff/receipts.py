"""A ticket on its way to somebody: on a slip, read out aloud. It knows nothing of rows."""

from forms_app.formats.qr_codes import qr_code
from forms_app.web.request import private_link, public_address

# 0 and 1 as they are said on the telephone; the letters by places and words that everybody knows.
_SAID = {
    "0": "洞", "1": "幺", "2": "二", "3": "三", "4": "四",
    "5": "五", "6": "六", "7": "七", "8": "八", "9": "九",
    "A": "安徽的A", "B": "北京的B", "C": "长沙的C", "D": "大连的D", "E": "鹅的E",
    "F": "福州的F", "G": "广州的G", "H": "杭州的H", "J": "济南的J", "K": "开封的K",
    "M": "妈妈的M", "N": "南京的N", "P": "苹果的P", "Q": "青岛的Q", "R": "热水的R",
    "S": "上海的S", "T": "天津的T", "V": "倒三角的V", "W": "武汉的W", "X": "西安的X",
    "Y": "扬州的Y", "Z": "郑州的Z",
}  # fmt: skip


def spoken(ticket: str) -> list[tuple[str, str]]:
    """Each group of the ticket with the words to read it out: `("7K2M", "七、开封的K、二、…")`."""
    return [(group, "、".join(_SAID[letter] for letter in group)) for group in ticket.split("-")]


def slip(ticket: str) -> dict[str, object]:
    """What staff/_slip.html shows of it, beside the issue."""
    return {
        "ticket": ticket,
        "groups": spoken(ticket),
        "address": f"{public_address()}issues/",
        "qr": qr_code(private_link(ticket), "查询码的二维码"),
    }
