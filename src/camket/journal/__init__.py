"""The append-only record of every change: who, for whom, when, what before and after, and why.

Entries of an agency form a chain: each holds the hash of the one before, so that a changed or missing
entry shows. Operations write an entry in the same transaction as the change. Never called "audit":
an audit is an ISO internal audit.
"""
