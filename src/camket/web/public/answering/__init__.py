"""Answering a survey: at a poster's code, by the link of one slip, at a tablet on the counter."""
