"""Files and evidence: what people attach, and what proves that work was done (ISO 9001:2015, 7.5).

A stored file is never changed, and is checked when it is read; the same bytes are stored once per agency, under a
random name. Evidence is a file, a link, or the number of an official document kept elsewhere.
"""
