"""Writing official documents in the format of Nghị định 30/2020/NĐ-CP, Phụ lục I.

One model of a document (:mod:`~camket.paper.writing.model`) is written as DOCX, PDF or an HTML
fragment; ``decision`` makes such a document from a plan in one of four table layouts. The same
document always gives the same bytes.
"""
