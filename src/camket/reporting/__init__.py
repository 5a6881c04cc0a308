"""Reports on the quality objectives (báo cáo kết quả thực hiện mục tiêu chất lượng).

A draft shows the figures as they are; issuing freezes them with the readings used, in a snapshot and as DOCX and
PDF. An issued report never changes: a correction is a new version. Invariants: one draft or issued
report of a plan, kind and period; a snapshot where and only where the report was issued; files as snapshot.
"""
