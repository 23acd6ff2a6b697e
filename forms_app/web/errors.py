"""What somebody reads when a page cannot be shown or a step not be taken."""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from forms_app import queries
from forms_app.casework import CaseError
from forms_app.queries import Fault
from forms_app.rules.contact_keys import ContactLocked
from forms_app.rules.worktime import CalendarUnknown
from forms_app.web.blueprints import STAFF
from forms_app.web.faults import FAULTS, RETRY_SECONDS
from forms_app.web.open311 import is_of_programs
from forms_app.web.open311.writing import REFUSALS, refused
from forms_app.web.request import current_circle, staff
from forms_app.web.request_log import FAILED, request_id
from forms_app.web.site import NotYetPublished
from forms_app.web.slow_work import AllAtWork
from forms_app.web.typed import typed

ERROR_PAGES: Mapping[int, tuple[str, str]] = {
    400: ("请求不完整", "浏览器发来的内容不完整，请返回上一页再试一次。"),
    401: ("请先登录", "这一页要工作人员登录后才能看。"),
    403: ("不能看这一页", "您现在不能看这一页，或不能办理这一步。"),
    404: ("没有这一页", "网址可能写错了，或者这一页已经不在了。"),
    405: ("不能这样打开", "这个网址不能这样打开，请从首页进入。"),
    408: ("网络太慢", "等了很久没有收完您发来的内容，请再试一次。"),
    409: ("刚刚有了变化", "别人刚刚办过这一步，请看最新的情况再决定。"),
    410: ("已经用过了", "这个链接已经用过，或者过了时间。"),
    413: ("内容太大", "发来的内容太大了，请返回上一页，少选几张照片，或删减一些再提交。"),
    414: ("网址太长", "这个网址太长了，请从首页进入。"),
    415: ("格式不对", "发来的内容这里读不了，请返回上一页再试。"),
    422: ("还差一点", "填的内容还不能收下，请返回上一页核对。"),
    429: ("请等一等再来", "这里来得太密了，请过几分钟再试。急事请打值班电话。"),
    431: ("请求太大", "浏览器带来的信息太多，请清除本站的浏览数据再试。"),
    500: ("系统出错了", "这一步没有办成，不是您的问题。请稍后再试，或打值班电话。"),
    503: ("系统暂时不能用", "这一步现在办不了，请稍后再试，或打值班电话。"),
}
LOCKED = (
    "这里面有称呼、电话或邮箱，现在打不开：加密用的密钥不对，或者内容被改坏了。什么也没有改。"
    "请打值班电话告诉工作人员：先把原来的密钥文件放回去，再重新启动服务。"
)
# What may be over in a moment.
PASSING = (408, 429, 500, 503)
# What somebody wrote is no nearer to being taken when it is sent once more: a case that is another
# sub-district's by now, a right that was lost, a step that is over.
OUT_OF_REACH = (403, 404, 409, 410)
MAKING_SECONDS = 15
BUSY_SECONDS = 5


def sentence_of(status: int) -> str:
    """What is read where there is no page: of what the server could not read as a request."""
    return "：".join(ERROR_PAGES.get(status, ERROR_PAGES[400 if status < FAILED else 500]))


def add_errors(app: Flask) -> None:
    def page(
        status: int, sentence: str | None = None, retry_seconds: int = RETRY_SECONDS
    ) -> Response:
        may_pass = status >= FAILED
        title, usual = ERROR_PAGES.get(status, ERROR_PAGES[500])
        if status == HTTPStatus.NOT_FOUND and request.method == "POST":
            usual = "您要办的已经不在这里了，这一步没有存。"
        if is_of_programs(request.path):
            told = refused(status, sentence or REFUSALS.get(status) or sentence_of(status))
            if status >= FAILED:
                told.retry_after = retry_seconds
            return told
        links = [("staff/", "回待办")] if request.blueprint in STAFF else []
        # What was only looked at may be asked for again as it is.
        again = request.full_path if request.method == "GET" and status in PASSING else ""
        _look_for_reader()
        body = render_template(
            "error.html",
            title=title,
            sentence=sentence or usual,
            links=links,
            again=again.lstrip("/").removesuffix("?"),
            number=request_id() if status >= FAILED else "",
            hotlines=current_circle().hotlines,
            typed=typed(may_pass=may_pass) if may_pass or status in OUT_OF_REACH else None,
            may_pass=may_pass,
        )
        response = make_response(body, status)
        if status >= FAILED:
            response.retry_after = retry_seconds
        return response

    def fault_page(fault: Fault) -> Response:
        sentence, retry_seconds = FAULTS[fault]
        g.setdefault("signed_in", None)  # not to wait a second time for the same database
        return page(503, sentence, retry_seconds)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.response is not None:  # abort() with a finished answer
            return error.response
        status = error.code or 500
        if 300 <= status < 400:
            return error
        fault = _behind(error)
        if fault is not None:
            return fault_page(fault)
        response = page(status)
        response.headers.extend(header for header in error.get_headers() if header[0] == "Allow")
        return response

    @app.errorhandler(NotYetPublished)
    def not_yet_published(_error: NotYetPublished) -> Response:
        sentence = "网站的页面正在生成，过一会儿再打开这一页。反映问题和查进度不用等。"
        return page(503, sentence, MAKING_SECONDS)

    @app.errorhandler(AllAtWork)
    def all_at_work(error: AllAtWork) -> Response:
        return page(503, str(error), BUSY_SECONDS)

    @app.errorhandler(CaseError)
    def case_error(error: CaseError) -> Response:
        return page(error.status, error.sentence)

    @app.errorhandler(CalendarUnknown)
    def calendar_unknown(error: CalendarUnknown) -> Response:
        return page(503, cast(str, error.args[0]))

    @app.errorhandler(ContactLocked)
    def contact_locked(_error: ContactLocked) -> Response:
        app.log_exception(cast(Any, sys.exc_info()))
        return page(503, LOCKED)

    def maybe_fault(error: Exception) -> Response:
        fault = queries.fault_of(error)
        if fault is None:
            raise error  # a mistake of ours like any other: the log has its traceback
        app.log_exception(cast(Any, sys.exc_info()))
        return fault_page(fault)

    for kind in queries.MAY_BE_FAULTS:
        app.register_error_handler(kind, maybe_fault)


def _behind(error: HTTPException) -> Fault | None:
    """The fault that came up while another error's page was made."""
    original = error.original_exception if isinstance(error, InternalServerError) else None
    return queries.fault_of(original) if original is not None else None


def _look_for_reader() -> None:
    """Every page says who is signed in; a page about what went wrong must not need to know."""
    try:
        staff()
    except queries.DATABASE_ERRORS:
        g.signed_in = None
