"""The instructor's side: grades notebooks, keeps the gradebook, makes what students get."""

import sys

# jsonschema builds a grammar for the check of internationalised addresses, which no notebook needs; that
# takes longer than all the rest of it. Where the checker is missing it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
