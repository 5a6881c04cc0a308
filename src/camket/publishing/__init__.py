"""What the public sees, and the register of what was posted where and when.

A publication is frozen when it is made public by an act; nothing of the public page is read from live records. A
correction is a new publication, the old one is kept. ``operations`` writes, ``queries`` reads.
"""
