"""What runs by the clock: one timetable, kept by one row a job, run by any number of workers.

``chores`` declares the jobs; a row remembers when each is due, who runs it and how it ended. A claim is one UPDATE
that must touch one row. Whoever runs a job counts up its row's ``beat``; a worker that sees the count stand still for
a lease's length by its own steady clock takes the job over, so that neither a killed worker nor a clock that was set
stops a job or runs it twice. A job may begin again after being cut off anywhere, and must then come to the same end.
"""
