"""Papers made with an agency's own Word template: the fields it may use, its check, and the filling in.

A template says how a paper looks; what the paper says is the same document that the built-in form is written from, so a
template can neither lack nor add a fact. What an agency uploads is hostile until it is checked.
"""

from camket.paper.templating.check import Checked, check_template
from camket.paper.templating.fields import Field, FieldKind, fields_of
from camket.paper.templating.files import has_office, write_docx, write_pdf
from camket.paper.templating.samples import sample_document
from camket.paper.templating.starter import starter_template
from camket.paper.templating.uploads import MAX_BYTES, TemplateRefused

__all__ = [
    "MAX_BYTES",
    "Checked",
    "Field",
    "FieldKind",
    "TemplateRefused",
    "check_template",
    "fields_of",
    "has_office",
    "sample_document",
    "starter_template",
    "write_docx",
    "write_pdf",
]
