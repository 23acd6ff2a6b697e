"""The service: its user, its folders, its settings, its unit, its log and the office's command."""

import json
from pathlib import Path, PurePosixPath

from scripts.bootstrap import FITTING, server_command
from scripts.deployment.plan import DeployRefused, Plan
from scripts.deployment.server import Said, Server
from scripts.deployment.steps import Doer, File, Folder, Step, User
from scripts.deployment.texts import text

READY_SECONDS = 180
_LOOPBACK = "127.0.0.1"


def users(plan: Plan) -> list[Step]:
    """Who owns what."""
    return [
        User(plan.slug, plan.data),
        Folder(plan.data, plan.slug),
        Folder(plan.backups_dir, plan.slug, 0o700),
        Folder(plan.logs, "www-data", 0o750),
        Folder(plan.settings_dir),
    ]


def settings(plan: Plan) -> dict[str, str]:
    """What the program is told, by the names of its settings."""
    told = {
        "CIRCLE_DATA": str(plan.data),
        "CIRCLE_BUILD": str(plan.build),
        "CIRCLE_BACKUP_DIR": str(plan.backups_dir),
        "CIRCLE_PROXY": _LOOPBACK,
        "CIRCLE_PUBLIC_URL": plan.public_url,
        # Quoted for a shell, which reads the file for the administrator's command.
        "CIRCLE_DATABASE_URL": f"'{plan.database}'" if plan.database else "",
        "CIRCLE_S3_URL": f"'{plan.bucket}'" if plan.bucket else "",
    }
    return {name: value for name, value in told.items() if value}


def files(plan: Plan) -> list[Step]:
    """The settings and the unit; a change of these needs a restart."""
    lines = "".join(f"{name}={value}\n" for name, value in settings(plan).items())
    own = text("own.env")
    running = Path(plan.running)
    command = server_command(running, ["--host", _LOOPBACK, "--port", str(plan.port)])
    unit = text(
        "service.unit",
        title=plan.title or plan.slug,
        slug=plan.slug,
        settings=plan.settings_dir / "service.env",
        own=plan.own_settings,
        fitting=" ".join(f"{name}={value}" for name, value in FITTING.items()),
        running=plan.running,
        command=" ".join(command),
        data=plan.data,
        backups=plan.backups_dir,
    )
    return [
        File(
            plan.settings_dir / "service.env",
            f"# scripts/deploy 写的；自己的设置写在 own.env\n{lines}",
            plan.settings_mode,
        ),
        File(plan.own_settings, own, 0o600, is_once=True),
        File(plan.unit, unit),
    ]


def beside(plan: Plan) -> list[Step]:
    """The administrator's command and the log's rotation."""
    command = text(
        "command.sh", slug=plan.slug, running=plan.running, own=plan.own_settings,
        settings=plan.settings_dir / "service.env", instance=plan.instance,
        checkout=plan.checkout,
    )  # fmt: skip
    return [
        File(plan.command, command, 0o755),
        File(
            PurePosixPath("/etc/logrotate.d") / plan.slug,
            text("log.rotate", logs=plan.logs),
        ),
    ]


def prove_first(doer: Doer, plan: Plan, folder: PurePosixPath) -> None:
    """Has a new version back the data up and try itself on the backup, before anything moves.

    Raises DeployRefused; what runs goes on running then.
    """
    if not doer.tell("备份，并让新版本在备份上试一遍"):
        return
    server = doer.server
    said = _step(server, plan, "prepare", folder)
    if said.code:
        raise DeployRefused(f"没有升级，什么也没有改，原来的照常在用。原因：{said.words[-1500:]}")
    server.say(said.words)


def _step(server: Server, plan: Plan, step: str, folder: PurePosixPath | None = None) -> Said:
    """A step of an upgrade on the data, by the program in this folder or the one that runs."""
    environ = {"CIRCLE_PROGRAM": str(server.at(folder))} if folder else {}
    return server.run([str(server.at(plan.command)), "upgrade-step", step], environ)


def make_office(doer: Doer, plan: Plan) -> None:
    """Makes the office's own folder, by the program's own way; never touched where there is one."""
    server = doer.server
    if server.at(plan.data / "community").is_dir():
        return
    if not doer.tell(
        f"社区资料，在 {plan.data / 'community'}（{'示例' if plan.sample else '待填'}）"
    ):
        return
    sample = ["--sample"] if plan.sample else []
    said = server.run([str(server.at(plan.command)), "new-office", *sample])
    if said.code:
        raise DeployRefused(f"建不了社区资料：\n{said.words}")


