"""The HTTP edge: validate, call one SQL function, pass its answer on. Business decisions are in sql/."""
