"""Telling people what waits for them: in the product and by e-mail, once for each thing, lost for none.

What is to be told is written in the transaction of what happened; mail is sent from an outbox afterwards.
"""
