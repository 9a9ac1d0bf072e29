"""Adapters that deliver messages."""
