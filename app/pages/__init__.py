"""The pages that links open, and the documentation of the API."""
