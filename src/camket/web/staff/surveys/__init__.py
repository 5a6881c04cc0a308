"""Surveys of satisfaction: questionnaires, surveys, where they are answered, slips."""
