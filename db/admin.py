"""Admins are created with the owner's rights on the database, never over HTTP."""

from __future__ import annotations

from uuid import UUID, uuid4

from db.connection import connect


def set_admin(url: str, login: str, password_hash: str, sealed_totp: bytes) -> UUID:
    """Creates an admin, or replaces password and TOTP secret and ends the sessions. Returns the admin's id."""
    with connect(url, role="shokti_owner", application_name="shokti-admin") as owner:
        row = owner.execute(
            """select account.set_admin_credential(p_login => %s, p_password_hash => %s, p_user_id => %s, p_sealed_totp => %s,
                 p_at => clock.now())""",
            [login, password_hash, uuid4(), sealed_totp],
        ).fetchone()
    assert row is not None
    user_id: UUID = row[0]
    return user_id
