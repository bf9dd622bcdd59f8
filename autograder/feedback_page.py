"""nbgrader's feedback page with a content-security policy: only the template's own scripts run in it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

_INLINE_SCRIPT = re.compile(r"<script[^>]*?(?<!-)>(?P<source>.+?)</script>", re.DOTALL)
_REMOTE_SCRIPT = re.compile(r'<script[^>]*\bsrc="(?P<folder>https://[^"?]*/)[^"]*"')


class FeedbackExporter(HTMLExporter):
    """Writes the page as nbconvert does and adds the policy."""

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        return with_policy(page), resources


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
