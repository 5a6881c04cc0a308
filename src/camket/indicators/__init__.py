"""Indicators and their readings (ISO 9001:2015, 9.1).

An indicator is what a target is measured by. A reading is its value for one period: numerator and
denominator, a value, a grade, a rank, or whether a state is reached; with its source, its evidence, who
entered it and who confirmed it. A zero denominator means that nothing arose: neither 0 % nor 100 %.
"""
