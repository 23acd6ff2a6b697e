"""What nginx is told: who is passed on, how much may come, what is kept, and what is logged.

Pages come from the program, with the banner of an emergency above them; nginx keeps what the
program itself says may be kept for good. Only while the program is down does nginx read the last
published site from the disk, and says so on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from scripts.deployment.plan import SITES, DeployRefused, Plan
from scripts.deployment.steps import Doer, File, Gone, Link, Step
from scripts.deployment.texts import text

HTTP2_DIRECTIVE = (1, 25)  # from then on it has a line of its own
DEFAULT_SITE = PurePosixPath("/etc/nginx/sites-enabled/default")
_OF_DEBIAN = ("/etc/nginx/sites-available/default",)
# What nginx says itself, where the program cannot.
TOO_LARGE = "内容太大，没有收下。请按“返回”，填的内容还在，少选几张照片再提交。"
DOWN = "办事页面暂时打不开，请过一会儿再试；急的话请打社区值班电话。刚才填的内容，按“返回”还在。"
BUSY = (
    "从您这个网络来的访问一下子太多，请过半分钟再试；急的话请打社区值班电话。"
    "刚才填的内容，按“返回”还在。"
)
COPY = "办事页面暂时打不开，这是上次发布的内容，可能没有最新的通知；急的话请打社区值班电话。"


@dataclass(frozen=True)
class Sizes:
    """Bytes that any form may carry, and by more bytes the addresses that take files."""

    text: int
    files: Mapping[int, Sequence[str]]


def http_file(plan: Plan) -> PurePosixPath:
    return PurePosixPath("/etc/nginx/conf.d") / f"{plan.slug}.conf"


def lines_file(plan: Plan) -> PurePosixPath:
    """What stands in a server block: with those of others below the same place, or the parent's."""
    if plan.parent:
        return SITES / "parents" / f"{plan.slug}.conf"
    return SITES / "at" / plan.place / f"{plan.slug}.conf"


def block_name(plan: Plan) -> str:
    return f"circle-at-{plan.place.replace(':', '_')}.conf"


def files(
    plan: Plan, sizes: Sizes, *, has_ipv6: bool, version: tuple[int, ...], has_certificate: bool
) -> list[Step]:
    """Everything of nginx. `has_certificate`: one that is asked for may not be there yet."""
    folder = SITES / plan.slug
    steps: list[Step] = [
        File(http_file(plan), _http(plan)),
        File(folder / "proxy.conf", text("nginx.proxy", slug=plan.slug)),
        File(folder / "files.conf", _files_that_take_more(plan, sizes, folder)),
        File(lines_file(plan), _lines(plan, sizes, folder)),
    ]
    if plan.parent:
        return steps
    block = PurePosixPath("/etc/nginx/sites-available") / block_name(plan)
    return [
        *steps,
        File(block, _block(plan, has_ipv6, version, has_certificate)),
        Link(PurePosixPath("/etc/nginx/sites-enabled") / block_name(plan), str(block)),
    ]


def _http(plan: Plan) -> str:
    return text(
        "nginx.http",
        slug=plan.slug,
        names=plan.slug.replace("-", "_"),  # a variable's name takes no hyphen
        port=plan.port,
        pattern=_escaped(plan.prefix),
    )


def _files_that_take_more(plan: Plan, sizes: Sizes, folder: PurePosixPath) -> str:
    return "".join(
        text("nginx.files", pattern=f"^{_escaped(plan.prefix)}(?:{'|'.join(sizes.files[size])})$",
             size=size, folder=folder)
        for size in sorted(sizes.files)
    )  # fmt: skip


def _escaped(prefix: str) -> str:
    return prefix.replace(".", r"\.")


def _lines(plan: Plan, sizes: Sizes, folder: PurePosixPath) -> str:
    prefix = plan.prefix
    return text(
        "nginx.lines",
        slug=plan.slug,
        # Below a prefix nobody else's lines may take what is ours.
        ours="^~ " * bool(prefix) + f"{prefix}/",
        bare=_bare(prefix),
        pattern=_escaped(prefix),
        without_prefix=f"rewrite ^{_escaped(prefix)}(/.*)$ $1 break;" if prefix else "",
        text=sizes.text,
        folder=folder,
        logs=plan.logs,
        build=plan.build,
        acme=_acme(plan),
        prefix=prefix,
        copy=COPY,
        busy=_page(BUSY),
        too_large=_page(TOO_LARGE),
        down=_page(DOWN),
    )


