"""elsewhere.yml: what residents ask for and others do."""

from forms_app.content.inputs import Line, Phone, Words
from forms_app.content.kind import Field, Kind, named
from forms_app.content.layouts import Listed

KIND = Kind(
    file="elsewhere.yml",
    name="不在这里办的事",
    one="别处办的事",
    layout=Listed(("id",)),
    key=("id",),
    made="elsewhere",
    title=named(),
    rank=73,
    about="医保、水电气这样居民常问、别处办的事：搜到时先告诉他找谁。",
    fields=(
        Field("name", "什么事", Line(60), is_needed=True),
        Field("who", "归谁办", Line(60), is_needed=True, is_told=True),
        Field("advice", "怎么办", Line(300), "一两句话。", is_needed=True),
        Field("phone", "打什么电话", Phone(), is_told=True),
        Field("words", "居民会用哪些词来问", Words(500), "用顿号分开。", is_needed=True),
        Field("danger", "有危险时先做什么", Line(100), is_rare=True),
    ),
)  # fmt: skip
