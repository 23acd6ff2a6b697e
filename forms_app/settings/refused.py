"""What is said where a setting or a key cannot be used."""

from pathlib import Path

from forms_app.rules.refused import Refused


class SettingRefused(Refused):
    """A setting cannot be used; the text is one sentence that says what to do."""


class CodeKeyLost(SettingRefused):
    """The tickets in the database were kept under another key than this server has."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"数据库里的查询码是用另一个密钥保存的，{file} 不是原来的那一个"
            "（原来的丢了，系统就生成新的）。请从备份恢复这个文件再启动。"
            "实在找不回来，就运行 scripts/circle forget-codes --yes："
            "以前的查询码全部作废，居民要打值班电话查进度。"
        )


class ContactKeyLost(SettingRefused):
    """The contacts in the database are sealed with a key that this server has not."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"数据库里的称呼、电话和邮箱是用另一个密钥加密的，{file} 里没有那一个"
            "（原来的丢了，系统就生成新的）。什么也没有改。请从备份恢复这个文件再启动；"
            "用 PostgreSQL、有几台服务器的，每台都要放同一个文件。"
            "实在找不回来，就运行 scripts/circle forget-contacts --yes："
            "打不开的联系方式全部删除，问题本身的记录都保留。"
        )
