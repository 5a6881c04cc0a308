"""Whether a Word document has the form that official documents have to have: ``check_document``.

``formatting`` reads how every paragraph is set, ``parts`` finds what each is in the document, ``measures`` and ``words``
hold both against the decree. It reads any DOCX, not only those written here.
"""

from camket.paper.conformity.check import MAX_BYTES, Conformity, NotADocument, check_document
from camket.paper.conformity.deviations import PARTS, Deviation

__all__ = ["MAX_BYTES", "PARTS", "Conformity", "Deviation", "NotADocument", "check_document"]
