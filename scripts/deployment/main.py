"""scripts/deploy from its options to its last word."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from scripts.deployment import looks, nginx, program, service
from scripts.deployment.options import asked, given, parser
from scripts.deployment.plan import (
    PLANS,
    PROGRAMS,
    DeployRefused,
    Plan,
    check_beside,
    free_port,
    kept_plan,
)
from scripts.deployment.server import Server
from scripts.deployment.steps import Doer, File, Folder, Gone, Packages, Step

# Before the program is there it cannot say how much may be sent to it.
_UNKNOWN = nginx.Sizes(131072, {})


def main(argv: Sequence[str], server: Server, source: Path) -> int:
    """Installs, brings up to date or removes one installation; 0, or 1 after a sentence."""
    options = parser().parse_args(argv)
    os.umask(0o022)  # what the service reads must not be hidden from it by whoever installs it
    try:
        plans = read_plans(server)
        kept = plans.get(Plan(instance=options.instance).slug)
        doer = Doer(server, is_dry=options.dry_run)
        if options.uninstall:
            if kept is None:
                raise DeployRefused(_not_there(options.instance, plans))
            uninstall(doer, kept, [plan for plan in plans.values() if plan != kept])
            return 0
        plan = given(options, kept or Plan())
        if kept is None and len(argv) == 0 and not options.yes:
            plan = asked(plan, server.ask)
        others = [plan for slug, plan in plans.items() if kept is None or slug != kept.slug]
        checkout = str(source) if (source / ".git").exists() else plan.checkout
        plan = replace(plan, port=plan.port or free_port(others), checkout=checkout)
        install(doer, plan, source, others, kept)
    except DeployRefused as refused:
        server.say(str(refused))
        return 1
    return 0


def read_plans(server: Server) -> dict[str, Plan]:
    """Every installation that is there, by what it is called. Raises DeployRefused."""
    try:
        found = [
            kept_plan(file.read_text(encoding="utf-8"), file)
            for file in sorted(server.at(PLANS).glob("*/plan.json"))
        ]
    except PermissionError:
        raise DeployRefused("要用管理员身份运行：sudo scripts/deploy，后面的选项照写。") from None
    return {plan.slug: plan for plan in found}


def _not_there(instance: str, plans: dict[str, Plan]) -> str:
    names = "、".join(plan.instance or "（没有代号的）" for plan in plans.values())
    return f"没有装过 {instance or '没有代号的'}。装着的有：{names or '一处也没有'}。"


def install(
    doer: Doer, plan: Plan, source: Path, others: Sequence[Plan], kept: Plan | None
) -> None:
    """Makes everything as the plan says, and starts it. Raises DeployRefused."""
    server = doer.server
    plan.check()
    check_beside(plan, others)
    looks.refuse(server, plan, source, is_new=kept is None)
    for notice in looks.notices(server, plan):
        server.say(f"注意：{notice}")

    doer.go(Packages(_packages(plan), plan.wheels))
    doer.go(*service.users(plan))
    doer.go(File(plan.settings_dir / "plan.json", plan.as_json(), plan.settings_mode))
    folder = program.stage(doer, plan, source)
    is_new_service = doer.go(*service.files(plan))
    doer.go(*service.beside(plan))
    if program.is_other(server, plan, folder):
        service.prove_first(doer, plan, folder)
    is_new_program = program.lead(doer, plan, folder)
    service.make_office(doer, plan)
    service.make_administrator(doer, plan)
    service.bring_up(doer, plan, is_new_program=is_new_program, is_new_service=is_new_service)
    serve(doer, plan, nginx.moved_from(kept, plan, others) if kept else ())
    program.sweep(doer)
    server.say(_last_word(doer, plan))


def serve(doer: Doer, plan: Plan, left: Sequence[Step]) -> None:
    """Has nginx serve it, by HTTPS once there is a certificate; `left` is what goes for it.

    Raises DeployRefused.
    """
    server = doer.server
    told = service.body_sizes(server, plan)
    if told is None:
        server.say("注意：各网址能收多大的内容由程序自己说，装好以后才写进 nginx 的 files.conf。")
    sizes = nginx.Sizes(*told) if told else _UNKNOWN
    for _ in range(2):
        has_certificate = not plan.has_tls or server.at(plan.tls_files[0]).is_file()
        made = nginx.files(
            plan,
            sizes,
            has_ipv6=server.has_ipv6,
            version=server.nginx_version,
            has_certificate=has_certificate,
        )
        steps = [*left, *made]
        nginx.make_room(doer, plan)
        if doer.go(*steps):
            nginx.take_in(doer, steps)
        if has_certificate or not _get_certificate(doer, plan):
            return


def _get_certificate(doer: Doer, plan: Plan) -> bool:
    """Asks for a certificate; whether there is one now. The site is there without one."""
    doer.go(Folder(plan.data / "acme"))
    if not doer.tell(f"为 {plan.address} 申请证书"):
        return False
    hook = "systemctl reload nginx"
    said = doer.server.run([
        "certbot", "certonly", "--non-interactive", "--agree-tos", "--webroot",
        "--webroot-path", f"{plan.data}/acme", "--domain", plan.address, "--email", plan.acme,
        "--deploy-hook", hook,
    ])  # fmt: skip
    if said.code:
        doer.server.say(
            f"没有申请到证书，现在还是 HTTP。请确认域名 {plan.address} 已经指向这台服务器、80 "
            "端口能从"
            "外网访问，再运行一次；或者用 --certificate 和 --key 自己的证书。"
            f"\n{said.words[-1500:]}"
        )
    return not said.code


def _packages(plan: Plan) -> tuple[str, ...]:
    """What of Debian it needs; backups of PostgreSQL are made by its own pg_dump."""
    certbot = ["certbot"] if plan.acme else []
    client = ["postgresql-client"] if plan.database else []
    return ("python3-venv", "nginx", "logrotate", *certbot, *client)


def _last_word(doer: Doer, plan: Plan) -> str:
    if doer.is_dry:
        return f"以上共 {len(doer.changed)} 项要做。" if doer.changed else "什么都不用做。"
    where = (
        plan.public_url
        or f"http://服务器的IP{'' if plan.public_port == 80 else f':{plan.public_port}'}/"
    )
    lines = [f"做了 {len(doer.changed)} 项。" if doer.changed else "已经是最新的，什么都没动。"]
    if plan.parent:
        lines.append(f"请在上级网站的 server {{ }} 里加一行：include {nginx.lines_file(plan)};")
    lines.append(f"网址：{where}　数据：{plan.data}　备份：{plan.backups_dir}")
    lines.append(f"管理员的命令：{plan.slug} --help　自己的设置：{plan.own_settings}")
    return "\n".join(lines)


def uninstall(doer: Doer, plan: Plan, others: Sequence[Plan]) -> None:
    """Removes program, service and nginx's files; what the office has written stays."""
    server = doer.server
    if not server.is_root:
        raise DeployRefused("要用管理员身份运行：sudo scripts/deploy --uninstall。")
    if server.has_systemd and server.at(plan.unit).exists() and doer.tell("停止服务"):
        server.run(["systemctl", "disable", "--now", "--quiet", plan.slug])
    is_last_there = all(other.place != plan.place or other.parent for other in others)
    steps = nginx.removal(plan, is_last_there)
    if doer.go(*steps) and not doer.is_dry:
        nginx.take_in(doer, ())
    doer.go(
        Gone(PurePosixPath("/etc/logrotate.d") / plan.slug),
        Gone(plan.unit),
        Gone(plan.command),
        Gone(plan.running),
        Gone(plan.running.with_name(f"{plan.slug}.before")),
        Gone(plan.settings_dir / "service.env"),
        Gone(plan.settings_dir / "plan.json"),
        Gone(PurePosixPath("/var/cache") / plan.slug),
    )
    if server.has_systemd and not doer.is_dry:
        server.run(["systemctl", "daemon-reload"])
    program.sweep(doer)
    if not others:
        doer.go(Gone(PROGRAMS))
    server.say(
        f"{'要' if doer.is_dry else '已'}卸载 {plan.slug}。留着的：数据 {plan.data}，备份 "
        f"{plan.backups_dir}，自己的设置 {plan.own_settings}，访问记录 {plan.logs}，用户 "
        f"{plan.slug}。"
        "以后再装，会接着用这些数据。"
    )
