"""The office's registers: directives, documents in and out, the work programme, training, grading, titles, figures.

One mechanism for all: what a register is stands in :mod:`camket.core.registers` as data, its rows in one table, its
counts by day in another. A new register is a definition, not code.
"""
