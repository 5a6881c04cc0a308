"""Cam Kết: a local government's quality management system, run from its signed decision."""

__version__ = "0.1.0"
