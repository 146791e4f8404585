"""The identity server, and people who use it."""

import json
import os
import subprocess
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from uuid import uuid4

import httpx

from .process import Process, free_port

EXAMPLE = (Path(__file__).parents[2] / "sallyport.yaml").read_text()
SECRET = "a-secret-for-tests-0123456789-ABCDEFGHIJ"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in."""

    id: str
    email: str
    session: str


class Sallyport:
    """A server in development's mode: mails go to the log, and nothing is limited unless the configuration says so."""

    def __init__(self, binary: Path, folder: Path, database: str, configuration: str = EXAMPLE) -> None:
        self._binary = binary
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = folder / f"{uuid4()}.yaml"
        config.write_text(configuration + "server: {mode: development}\n")
        self._env = {
            "SALLYPORT_CONFIG": str(config),
            "DATABASE_URL": database,
            "BETTER_AUTH_SECRET": SECRET,
            "BASE_URL": self.url,
            "PORT": str(self.port),
        }
        self.start()

    def start(self) -> None:
        self._process = Process([self._binary, "serve", "--migrate"], "msg=listening", self._env)
        # Without a jar for cookies, which would let one person's calls carry another's.
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(base_url=f"{self.url}/api/auth", cookies=nothing)

    def stop(self) -> None:
        self._http.close()
        self._process.stop()

    def command(self, *args: str, stdin: str = "") -> str:
        """Runs `sallyport ...` as an operator would, beside the server."""
        env = {**os.environ, **self._env}
        done = subprocess.run([self._binary, *args], env=env, input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sign_up(self, name: str = "Ada", role: str = "user") -> Person:
        """Makes somebody whose address is known to be theirs, and signs them in."""
        email = f"{uuid4()}@example.com"
        about = ["--email", email, "--name", name, "--role", role, "--verified", "--password-stdin", "--json"]
        user = json.loads(self.command("user", "create", *about, stdin=PASSWORD))
        answer = self._http.post("/sign-in/email", json={"email": email, "password": PASSWORD})
        return Person(user["id"], email, answer.raise_for_status().headers["set-auth-token"])

    def token(self, person: Person) -> str:
        """Gives a new JWT of that person."""
        answer = self.get("/token", person).raise_for_status()
        token: str = answer.json()["token"]
        return token

    def get(self, path: str, person: Person) -> httpx.Response:
        return self._http.get(path, headers=bearer(person.session))

    def sign_out(self, person: Person) -> None:
        self._http.post("/sign-out", headers=bearer(person.session), json={}).raise_for_status()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
