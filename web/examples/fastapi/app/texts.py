"""What texts a caller may send."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

MAX_LENGTH = 500


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("nul", "String should not contain the character NUL")  # Postgres stores none
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LENGTH),
    AfterValidator(_without_nul),
]
