"""The packs that ship with the portal."""

from pathlib import Path

FOLDER = Path(__file__).parent / "packs"


def shipped_packs() -> dict[str, Path]:
    """The files by the key of their pack, which is their name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
