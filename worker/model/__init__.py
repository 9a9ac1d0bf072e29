"""Texts by a language model: prompts, the client, the writer."""
