"""Official documents on paper: reading them into plans, writing plans as documents.

Pure Python: no Django, no database, no clock. ``reading`` turns a file into a
:class:`camket.core.plan.Plan` with its sources; ``writing`` turns a plan into DOCX and PDF.
"""
