"""The staff's pages of feedback: what waits, the list, one piece from its receipt to its publication."""
