"""The rules, in plain Python: no framework, database, network, file or clock.

Everything here takes values and returns values. Dates and actors are arguments; figures are
:class:`decimal.Decimal`, never float. A function that carries a rule of law names its source.
"""
