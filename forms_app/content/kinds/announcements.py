"""announcements.yml: told on the home page from one day to another."""

from forms_app.community.announcements import ANNOUNCEMENTS
from forms_app.content.inputs import Choice, Day, Line, Paragraph
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed
from forms_app.content.offers import communities

KIND = Kind(
    file=ANNOUNCEMENTS,
    name="公告",
    one="公告",
    layout=Listed(("id",)),
    key=("id",),
    made="notice",
    title=named("title"),
    rank=15,
    about="停水、放假、换地方：写在首页最上面，到日子自己撤下。",
    fields=(
        Field("title", "一句话说完", Line(40), "例如 12月3日上午停水。", is_needed=True,
              others=("标题", "主题")),
        Field("text", "详细", Paragraph(500), "什么时候、哪里、找谁。",
              others=("内容", "正文")),
        Field("first", "从哪天", Day(), "从这一天起写在首页上；停水、放假这样的事，早几天就写上。",
              is_needed=True, is_told=True,
              others=("开始日期",)),
        Field("last", "到哪天", Day(), "过了这一天自己撤下。", is_needed=True, is_told=True,
              others=("结束日期", "截止日期")),
        Field("community_id", "哪个社区", Choice(offers=communities), "全部社区的不选。",
              refers="communities", is_told=True),
    ),
)  # fmt: skip
