"""The table of endpoints: one module for each room, with its models and rows."""
