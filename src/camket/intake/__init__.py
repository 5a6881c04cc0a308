"""Forms on their way in: each takes effect once, and none is lost with the session it was typed in.

A form that was sent leaves a fingerprint in the transaction of its act; sent again (an impatient second click, a
reloaded page, a network that repeats) it finds the fingerprint and leads to the first result. A form that arrives
when its person is no longer signed in is held for an hour, for that person alone, and shown after signing in again.
Neither is a record of the quality system: both are dropped when they have served.
"""
