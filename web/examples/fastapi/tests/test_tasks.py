"""Tasks: each user has their own, and whatever comes in is answered."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from .sallyport import Person, Sallyport
from .service import Service

UNKNOWN = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def token(server: Sallyport, ann: Person) -> str:
    return server.token(ann)


@pytest.fixture
def other(server: Sallyport, bob: Person) -> str:
    return server.token(bob)


@pytest.fixture(scope="module")
def clumsy(server: Sallyport) -> str:
    """Gives the token of somebody none of whose calls succeeds."""
    return server.token(server.sign_up())


def create(api: Service, token: str, title: str) -> dict[str, Any]:
    answer = api.post("/tasks", token, json={"title": title})
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.json()
    return task


def titles(api: Service, token: str, **query: int) -> list[str]:
    answer = api.get("/tasks", token, params=query)
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()["tasks"]]


def test_profile(api: Service, ann: Person, token: str) -> None:
    assert api.get("/profile", token).json() == {"id": ann.id, "email": ann.email, "name": "Ann", "role": "user"}


def test_from_the_first_to_the_last_call(api: Service, token: str) -> None:
    assert titles(api, token) == []
    task = create(api, token, "  Water the plants ")
    assert UUID(task["id"]) and task["created_at"].endswith("Z")
    assert (task["title"], task["done"]) == ("Water the plants", False)

    path = f"/tasks/{task['id']}"
    assert api.get(path, token).json() == task
    changed = api.call("PUT", path, token, json={"title": "Water them again", "done": True})
    assert (changed.status_code, changed.json()) == (200, {**task, "title": "Water them again", "done": True})
    assert api.get("/tasks", token).json() == {"tasks": [changed.json()]}

    gone = api.call("DELETE", path, token)
    assert (gone.status_code, gone.content) == (204, b"")
    assert [api.call(method, path, token).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert titles(api, token) == []


def test_newest_first_and_in_pages(api: Service, token: str) -> None:
    for n in range(3):
        create(api, token, f"task {n}")
    assert titles(api, token) == ["task 2", "task 1", "task 0"]
    assert titles(api, token, limit=2) == ["task 2", "task 1"]
    assert titles(api, token, limit=2, offset=2) == ["task 0"]


def test_another_users_task_is_as_good_as_none(api: Service, token: str, other: str) -> None:
    for mine, theirs in ((token, other), (other, token)):
        task = create(api, mine, "mine")
        assert titles(api, theirs) == []
        for id in (task["id"], UNKNOWN):
            path, body = f"/tasks/{id}", {"title": "theirs", "done": True}
            answers = [api.get(path, theirs), api.call("PUT", path, theirs, json=body), api.call("DELETE", path, theirs)]
            assert [(a.status_code, a.json()) for a in answers] == [(404, {"detail": "There is no such task"})] * 3
        assert api.get(f"/tasks/{task['id']}", mine).json() == task
        assert api.call("DELETE", f"/tasks/{task['id']}", mine).status_code == 204


def test_a_user_id_in_the_body_is_ignored(api: Service, bob: Person, token: str, other: str) -> None:
    stray = {"title": "whose?", "done": False, "user_id": bob.id, "id": UNKNOWN, "created_at": "2000-01-01T00:00:00Z"}
    task = api.post("/tasks", token, json=stray).json()
    assert task["id"] != UNKNOWN and not task["created_at"].startswith("2000")
    changed = api.call("PUT", f"/tasks/{task['id']}", token, json=stray)
    assert changed.json() == task
    assert (titles(api, token), titles(api, other)) == (["whose?"], [])


def test_reports_count_the_users_own(api: Service, token: str, other: str) -> None:
    task = create(api, token, "one")
    create(api, token, "two")
    create(api, other, "three")
    api.call("PUT", f"/tasks/{task['id']}", token, json={"title": "one", "done": True})
    assert api.get("/reports", token).json() == {"open": 1, "done": 1}


BODIES: dict[str, tuple[int, bytes]] = {
    "nothing": (422, b""),
    "no JSON": (422, b"title=x"),
    "cut off": (422, b'{"title": "x"'),
    "not UTF-8": (400, b'{"title": "\xff"}'),
    "no object": (422, b'["x"]'),
    "null": (422, b"null"),
    "without a title": (422, b"{}"),
    "number as title": (422, b'{"title": 1}'),
    "no number as title": (422, b'{"title": NaN}'),
    "half a surrogate": (422, rb'{"title": "\ud800"}'),
    "NUL": (422, rb'{"title": "a\u0000b"}'),
    "empty title": (422, b'{"title": ""}'),
    "blank title": (422, b'{"title": " \\n "}'),
    "long title": (422, b'{"title": "%s"}' % (b"x" * 501)),
    "huge title": (413, b'{"title": "%s"}' % (b"x" * 70_000)),
    "deeply nested": (400, b"[" * 50_000),
    "no boolean": (422, b'{"title": "x", "done": "perhaps"}'),
}


@pytest.mark.parametrize("name", BODIES)
def test_bad_bodies(api: Service, clumsy: str, name: str) -> None:
    status, body = BODIES[name]
    headers = {"Content-Type": "application/json"}
    answers = [
        api.post("/tasks", clumsy, content=body, headers=headers),
        api.call("PUT", f"/tasks/{UNKNOWN}", clumsy, content=body, headers=headers),
    ]
    for answer in answers:
        assert (answer.status_code, list(answer.json())) == (status, ["detail"]), answer.text
        assert isinstance(answer.json()["detail"], str)
    assert titles(api, clumsy) == []


def test_a_huge_body_that_hides_its_size(api: Service, clumsy: str) -> None:
    body = iter([b'{"title": "', b"x" * 70_000, b'"}'])
    assert api.post("/tasks", clumsy, content=body).status_code == 413


@pytest.mark.parametrize("path", ["/tasks/1", "/tasks/%00", "/tasks/x%2Fy", f"/tasks/{UNKNOWN}{UNKNOWN}"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_bad_ids(api: Service, clumsy: str, method: str, path: str) -> None:
    body = {"title": "x", "done": False} if method == "PUT" else None
    answer = api.call(method, path, clumsy, json=body)
    assert answer.status_code in (404, 422), answer.text


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", f"offset={10**30}"])
def test_bad_pages(api: Service, clumsy: str, query: str) -> None:
    answer = api.get(f"/tasks?{query}", clumsy)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(query.split("=")[0])


def test_what_is_wrong_is_told(api: Service, clumsy: str) -> None:
    def detail(answer: httpx.Response) -> str:
        text: str = answer.json()["detail"]
        return text

    assert detail(api.post("/tasks", clumsy, json={})) == "title: Field required"
    assert detail(api.post("/tasks", clumsy, json={"title": "\0"})) == "title: String should not contain the character NUL"
    assert detail(api.post("/tasks", clumsy, content=b"")) == "body: Field required"
