"""same_words.yml: words that mean the same."""

from forms_app.content.inputs import Words, many
from forms_app.content.kind import Field, Kind
from forms_app.content.layouts import Listed

KIND = Kind(
    file="same_words.yml",
    name="意思相同的词",
    one="一组词",
    layout=Listed(("words",)),
    key=("words",),
    title=lambda values, _names: (many(values.get("words", "")) or ("",))[0],
    rank=72,
    about="居民搜哪一个，都当作第一个来找。",
    fields=(
        Field("words", "意思相同的词", Words(500), "至少两个，用顿号分开；第一个最常用。",
              is_needed=True, is_told=True),
    ),
)  # fmt: skip
