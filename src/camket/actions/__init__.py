"""Planned actions and their dated tasks; used by plans, audits and corrective actions alike.

An action says what is done, who leads, supports and monitors, when, with what resources, and what
proves it. When it comes into force its schedules become tasks: dated ones, check-points of continuous
work at the agency's rhythm, and triggers that a person fires when the event happens. A task is
reported by its lead and accepted or returned by its monitor.
"""
