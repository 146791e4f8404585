"""An API that knows its callers by the JWTs of the identity server.

It never talks to the server about a caller: it reads the public keys once,
keeps them, and checks signature, issuer, audience and expiry itself.
"""

import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

AUTH_URL = os.environ["AUTH_URL"]  # http://localhost:8080, no path
AUDIENCE = os.environ.get("AUTH_AUDIENCE", AUTH_URL)
JWKS_URL = f"{AUTH_URL}/api/auth/jwks"
PAGE_ORIGIN = os.environ["PAGE_ORIGIN"]  # http://localhost:3000

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[PAGE_ORIGIN],
    allow_headers=["Authorization"],
)

keys = jwt.PyJWKClient(JWKS_URL, timeout=5)  # keeps the key set for 300 seconds
bearer = HTTPBearer(auto_error=False)


# Not async: PyJWKClient may have to fetch keys, and FastAPI runs a plain
# function in a thread, where waiting holds up nobody else.
def caller(header: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> dict:
    """Returns the claims of a valid token, else answers 401."""
    if header is None:
        raise unauthorized("no token")
    try:
        return jwt.decode(
            header.credentials,
            keys.get_signing_key_from_jwt(header.credentials),
            algorithms=["EdDSA"],  # the server's default; never take it from the token
            issuer=AUTH_URL,
            audience=AUDIENCE,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(503, "identity server not reachable") from error
    except jwt.PyJWTError as error:
        raise unauthorized(str(error)) from error


def unauthorized(reason: str) -> HTTPException:
    return HTTPException(401, reason, headers={"WWW-Authenticate": "Bearer"})


@app.get("/me")
def me(claims: Annotated[dict, Depends(caller)]) -> dict:
    return {"subject": claims["sub"], "email": claims.get("email")}
