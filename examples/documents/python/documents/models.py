"""What every document is turned into, whatever its kind."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

# How much of a part's text its row shows.
SHOWN = 40


class Part(BaseModel):
    """A page, a sheet, a section: what a document consists of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    text: Text = ""

    @property
    def beginning(self) -> str:
        """The first words, on one line."""
        line = " ".join(self.text.split())
        return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


class Attachment(BaseModel):
    """A file inside a document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Names come from the document: no folders.
    filename: Annotated[str, Field(pattern=r"^[^/\\]+$", max_length=200)]
    data: Annotated[bytes, Field(min_length=1)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["html", "image", "json", "pdf", "xlsx"]
    title: Text | None = None
    parts: list[Part] = []
    attachments: list[Attachment] = []
