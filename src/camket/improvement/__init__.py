"""The improvement cycle of ISO 9001:2015: audit (9.2), nonconformity (10.2), context and risk (4.1, 4.2, 6.1), review (9.3).

Also the self-assessment of TCVN ISO 18091:2020 and the announcement of conformity. What is to be done are tasks of
:mod:`camket.actions`, here is why; the states and what leads from one to the next stand in :mod:`camket.core.workflow`.
"""
