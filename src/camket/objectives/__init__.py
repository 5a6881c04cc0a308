"""Quality policy, plans, objectives, targets and verdicts (ISO 9001:2015, 5.2 and 6.2).

A plan is read from a signed decision or typed, corrected by the secretary, submitted, approved and
promulgated; from then on its actions bind their owners and its targets are judged. It is amended by a
later decision as a new version; the old one is kept.
"""
