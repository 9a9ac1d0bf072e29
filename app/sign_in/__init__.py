"""Signing in: codes, passwords, tokens."""