def make_administrator(doer: Doer, plan: Plan) -> None:
    """Makes the first account, in a database that is not there yet, and tells its password once."""
    server = doer.server
    if server.at(plan.data / "private" / "forms.db").exists():
        return
    if plan.database and not doer.is_dry:
        # It is elsewhere, and an office may be there: another server made it, or an earlier run.
        there = server.run([str(server.at(plan.command)), "staff", "list"])
        if there.code:
            raise DeployRefused(f"数据库里的账号读不出来：\n{there.words}")
        if there.words.strip():
            return
    if not doer.tell(f"建数据库和第一个管理员 {plan.administrator}"):
        return
    said = server.run(
        [str(server.at(plan.command)), "staff", "add", plan.administrator, "--role", "admin"]
    )
    if said.code:
        raise DeployRefused(f"建不了管理员 {plan.administrator}：\n{said.words}")
    server.say(said.words)


def bring_up(doer: Doer, plan: Plan, *, is_new_program: bool, is_new_service: bool) -> None:
    """Starts the service, has it started with the machine, or has it take the new version.

    Raises DeployRefused where it does not come up; the version before is back then.
    """
    server = doer.server
    if not server.has_systemd:
        if is_new_program or is_new_service:
            server.say(
                f"这里没有运行 systemd：请自己用用户 {plan.slug} 启动 {plan.unit} 里的命令。"
            )
        return
    if is_new_service and doer.tell("让 systemd 读新的服务配置"):
        server.run(["systemctl", "daemon-reload"])
    is_enabled = server.run(["systemctl", "is-enabled", "--quiet", plan.slug]).code == 0
    if not is_enabled and doer.tell("开机自动启动"):
        server.run(["systemctl", "enable", "--quiet", plan.slug])
    # Where an earlier attempt ended behind its link, the link alone is new.
    is_left_over = not is_new_program and _runs_another(server, plan)
    if server.run(["systemctl", "is-active", "--quiet", plan.slug]).code:
        what, word = "启动服务", "start"
    elif is_new_service:
        what, word = "重新启动服务", "restart"
    elif is_new_program or is_left_over:
        # Nobody is refused: the old one answers until the new one does.
        what, word = "换成新版本，不停机", "reload"
    else:
        return
    if not doer.tell(what):
        return
    said = server.run(["systemctl", word, plan.slug])
    if said.code == 0 and _comes_up(server, plan):
        is_upgrade = is_new_program and doer.had.get(server.at(plan.running)) is not None
        if is_upgrade or is_left_over:
            _step(server, plan, "confirm")
        return
    back = ""
    if is_new_program and doer.undo_link(plan.running):
        # The keeper is back at it already; now it is its first choice again.
        server.run(["systemctl", "reload" if word == "reload" else "restart", plan.slug])
        _step(server, plan, "confirm")
        back = "已经换回原来的程序和原来的数据，照常在用。"
    raise DeployRefused(
        f"新的服务没有起来。{back}请看原因：journalctl -u {plan.slug} -n 50；改好以后再运行一次。"
        f"{said.words}"
    )


def _runs_another(server: Server, plan: Plan) -> bool:
    """Whether what serves is another version than the one that is to."""
    running = server.programs_of(plan.slug)
    return bool(running) and _wanted(server, plan) not in running


def _wanted(server: Server, plan: Plan) -> str:
    return str(server.at(plan.running).resolve())


def _comes_up(server: Server, plan: Plan) -> bool:
    """Whether this version alone serves before long, and answers."""
    wanted = {_wanted(server, plan)}
    has_come = False
    for _ in range(READY_SECONDS):
        running = server.programs_of(plan.slug)
        # Asked again: what waited in the queue may have been answered by the old one.
        is_alone = running == wanted and _answers(server, plan)
        if is_alone and server.programs_of(plan.slug) == wanted:
            return True
        if has_come and not running & wanted:
            return False  # it came, and has gone again
        has_come = has_come or bool(running & wanted)
        server.wait(1)
    return False


def _answers(server: Server, plan: Plan) -> bool:
    ask = (
        "import sys, urllib.request as u; sys.exit(u.urlopen(sys.argv[1], timeout=5).status != 200)"
    )
    address = f"http://{_LOOPBACK}:{plan.port}{plan.prefix}/healthz"
    return server.run([server.python, "-c", ask, address]).code == 0


def body_sizes(server: Server, plan: Plan) -> tuple[int, dict[int, list[str]]] | None:
    """What the program itself says may be sent to it: bytes of a form, and addresses by more bytes.

    None where the program is not there yet. Raises DeployRefused.
    """
    running = server.at(plan.running)
    python = running / ".venv" / "bin" / "python"
    if not python.exists():
        return None
    said = server.run(
        [str(python), "-P", "-m", "forms_app.web.body_sizes"],
        {"PYTHONPATH": str(running), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if said.code:
        raise DeployRefused(
            f"程序说不出各网址能收多大的内容，请重新取得完整的程序。\n{said.words[-1500:]}"
        )
    told = json.loads(said.words)
    return told["text"], {int(size): places for size, places in told["files"].items()}
