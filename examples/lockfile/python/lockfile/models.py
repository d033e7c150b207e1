"""What a Cargo.lock holds (Cargo book, "Cargo.toml vs Cargo.lock")."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Package(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]
    source: str | None = None
    checksum: Sha256 | None = None
    dependencies: list[str] = []
    replace: str | None = None

    @property
    def origin(self) -> str:
        """Where the package comes from: "registry", "git", or "path" for one of the workspace's own."""
        if self.source is None:
            return "path"
        kind, _, _ = self.source.partition("+")
        return kind

    @model_validator(mode="after")
    def own_packages_have_no_checksum(self) -> "Package":
        if self.source is None and self.checksum is not None:
            raise ValueError(f"{self.name} has a checksum but no source")
        return self


class Lockfile(BaseModel):
    version: int = 1
    package: list[Package] = []
