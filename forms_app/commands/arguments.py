"""What may be written behind the commands, and how a wrong word is answered: in Chinese.

Standard library only: scripts/start reads it before anything is installed.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


# argparse's own words, and ours for them: what it says of a wrong word is not in any catalogue.
_SAID = (
    (r"the following arguments are required: (?P<a>.+)", "还要写{a}"),
    (r"unrecognized arguments: (?P<a>.+)", "不认识 {a}"),
    (r"argument 命令: invalid choice: '?(?P<a>.*?)'? \(choose from .*", "没有 {a} 这个命令"),
    (
        r"argument (?P<a>.+?): invalid choice: '?(?P<b>.*?)'? \(choose from (?P<c>.+)\)",
        "{a}不能写 {b}，可以写 {c}",
    ),
    (r"argument (?P<a>.+?): expected (one|at least one) argument", "{a} 后面还要写一个值"),
    (r"argument (?P<a>.+?): expected (?P<b>\d+) arguments", "{a} 后面要写{b}个值"),
    (r"argument (?P<a>.+?): ignored explicit argument .*", "{a} 后面不写值"),
    (r"argument (?P<a>.+?): not allowed with argument (?P<b>.+)", "{a} 和 {b} 只能写一个"),
    (r"one of the arguments (?P<a>.+) is required", "{a} 里要写一个"),
    (r"argument (?P<a>.+?): invalid .*? value: '(?P<b>.*)'", "{a}不能写 {b}"),
    (r"argument (?P<a>.+?): (?P<b>.+)", "{a}：{b}"),
)


def _in_chinese(message: str) -> str:
    for words, ours in _SAID:
        found = re.fullmatch(words, message)
        if found is not None:
            given = {name: text.replace("'", "") for name, text in found.groupdict().items()}
            return ours.format(**given)
    return message  # of an argparse that says it otherwise


def tell_interrupted() -> int:
    """Says that Ctrl-C was understood; the code that a shell expects of it."""
    print("已中断。", file=sys.stderr)
    return 130


def tell_waiting(words: str) -> None:
    """Says what takes long, to whoever sits before it: no timer and no log wants to read it."""
    if sys.stderr.isatty():
        print(words, file=sys.stderr, flush=True)


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """argparse with Chinese headings; a wrong word ends the program with 2 and one sentence."""

    def __init__(self, *, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "要写的"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def parse_known_args(  # type: ignore[override]  # argparse's own has overloads
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Nothing goes on unknown: a command refuses it itself and so names its own help."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, []

    def error(self, message: str) -> NoReturn:
        said = _in_chinese(message)
        print(f"参数不对：{said}。请用 {self.prog} --help 查看用法。", file=sys.stderr)
        raise SystemExit(2)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"端口要写 0 到 65535 之间的整数，不能是 {text}")
    return int(text)


def start_parser() -> Parser:
    """The arguments of scripts/start, which the keeper and its servers read again."""
    parser = Parser(
        prog="scripts/start",
        description="启动十分钟圈：首次运行会安装所需的软件，然后在一个端口上提供网站和办事页面。",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar="端口",
        help=f"监听的端口，默认 {DEFAULT_PORT}；写 0 则任选一个空闲端口",
    )
    parser.add_argument(
        "--host",
        default=DEFAULT_HOST,
        metavar="地址",
        help=f"监听的地址，默认 {DEFAULT_HOST}，只有本机能访问",
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="放入示例问题，并为每种角色建一个示例账号",
    )
    parser.add_argument(
        "--new-office",
        action="store_true",
        help="数据库不在了，也不从备份恢复：从空的重新开始",
    )
    return parser
