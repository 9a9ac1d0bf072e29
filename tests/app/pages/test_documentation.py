"""The contract as a page: Swagger UI from an installed package, without a request to another address."""

from __future__ import annotations

import re

import httpx2
import pytest

from app.pages import documentation
from db import Fault

FILES = {
    "/docs": "text/html",
    "/docs/start.js": "text/javascript",
    "/docs/page.css": "text/css",
    "/docs/swagger-ui.css": "text/css",
    "/docs/swagger-ui-bundle.js": "text/javascript",
}


@pytest.mark.parametrize(("path", "media_type"), FILES.items())
def test_each_file_is_compressed_and_kept_by_its_etag(app: httpx2.Client, path: str, media_type: str) -> None:
    plain = app.get(path, headers={"accept-encoding": "identity"})
    assert plain.status_code == 200
    assert plain.headers["content-type"].partition(";")[0] == media_type
    assert "content-encoding" not in plain.headers
    compressed = app.get(path, headers={"accept-encoding": "gzip"})
    assert (compressed.headers["content-encoding"], compressed.content) == ("gzip", plain.content)
    assert plain.headers["cache-control"] == "public, no-cache"
    kept = app.get(path, headers={"if-none-match": plain.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")


def test_the_page_has_no_inline_script_or_style_and_asks_no_other_address(app: httpx2.Client) -> None:
    page = app.get("/docs")
    policy = dict(one.strip().split(" ", 1) for one in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text)
    assert set(addresses) == {"data:,", "/openapi.json", *FILES} - {"/docs"}
    assert not re.search(r"<style|<script>| on\w+=| style=", page.text)


def test_the_page_reads_the_contract_and_no_outside_validator(app: httpx2.Client) -> None:
    start = app.get("/docs/start.js").text
    assert 'url: "/openapi.json"' in start
    assert "validatorUrl: null" in start


def test_the_library_reads_openapi_3_1(app: httpx2.Client) -> None:
    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', app.get("/docs/swagger-ui-bundle.js").text)
    assert version
    assert int(version[1]) >= 5


def test_a_missing_file_of_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Fault, match=r"nothing\.css of the package swagger-ui-py; install"):
        documentation.packaged("nothing.css")
    monkeypatch.setattr(documentation, "MODULE", "no_such_module")
    with pytest.raises(Fault, match=r"swagger-ui\.css of the package swagger-ui-py"):
        documentation.documentation()
