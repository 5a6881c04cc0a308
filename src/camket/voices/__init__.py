"""What citizens say: surveys of their satisfaction, and their feedback (phản ánh, kiến nghị).

An answer of a survey names neither person nor dossier; of answers only counts leave this package (``RatingBucket``),
and none of groups below five. Feedback is followed from its receipt to its answer. ``operations`` writes, ``queries``
reads. Above the dossiers, whose fields and procedures tell answers apart.
"""
