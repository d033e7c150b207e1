"""httpx with transports of its user's, which need no connection."""

import asyncio

import httpx


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/moved":
        return httpx.Response(302, headers={"location": "/here"})
    return httpx.Response(200, json={"path": request.url.path, "body": request.content.decode()})


async def application(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def client(kind: type, transport):
    return kind(transport=transport, base_url="https://example.test", follow_redirects=True)


def check() -> None:
    with client(httpx.Client, httpx.MockTransport(answer)) as session:
        assert session.get("/moved").json() == {"path": "/here", "body": ""}
        assert session.post("/form", data={"a": "ü"}).json()["body"] == "a=%C3%BC"
    assert asyncio.run(many()) == ["/0", "/1", "/2"]
    assert asyncio.run(hosted()) == "/hosted"


async def many() -> list[str]:
    async with client(httpx.AsyncClient, httpx.MockTransport(answer)) as session:
        answers = await asyncio.gather(*(session.get(f"/{number}") for number in range(3)))
    return [answer.json()["path"] for answer in answers]


async def hosted() -> str:
    async with client(httpx.AsyncClient, httpx.ASGITransport(application)) as session:
        return (await session.get("/hosted")).text
