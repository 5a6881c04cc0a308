"""Controlled documents and the legal texts they rest on."""
