"""The handlers of queued jobs, by subject."""
