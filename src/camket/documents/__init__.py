"""Files and evidence: what people attach, kept by content hash, and what proves that work was done (ISO 9001:2015, 7.5).

A stored file is never changed; the same bytes are stored once per agency. Evidence is a file, a link,
or the number of an official document kept elsewhere.
"""
