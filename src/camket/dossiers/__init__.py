"""Administrative procedures and their dossiers: the catalogue, what comes in from the one-stop software, the clock.

``operations`` writes, ``queries`` reads; ``importing`` brings files in. Of every dossier its counts are kept in
buckets (``Bucket``) by whatever writes it.
"""
