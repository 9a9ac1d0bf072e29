"""Settings: one clear line for each fault, without secrets."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from db.fault import Fault
from db.keyring import signing_key
from db.settings import DEVELOPMENT_SECRET_KEY, ROOT, Settings, read_settings

KEY = "k" * 32
SIGNING_KEY = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + b"t" * 32).decode()


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


def test_everything_has_a_default() -> None:
    settings = read_settings()
    assert settings.database_url is None
    assert settings.smtp_url is None
    assert settings.openai_api_key is None
    assert settings.shokti_env == "development"


def test_empty_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("APP_PORT", "")
    assert (read_settings().database_url, read_settings().app_port) == (None, 8000)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://u:hunter2secret@h/d", "DATABASE_URL: not a PostgreSQL address"),
        ("DATABASE_URL", "postgresql://u:hunter2secret@h:port/d?x=y", "DATABASE_URL: not a PostgreSQL address"),
        ("DATABASE_URL", "hunter2secret", "DATABASE_URL: not a PostgreSQL address"),
        ("SMTP_URL", "http://u:hunter2secret@mail", "SMTP_URL: not a mail server"),
        ("SMTP_URL", "smtp://u:hunter2secret@mail:99999", "SMTP_URL: its port"),
        ("SMTP_URL", "smtp://", "SMTP_URL: not a mail server"),
        ("PUBLIC_URL", "shokti.example", "PUBLIC_URL: not a web address"),
        ("OPENAI_BASE_URL", "file:///etc/passwd", "OPENAI_BASE_URL: not a web address"),
        ("APP_PORT", "0", "APP_PORT: "),
        ("APP_PORT", "65536", "APP_PORT: "),
        ("APP_PORT", "eighty", "APP_PORT: "),
        ("WORKER_PROCESSES", "0", "WORKER_PROCESSES: "),
        ("SHOKTI_ENV", "staging", "SHOKTI_ENV: "),
        ("LOG_LEVEL", "loud", "LOG_LEVEL: "),
        ("MAIL_FROM", "nobody", "MAIL_FROM: not a sender"),
        ("MAIL_FROM", "a@b.example\nBcc: x@y.example", "MAIL_FROM: not a sender"),
        ("SHOKTI_SECRET_KEYS", "hunter2secret", "SHOKTI_SECRET_KEYS: needs one or more keys"),
        ("SHOKTI_SECRET_KEYS", f"{KEY},hunter2secret", "SHOKTI_SECRET_KEYS: needs one or more keys"),
        ("SHOKTI_SECRET_KEYS", ",", "SHOKTI_SECRET_KEYS: needs one or more keys"),
    ],
)
def test_a_malformed_setting_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Fault) as caught:
        read_settings()
    assert str(caught.value).startswith(said)
    assert "hunter2secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_several_faults_come_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "y")
    with pytest.raises(Fault, match=r"LOG_LEVEL: .*; APP_PORT: "):
        read_settings()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": "postgresql://u@h/d"}, "SHOKTI_SECRET_KEYS: must be set in production"),
        (
            {"DATABASE_URL": "postgresql://u@h/d", "SHOKTI_SECRET_KEYS": f"{KEY},{DEVELOPMENT_SECRET_KEY}"},
            "SHOKTI_SECRET_KEYS: must be set in production",
        ),
        (
            {"DATABASE_URL": "postgresql://u@h/d", "SHOKTI_SECRET_KEYS": KEY},
            "SHOKTI_SIGNING_KEYS: must be set in production",
        ),
        (
            {"SHOKTI_SECRET_KEYS": KEY, "SHOKTI_SIGNING_KEYS": SIGNING_KEY},
            "DATABASE_URL: must be set in production",
        ),
    ],
)
def test_production_refuses_what_is_fit_for_development(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in {"SHOKTI_ENV": "production", **environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Fault, match=said):
        read_settings()


def test_production_with_its_own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SHOKTI_ENV": "production",
        "DATABASE_URL": "postgresql://u:p@h/d",
        "SHOKTI_SECRET_KEYS": f"{KEY}, {'o' * 40}",
        "SHOKTI_SIGNING_KEYS": SIGNING_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    assert [key.get_secret_value() for key in read_settings().shokti_secret_keys] == [KEY, "o" * 40]


def test_secrets_are_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://u:hunter2secret@h/d",
        "SMTP_URL": "smtp://u:hunter2secret@h",
        "OPENAI_API_KEY": "hunter2secret",
        "SHOKTI_SECRET_KEYS": "hunter2secret" * 3,
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert "hunter2secret" not in repr(settings) + str(settings)


def test_an_env_file_is_read_and_its_foreign_lines_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("APP_PORT=8123\nSOMETHING_ELSE=1\n")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    assert read_settings().app_port == 8123
    # Tests do not read it: they do not use a developer's keys.
    monkeypatch.setenv("SHOKTI_ENV", "test")
    assert read_settings().app_port == 8000


def test_a_process_ends_with_that_line_and_code_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "db", "status"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql:///x?port=abc&password=hunter2secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("shokti: DATABASE_URL: ")
    assert done.stderr.count("\n") == 1
    assert "hunter2secret" not in done.stderr + done.stdout


def test_the_example_file_names_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {line.lstrip("# ").split("=")[0] for line in lines if "=" in line and line.lstrip("# ")[:1].isupper()}
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_example_file_shows_defaults_where_it_does_not_say_what_unset_means() -> None:
    shown: dict[str, str] = {}
    for block in (ROOT / ".env.example").read_text().split("\n\n"):
        if "unset" not in block.lower():
            shown |= dict(re.findall(r"^# ([A-Z_]+)=(.+)$", block, re.MULTILINE))
    assert {"LOG_LEVEL", "APP_POOL_SIZE", "WORKER_PROCESSES", "SHOKTI_ENV"} <= shown.keys()
    given = read_settings(**{name.lower(): value for name, value in shown.items()})
    for name in shown:
        assert getattr(given, name.lower()) == Settings.model_fields[name.lower()].default, name


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SHOKTI_SIGNING_KEYS", "not a key", "SHOKTI_SIGNING_KEYS: not a private key in PEM"),
        ("SHOKTI_SIGNING_KEYS", ",", "SHOKTI_SIGNING_KEYS: needs one or more Ed25519 keys"),
        ("SHOKTI_TOKEN_ALGORITHM", "none", "SHOKTI_TOKEN_ALGORITHM"),
        ("CORS_ORIGINS", "*", "CORS_ORIGINS: not origins such as"),
        ("CORS_ORIGINS", "https://a.example/path", "CORS_ORIGINS: not origins such as"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES"),
    ],
)
def test_settings_of_sign_in(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Fault, match=re.escape(said)) as fault:
        read_settings()
    assert "not a key" not in str(fault.value)


def test_a_signing_key_may_keep_the_lines_of_dashes(monkeypatch: pytest.MonkeyPatch) -> None:
    pem = f"-----BEGIN PRIVATE KEY-----\n{SIGNING_KEY}\n-----END PRIVATE KEY-----\n"
    monkeypatch.setenv("SHOKTI_SIGNING_KEYS", f"{pem},{SIGNING_KEY}")
    first, second = (signing_key(key.get_secret_value()) for key in read_settings().shokti_signing_keys)
    assert first.private_bytes_raw() == second.private_bytes_raw() == b"t" * 32


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SMS_GATEWAY", "pigeon", "SMS_GATEWAY"),
        ("SMS_URL", "ftp://gateway.example", "SMS_URL: not a web address"),
        ("SMS_RATE", "-5", "SMS_RATE"),
        ("WEBHOOK_SECRETS", "a secret without a provider of it", "WEBHOOK_SECRETS: not provider=secret"),
        ("WEBHOOK_SECRETS", "smtp=short", "WEBHOOK_SECRETS: not provider=secret"),
        ("WEBHOOK_SECRETS", "SMTP=whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "WEBHOOK_SECRETS: not provider=secret"),
        ("WEBHOOK_SECRETS", "smtp=whsec_!this!is!no!base64!", "WEBHOOK_SECRETS: a secret whsec_… must be base64"),
    ],
)
def test_settings_of_providers(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Fault, match=re.escape(said)) as fault:
        read_settings()
    assert value not in str(fault.value)


def test_a_gateway_is_spoken_to_in_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SHOKTI_ENV": "production",
        "DATABASE_URL": "postgresql://u@h/d",
        "SHOKTI_SECRET_KEYS": KEY,
        "SHOKTI_SIGNING_KEYS": SIGNING_KEY,
        "SMS_GATEWAY": "alpha_sms",
        "SMS_API_TOKEN": "t",
        "SMS_URL": "http://gateway.example",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Fault, match="SMS_URL: must be https in production"):
        read_settings()


def test_providers_have_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    padded, bare = "whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "whsec_MDEyMzQ1Njc4OWFiY2RlZg"
    monkeypatch.setenv("WEBHOOK_SECRETS", f"smtp={padded},smtp={bare}, ssl_wireless=told-by-telephone=and=so=on")
    settings = read_settings()
    assert settings.secrets_of_providers == {
        "smtp": [padded, bare],
        "ssl_wireless": ["told-by-telephone=and=so=on"],
    }
    assert padded not in repr(settings)
