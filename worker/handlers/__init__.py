"""What each job does: one call of SQL, one act outside, one call of SQL. All decisions are in the database.

No connection is held while something outside is awaited: each call takes one from the pool and gives it back.
"""
