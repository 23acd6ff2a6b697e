"""Templates compiled once a language, with their own texts in it, and drawn by shorter ways.

A page says a hundred texts of ours; to look each one up at every request took longer than the rest
of most pages. It also puts some two thousand values into HTML and calls some seven hundred macros:
what each of these costs is most of what a page costs.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from types import FunctionType, MethodType
from typing import Any

from flask import has_request_context
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from forms_app.rules.said import Named, Said
from forms_app.web.languages import SOURCE, in_readers_language, language, spoken

# Of exactly these types: what is a string and more may say itself how it looks as HTML.
_TEXTS = frozenset((str, Said, Named))
_AS_WRITTEN = " as written"  # of the name of a filter: what it says is not translated

_needs_escape = re.compile("[&<>'\"]").search


def as_html(value: object) -> str:
    """A value as a piece of HTML that is about to be joined, escaped unless it is HTML.

    Unlike `escape` it makes no Markup of what is a plain text: the pieces of a page are only
    joined, and the whole becomes Markup where it is put elsewhere.
    """
    if type(value) is Markup:
        return value
    if type(value) in _TEXTS and not _needs_escape(value):  # type: ignore[call-overload]
        return value  # type: ignore[return-value]
    return escape(value)


class _Writer(CodeGenerator):
    """Jinja's, but pieces of the output go through `as_html`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.as_html(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Context(Context):
    """Jinja's, but macros and functions are called without looking for what else they might be."""

    def call(self, obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        kind = type(obj)
        if kind is Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return self._drawn(obj, args, kwargs)  # type: ignore[arg-type]
        if kind in (FunctionType, MethodType) and not hasattr(obj, "jinja_pass_arg"):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(obj, *args, **kwargs)

    def _drawn(self, macro: Macro, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if macro.caller or macro.catch_kwargs or macro.catch_varargs:
            return macro(self.eval_ctx, *args, **kwargs)
        lacks = macro._argument_count - len(args)
        if lacks > 0:
            args += tuple([kwargs.pop(name, missing) for name in macro.arguments[-lacks:]])
        if kwargs or lacks < 0 or not self.eval_ctx.autoescape:
            return macro(self.eval_ctx, *args, **kwargs)  # which says what is wrong
        # What Markup does itself with a text, which it first asks whether it is one.
        return str.__new__(Markup, macro._func(*args))


class SpokenEnvironment(Environment):
    """Flask's environment with a cache of templates for each language."""

    code_generator_class = _Writer
    context_class = _Context
    as_html = staticmethod(as_html)

    def get_template(self, name: Any, *more: Any) -> Template:
        """Jinja's, but what was compiled is found in one step: a page asks some sixty times."""
        asked = compiled_for(), name
        found = self._found.get(asked)
        if found is None or self.auto_reload:
            found = self._found[asked] = super().get_template(name, *more)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Those of the environment: no template of ours has any of its own. Jinja's chain of both
        is looked through name by name, several times a page.
        """
        return super().make_globals(d) if d else self.globals

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
        self._found: dict[tuple[str, Any], Template] = {}

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        return super()._generate(_Saying(self).visit(source), name, filename, defer_init)


class _Saying(NodeTransformer):
    """Puts what `_("…")` says in the place of the call; Chinese needs no translation either."""

    def __init__(self, environment: Environment) -> None:
        self._filters = environment.filters
        self._is_as_written = compiled_for() == SOURCE

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        if self._is_as_written:
            if node.name == "translated" and node.node is not None:
                return node.node
            if node.name + _AS_WRITTEN in self._filters:
                node.name += _AS_WRITTEN
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_"):
            return node
        match node.args, node.dyn_args, node.dyn_kwargs:
            case [nodes.Const() as text], None, None:
                return _said(in_readers_language(text.value), node.kwargs, node.lineno)
        return node


def _said(text: str, values: list[nodes.Keyword], line: int) -> nodes.Node:
    """Our own HTML, with the values escaped in it."""
    said = nodes.Const(text, lineno=line)
    if not values:
        return nodes.MarkSafe(said, lineno=line) if _needs_escape(text) else said
    pairs = [nodes.Pair(nodes.Const(one.key), one.value, lineno=line) for one in values]
    marked = nodes.MarkSafe(said, lineno=line)
    return nodes.Mod(marked, nodes.Dict(pairs, lineno=line), lineno=line)


def add_words(environment: Environment, filters: Mapping[str, Callable[..., object]]) -> None:
    """Filters whose sentences come in the reader's language."""
    for name, words in filters.items():
        environment.filters[name] = spoken(words)
        environment.filters[name + _AS_WRITTEN] = words


def compiled_for() -> str:
    """The language of which templates are asked for now."""
    return language() if has_request_context() else SOURCE
