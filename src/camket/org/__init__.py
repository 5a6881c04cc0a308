"""Agencies, their units and people, who may do what, and the working calendar.

Every row of the system belongs to one agency. A person acts through an :class:`~camket.org.policy.Actor`:
the person, the agency acted for, and the roles held there today. ``policy`` holds the one table of
role x act; every operation asks it. The calendar (days off, swaps, working Saturdays) is data with its
source, so that deadlines follow the decision of each year.
"""
