"""Feedback of citizens: written, followed by its code, and the answers that everybody may read."""
