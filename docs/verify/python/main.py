"""Verifies the tokens that it reads, one a line, and answers each as an API would: 200 with the user's id, 401, or
503. verify.py is the part to copy."""

import os
import sys

import jwt
from verify import NoKeys, Verifier

auth_url = os.environ["AUTH_URL"]
issuer = os.environ.get("AUTH_ISSUER", auth_url)
verifier = Verifier(auth_url, issuer, os.environ.get("AUTH_AUDIENCE", issuer))


def answer(token: str) -> str:
    try:
        return f"200 {verifier.verify(token)['sub']}"
    except NoKeys as error:
        return f"503 {str(error)!r}"
    except jwt.InvalidTokenError as error:
        return f"401 {str(error)!r}"


for line in sys.stdin:
    print(answer(line.strip()), flush=True)
