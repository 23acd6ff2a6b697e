"""Why the system did not do what it was asked, in the office's words: its own are English. Pure."""

import errno
from collections.abc import Mapping

_WORDS: Mapping[int, str] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已经有了",
    errno.ENOTDIR: "中间有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘的限额用完了",
    errno.EFBIG: "文件太大",
    errno.EROFS: "磁盘只能读",
    errno.EIO: "磁盘读写出错，可能坏了",
    errno.ENODEV: "磁盘不在",
    errno.ENXIO: "磁盘不在",
    errno.EBUSY: "正被别的程序占用",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EXDEV: "在两块磁盘上",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不够",
}

# By the name of the fault (store/faults): what keeps a database from its part.
FAULTS: Mapping[str, str] = {
    "unreachable": "连不上",
    "locked": "被别的程序占着",
    "full": "磁盘满了",
    "read-only": "磁盘只能读",
    "gone": "文件不在了",
    "damaged": "文件坏了一处",
}
# What to do about a damaged one: much of it can still be read, and a backup is a day old.
MEND_DAMAGED = (
    "磁盘可能要坏了。先把还读得出来的导出来（scripts/circle export 文件.xlsx），再停下服务，"
    "用最近的好备份恢复（scripts/circle restore），备份以后的照导出的表补录。"
    "坏的那份会另存，不会删掉。"
)


def why(error: OSError) -> str:
    """The reason in a few words; the system's own where ours are missing."""
    return _WORDS.get(error.errno or 0) or error.strerror or type(error).__name__
