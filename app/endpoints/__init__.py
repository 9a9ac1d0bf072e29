"""The table of endpoints: a module per room, rows beside their models."""
