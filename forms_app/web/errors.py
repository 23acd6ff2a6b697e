"""What somebody reads when a page cannot be shown or a step not be taken."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, render_template, request
from peewee import DatabaseError, InterfaceError
from werkzeug.exceptions import HTTPException

from forms_app.casework import CaseError
from forms_app.rules.worktime import CalendarUnknown
from forms_app.web.blueprints import STAFF

ERROR_PAGES: Mapping[int, tuple[str, str]] = {
    400: ("请求不完整", "浏览器发来的内容不完整，请返回上一页再试一次。"),
    401: ("请先登录", "这一页要工作人员登录后才能看。"),
    403: ("不能看这一页", "您现在不能看这一页，或不能办理这一步。"),
    404: ("没有这一页", "网址可能写错了，或者这一页已经不在了。"),
    405: ("不能这样打开", "这个网址不能这样打开，请从首页进入。"),
    408: ("网络太慢", "等了很久没有收完您发来的内容，请再试一次。"),
    413: ("内容太大", "发来的内容太大了，请返回上一页，少选几张照片，或删减一些再提交。"),
    414: ("网址太长", "这个网址太长了，请从首页进入。"),
    431: ("请求太大", "浏览器带来的信息太多，请清除本站的浏览数据再试。"),
    500: ("系统出错了", "这一步没有办成，不是您的问题。请稍后再试，或打值班电话。"),
    503: ("系统暂时不能用", "数据库暂时连不上，请稍后再试，或打值班电话。"),
}


def add_errors(app: Flask) -> None:
    def page(status: int, sentence: str | None = None) -> tuple[str, int]:
        title, usual = ERROR_PAGES.get(status, ERROR_PAGES[500])
        links = [("staff/", "回待办")] if request.blueprint in STAFF else []
        body = render_template(
            "error.html", title=title, sentence=sentence or usual, advice="", links=links
        )
        return body, status

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.response is not None:  # abort() with a finished answer
            return error.response
        status = error.code or 500
        if 300 <= status < 400:
            return error
        return *page(status), [header for header in error.get_headers() if header[0] == "Allow"]

    @app.errorhandler(CaseError)
    def case_error(error: CaseError) -> tuple[str, int]:
        return page(error.status, error.sentence)

    @app.errorhandler(CalendarUnknown)
    def calendar_unknown(error: CalendarUnknown) -> tuple[str, int]:
        return page(503, cast(str, error.args[0]))

    @app.errorhandler(InterfaceError)
    @app.errorhandler(DatabaseError)
    def database_error(error: Exception) -> tuple[str, int]:
        app.logger.error("database: %s", type(error).__name__)
        return page(503)