def _bare(prefix: str) -> str:
    """Who leaves out the slash is led on by the path alone: another machine in front has a name,
    a port and HTTPS that nobody here knows of.
    """
    if not prefix:
        return ""
    return f"location = {prefix} {{ absolute_redirect off; return 301 {prefix}/; }}"


def _acme(plan: Plan) -> str:
    """Where whoever gives out certificates looks for a sign of us."""
    folder = f"{plan.data}/acme"
    return f"location ^~ /.well-known/acme-challenge/ {{ root {folder}; }}" if plan.acme else ""


def _page(sentence: str) -> str:
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>十分钟为民服务圈</title><h1>{sentence}</h1></html>'
    )


def _block(plan: Plan, has_ipv6: bool, version: tuple[int, ...], has_certificate: bool) -> str:
    host = f"[{plan.address}]" if ":" in plan.address else plan.address
    front = f"set_real_ip_from {plan.front};\nreal_ip_header X-Forwarded-For;" if plan.front else ""
    values: dict[str, object] = {
        "host": host or "_",
        "place": plan.place,
        "front": front,
        "at": SITES / "at" / plan.place,
    }
    port = plan.public_port
    if not (plan.has_tls and has_certificate):
        # A certificate is asked for at the usual port.
        port = 80 if plan.acme else port
        default = "" if plan.address else " default_server"
        return text("nginx.block", listen=_listen(port, default, has_ipv6), tls="", **values)
    certificate, key = plan.tls_files
    old = version < HTTP2_DIRECTIVE
    tls = text("nginx.tls", certificate=certificate, key=key, http2="" if old else "http2 on;")
    listen = _listen(port, " ssl http2" if old else " ssl", has_ipv6)
    secure = text("nginx.block", listen=listen, tls=tls.rstrip("\n"), **values)
    # A certificate is renewed at the usual port, wherever the site itself is.
    if port != 443 and not plan.acme:
        return secure
    return secure + text(
        "nginx.redirect",
        listen=_listen(80, "", has_ipv6),
        host=host or "_",
        to=(host or "$host") + (f":{port}" if port != 443 else ""),
        acme=_acme(plan),
    )


def _listen(port: int, more: str, has_ipv6: bool) -> str:
    lines = [f"listen {port}{more};"]
    if has_ipv6:
        lines.append(f"listen [::]:{port}{more};")
    return "\n".join(lines)


def moved_from(before: Plan, plan: Plan, others: Sequence[Plan]) -> list[Step]:
    """What an installation's former address left behind, and would answer there still."""
    if lines_file(before) == lines_file(plan):
        return []
    steps: list[Step] = [Gone(lines_file(before))]
    is_alone = all(other.place != before.place or other.parent for other in others)
    is_left = plan.parent or block_name(before) != block_name(plan)
    if is_alone and is_left and not before.parent:
        steps += _block_gone(before)
    return steps


def make_room(doer: Doer, plan: Plan) -> None:
    """Takes Debian's own empty site away where we are to answer whoever comes by number."""
    link = doer.server.at(DEFAULT_SITE)
    is_ours = plan.address or plan.parent or plan.public_port != 80
    if not is_ours and link.is_symlink() and str(link.readlink()) in _OF_DEBIAN:
        doer.go(Gone(DEFAULT_SITE))


def take_in(doer: Doer, steps: Sequence[Step]) -> None:
    """Has nginx read what changed. Raises DeployRefused, with the files as they were before."""
    server = doer.server
    if doer.is_dry:
        return
    said = server.run(["nginx", "-t", "-q"])
    if said.code:
        doer.undo(steps)
        raise DeployRefused(
            "nginx 不接受新的配置，已经改回原来的，网站照旧。请把下面的话交给懂 nginx 的人：\n"
            f"{said.words[-1500:]}"
        )
    if server.has_systemd:
        server.say("正在做：nginx 读新的配置")
        server.run(["systemctl", "enable", "--quiet", "nginx"])
        server.run(["systemctl", "reload-or-restart", "nginx"])
    else:
        server.say("这里没有运行 systemd，nginx 要自己启动（nginx）或者重读（nginx -s reload）。")


def removal(plan: Plan, is_last_there: bool) -> list[Step]:
    """What is taken away of an installation; the server block goes with the last one below it."""
    steps = _block_gone(plan) if is_last_there and not plan.parent else []
    return [*steps, Gone(lines_file(plan)), Gone(SITES / plan.slug), Gone(http_file(plan))]


def _block_gone(plan: Plan) -> list[Step]:
    return [
        Gone(PurePosixPath("/etc/nginx/sites-enabled") / block_name(plan)),
        Gone(PurePosixPath("/etc/nginx/sites-available") / block_name(plan)),
    ]
