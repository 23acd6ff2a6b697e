"""Templates compiled once a language, with their own texts in it, and drawn by shorter ways.

A page says a hundred texts of ours; to look each one up at every request took longer than the rest
of most pages. It also puts some two thousand values into HTML and calls some seven hundred macros:
what each of these costs is most of what a page costs.
"""

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from flask import has_request_context
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from forms_app.web.languages import SOURCE, in_readers_language, language

_needs_escape = re.compile("[&<>'\"]").search


def as_html(value: object) -> str:
    """A value as a piece of HTML that is about to be joined, escaped unless it is HTML.

    Unlike `escape` it makes no Markup of what is a plain text: the pieces of a page are only
    joined, and the whole becomes Markup where it is put elsewhere.
    """
    if type(value) is Markup:
        return value
    # Of exactly this type: what is a string and more may say itself how it looks as HTML.
    if type(value) is str and not _needs_escape(value):
        return value
    return escape(value)


class _Writer(CodeGenerator):
    """Jinja's, but pieces of the output go through `as_html`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.as_html(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Context(Context):
    """Jinja's, but a macro is called without looking for what else it might be."""

    def call(self, obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if type(obj) is not Macro:
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(self.eval_ctx, *args, **kwargs)


class SpokenEnvironment(Environment):
    """Flask's environment with a cache of templates for each language."""

    code_generator_class = _Writer
    context_class = _Context
    as_html = staticmethod(as_html)

    @property
    def cache(self) -> MutableMapping[Any, Any] | None:
        """What was compiled in the language of this request."""
        spoken = compiled_for()
        if spoken not in self._compiled:
            self._compiled[spoken] = self._empty.copy()
        return self._compiled[spoken]

    @cache.setter
    def cache(self, empty: Any) -> None:
        # Jinja hands one over when it begins, and none for an environment without a cache.
        self._empty = empty
        self._compiled: dict[str, MutableMapping[Any, Any]] = {}

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        return super()._generate(_Saying().visit(source), name, filename, defer_init)


class _Saying(NodeTransformer):
    """Puts what `_("…")` says in the place of the call; Chinese needs no translation either."""

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        is_said = node.name == "translated" and compiled_for() == SOURCE
        return node.node if is_said and node.node is not None else node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_"):
            return node
        match node.args, node.kwargs, node.dyn_args, node.dyn_kwargs:
            case [nodes.Const() as text], [], None, None:
                said = nodes.Const(in_readers_language(text.value), lineno=node.lineno)
                return nodes.MarkSafe(said, lineno=node.lineno)
        return node


def compiled_for() -> str:
    """The language of which templates are asked for now."""
    return language() if has_request_context() else SOURCE
