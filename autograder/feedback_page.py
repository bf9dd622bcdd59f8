"""nbgrader's feedback page with a content-security policy: only the template's own scripts run in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

_INLINE_SCRIPT = re.compile(r"<script[^>]*?(?<!-)>(?P<source>.+?)</script>", re.DOTALL)
_REMOTE_SCRIPT = re.compile(r'<script[^>]*\bsrc="(?P<folder>https://[^"?]*/)[^"]*"')


class FeedbackExporter(HTMLExporter):
    """Writes the page as nbconvert does, in a third of the time, and adds the policy.

    nbconvert parses the finished page once more to make parts of it reachable by keyboard that this template
    does not have, and renders the same released texts and code anew for every student.
    """

    optimistic_validation = True  # looks at the notebook once, not after every preprocessor

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._rendered: dict[tuple[str | None, ...], str] = {}

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        resources = self._init_resources(resources)
        highlight = Highlight2HTML(pygments_lexer=lexer, parent=self)

        def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
            magics = (metadata or {}).get("magics_language")
            key = ("code", lexer, source, language, str(magics))
            return self._once(key, lambda: highlight(source, language, metadata))

        self.register_filter("highlight_code", highlight_code)
        self.register_filter(
            "filter_data_type",
            WidgetsDataTypeFilter(notebook_metadata=nb.metadata, parent=self, resources=resources),
        )
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return with_policy(page), resources

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """As nbconvert does it, once for each text; a picture in an attachment is the cell's own."""
        if context.get("cell", {}).get("attachments"):
            return str(super().markdown2html(context, source))
        return self._once(("text", source), lambda: str(HTMLExporter.markdown2html(self, context, source)))

    def _once(self, key: tuple[str | None, ...], render: Callable[[], str]) -> str:
        """What is rendered, from an earlier page where it was on one."""
        if key not in self._rendered:
            if len(self._rendered) >= TEXTS_KEPT:
                self._rendered.clear()
            self._rendered[key] = render()
        return self._rendered[key]


TEXTS_KEPT = 500
"""Far more than a released notebook has: each student adds a few of their own."""


def with_policy(page: str) -> str:
    """The page with a policy that allows the scripts in its head, which holds nothing of a student's.

    These are MathJax, by the folder that it comes from, and its settings, by their hash.
    """
    start = page.index("<head>") + len("<head>")
    head = page[start : page.index("</head>")]
    hashes = [f"'sha256-{_sha256(found['source'])}'" for found in _INLINE_SCRIPT.finditer(head)]
    remote = sorted({found["folder"] for found in _REMOTE_SCRIPT.finditer(head)})
    policy = "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src", *hashes, *remote]) if hashes or remote else "script-src 'none'",
            " ".join(["style-src 'unsafe-inline'", *remote]),
            "img-src data:",
            " ".join(["font-src data:", *remote]),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    tag = f'\n<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    return page[:start] + tag + page[start:]


def _sha256(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
