"""Every write of the improvement cycle: one function for each thing an official does.

Import from the modules, each a subject: ``audits``, ``nonconformities``, ``risks``, ``reviews``, ``self_assessments``,
``announcements``.
"""
