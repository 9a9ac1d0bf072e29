"""Ways out of the house: each an adapter with the one interface of `worker.channels.channel`."""
