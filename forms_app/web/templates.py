"""Templates compiled once a language, with their own texts in it.

A page says a hundred texts of ours; to look each one up at every request took longer than the rest
of most pages.
"""

from collections.abc import MutableMapping
from typing import Any

from flask import has_request_context
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from forms_app.web.languages import SOURCE, in_readers_language, language


class SpokenEnvironment(Environment):
    """Flask's environment with a cache of templates for each language."""

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
