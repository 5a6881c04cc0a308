"""The language of Vietnamese official wording: text to values, and values back to text.

- ``text``: folding, legacy encodings (TCVN3, VNI), search and sort keys
- ``numbers``: decimals, percentages, roman and lettered labels
- ``dates``: dates in words and figures
- ``targets``: the measurable commitments of an objective's wording
- ``schedules``: when a planned action is done
- ``bodies``: who does it, and what evidences it

The grammar is of the genre (quality objectives of TCVN ISO 9001:2015 in state bodies), never of one document.
"""
