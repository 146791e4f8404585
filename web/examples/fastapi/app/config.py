"""What the environment says. Nothing else in the package reads it."""

from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# Algorithms with a public and a private key. HS256 and its kin are none: who can verify their signatures
# can also make them.
ASYMMETRIC = {"EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"}


def _split(value: object) -> object:
    """Splits a list with commas; other values are lists already."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _asymmetric(names: list[str]) -> list[str]:
    if not names or not ASYMMETRIC.issuperset(names):
        raise ValueError(f"must be some of {', '.join(sorted(ASYMMETRIC))}")
    return names


def _networks(names: list[str]) -> list[str]:
    """Refuses what uvicorn would take for the name of no proxy, and *, with which callers choose their address."""
    for name in names:
        ip_network(name)
    return names


def _without_slash(url: str) -> str:
    return url.rstrip("/")


# pydantic-settings would read lists as JSON; NoDecode leaves them to us.
CommaList = Annotated[list[str], NoDecode, BeforeValidator(_split)]
Address = Annotated[str, AfterValidator(_without_slash)]


class Settings(BaseSettings):
    """Each field is the variable of the same name in capitals; an empty one counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    auth_url: Address = "http://localhost:8080"
    """Where this service reaches the identity server, without a path."""
    auth_issuer: str = ""
    """The `iss` of tokens: the server's baseURL. By default that is where we reach it."""
    auth_audience: str = ""
    """The `aud` of tokens: by default the issuer."""
    auth_algorithms: Annotated[CommaList, AfterValidator(_asymmetric)] = ["EdDSA"]
    auth_check: Literal["jwks", "session"] = "jwks"
    """jwks: callers send a JWT, checked here. session: they send their session token, which the server is asked about."""

    database_url: str
    """For SQLAlchemy: postgresql+psycopg://user:password@host/database."""
    app_origins: CommaList = ["http://localhost:3000"]
    """The origins of pages that may call."""
    redis_url: str = "memory://"
    """Where limits are counted: by default in each process for itself."""
    trusted_proxies: Annotated[CommaList, AfterValidator(_networks)] = []
    """Addresses and networks whose X-Forwarded-For is believed."""

    @property
    def issuer(self) -> str:
        return self.auth_issuer or self.auth_url

    @property
    def audience(self) -> str:
        return self.auth_audience or self.issuer


settings = Settings()
