"""Migrations and what applies them."""
