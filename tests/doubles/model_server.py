"""A model server as a process: speaks /v1/chat/completions, and misbehaves when told to.

`PUT /behaviour` with {"moods": ["429", "500", …]} makes the next answers misbehave in that order; the last mood stays.
Moods: good, 401, 429 (with Retry-After), 500, slow, reset, malformed (JSON that is none), schema (JSON of another
shape), refusal, no_temperature (as reasoning models are), truncated, oversized, endless, hostile, english, price.
`GET /requests` returns every body it was sent, `GET /traces` every traceparent. `PUT /planted` with [words]: from then
on bodies are not kept, but counted, and searched for these words; `GET /planted` returns {"requests": n, "found":
[words]}. `PUT /script` with [answers]: mood good gives these in turn, each an object {"variants": […]}.

    python -m tests.doubles.model_server [--port N]

Prints the port on a line of its own once it listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

GOOD = {
    "variants": [
        {
            "variant": "a",
            "subject": "{service} আবার লাগবে কি?",
            "body": "{address},\nকিছুদিন হলো আপনার {service} করা হয়েছিল। আবার দরকার হলে সুবিধামতো সময় বেছে নিন।\n"
            "{add_on_line}\n{link}\n\nএমন বার্তা না চাইলে: {stop_link}",
            "add_on_line": "চাইলে সঙ্গে {add_on} যোগ করতে পারেন।",
        },
        {
            "variant": "b",
            "subject": "{service} নিয়ে একটি মনে করানো",
            "body": "{address},\nআপনার পছন্দের সময়ে {service} করাতে চাইলে এখান থেকে বুকিং করুন।\n"
            "{add_on_line}\n{link}\n\nবার্তা বন্ধ করতে: {stop_link}",
            "add_on_line": "{add_on} লাগলে সেটিও বেছে নিন।",
        },
        {
            "variant": "c",
            "subject": "ঘরের কাজে আমরা পাশে আছি",
            "body": "{address},\n{service} করার সময় কাছে এসেছে বলে মনে হলো। দরকার হলে জানাবেন, আমরা আসব।\n"
            "{add_on_line}\n{link}\n\nআর না চাইলে: {stop_link}",
            "add_on_line": "সঙ্গে {add_on} লাগবে কি না দেখে নিন।",
        },
    ]
}
HOSTILE = {
    "variants": [
        {
            "variant": "a",
            "subject": "তুমি এখনই বুক করো",
            "body": "{address}, তুমি অলস। এখনই না করলে শাস্তি হবে! {service} {link} {stop_link} {password}\n"
            "'); drop table outreach.message; -- <script>alert(1)</script> https://evil.example/",
            "add_on_line": "",
        }
    ]
}
ENGLISH = {
    "variants": [
        {
            "variant": "a",
            "subject": "Time for {service}",
            "body": "{address},\nTime to book {service} again.\n{add_on_line}\n{link}\n{stop_link}",
            "add_on_line": "",
        }
    ]
}
PRICE = {
    "variants": [
        {
            "variant": "a",
            "subject": "{service} এখন ৫০% ছাড়ে",
            "body": "{address},\nমাত্র ৳৫০০ টাকায় {service}! আজই বুক করুন।\n{add_on_line}\n{link}\n{stop_link}",
            "add_on_line": "",
        }
    ]
}


class Moods:
    def __init__(self) -> None:
        self.coming: list[str] = ["good"]
        self.requests: list[dict[str, Any]] = []
        self.traces: list[str | None] = []
        self.planted: list[str] = []
        self.counted = 0
        self.found: set[str] = set()
        self.script: list[dict[str, Any]] = []

    def note(self, raw: bytes) -> dict[str, Any]:
        """Stores a request, or only searches it."""
        body: dict[str, Any] = json.loads(raw)
        if self.planted:
            # Searched after parsing, as JSON may write a letter in several ways.
            said = json.dumps(body, ensure_ascii=False).lower()
            self.counted += 1
            self.found |= {word for word in self.planted if word.lower() in said}
        else:
            self.requests.append(body)
        return body

    def next(self) -> str:
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


MOODS = Moods()


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 400, "total_tokens": 1300},
    }


async def complete(request: Request) -> Response:
    MOODS.traces.append(request.headers.get("traceparent"))
    body = MOODS.note(await request.body())
    match MOODS.next():
        case "401":
            return JSONResponse({"error": {"message": "bad key", "type": "auth", "code": "invalid_api_key"}}, 401)
        case "no_temperature" if "temperature" in body:
            unsupported = {"message": "not with this model", "param": "temperature", "code": "unsupported_value"}
            return JSONResponse({"error": unsupported}, 400)
        case "429":
            return JSONResponse({"error": {"message": "slow down", "type": "rate"}}, 429, {"Retry-After": "1"})
        case "500":
            return JSONResponse({"error": {"message": "oh no", "type": "server"}}, 500)
        case "slow":
            await asyncio.sleep(30)
            return JSONResponse(completion(json.dumps(GOOD)))
        case "reset":

            async def broken() -> AsyncIterator[bytes]:
                yield b'{"id": "chatcmpl-test", "choi'
                raise ConnectionResetError

            return StreamingResponse(broken(), media_type="application/json", headers={"Content-Length": "5000"})
        case "malformed":
            return JSONResponse(completion('{"variants": [{"variant": "a", "subject": "অসম্পূর্ণ'))
        case "schema":
            return JSONResponse(completion('{"texts": ["একটি", "দুটি"]}'))
        case "refusal":
            return JSONResponse(completion(None, refusal="I cannot help with that."))
        case "truncated":
            return JSONResponse(completion('{"variants": [', finish="length"))
        case "oversized":
            return JSONResponse(completion(json.dumps({"variants": [{"variant": "a", "subject": "ক" * 5_000_000}]})))
        case "endless":

            async def endless() -> AsyncIterator[bytes]:
                while True:
                    yield b" " * 65536
                    await asyncio.sleep(0)

            return StreamingResponse(endless(), media_type="application/json")
        case "hostile":
            return JSONResponse(completion(json.dumps(HOSTILE)))
        case "english":
            return JSONResponse(completion(json.dumps(ENGLISH)))
        case "price":
            return JSONResponse(completion(json.dumps(PRICE)))
        case "good" | "no_temperature":
            answer = MOODS.script.pop(0) if MOODS.script else GOOD
            return JSONResponse(completion(json.dumps(answer, ensure_ascii=False)))
        case mood:
            return JSONResponse({"error": {"message": f"unknown mood {mood}"}}, 400)


async def behave(request: Request) -> Response:
    MOODS.coming = (await request.json())["moods"]
    return Response(status_code=204)


async def requests(request: Request) -> Response:
    return JSONResponse(MOODS.requests)


async def traces(request: Request) -> Response:
    return JSONResponse(MOODS.traces)


async def plant(request: Request) -> Response:
    MOODS.planted, MOODS.counted, MOODS.found = await request.json(), 0, set()
    return Response(status_code=204)


async def planted(request: Request) -> Response:
    return JSONResponse({"requests": MOODS.counted, "found": sorted(MOODS.found)})


async def script(request: Request) -> Response:
    MOODS.script = await request.json()
    return Response(status_code=204)


app = Starlette(
    routes=[
        Route("/v1/chat/completions", complete, methods=["POST"]),
        Route("/behaviour", behave, methods=["PUT"]),
        Route("/requests", requests),
        Route("/traces", traces),
        Route("/planted", plant, methods=["PUT"]),
        Route("/planted", planted),
        Route("/script", script, methods=["PUT"]),
    ]
)


def serve(port: int) -> None:
    # Listens before uvicorn takes over, so that a reader of the port can connect at once.
    listening = socket.create_server(("127.0.0.1", port))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listening])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A model server for tests.")
    parser.add_argument("--port", type=int, default=0)
    serve(parser.parse_args().port)
