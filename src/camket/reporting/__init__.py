"""Periodic reports on the objectives: composed from verdicts and tasks, frozen when issued.

An issued report keeps the snapshot it was written from and reproduces byte for byte; a correction is a
new version. A snapshot whose readings have changed since is flagged, never rewritten.
"""
