"""Loading a marketplace from CSV files."""
