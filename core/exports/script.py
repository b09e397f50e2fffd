"""The script of a run, which runs alone: exactly the text that ran, with its knobs."""

from collections.abc import Iterator

from core.exports._export import Export
from core.recording import Recording


def pieces(recording: Recording) -> Iterator[bytes]:
    """Yield the script as it ran, line ends included."""
    # As the lab process read it, so Python reads it the same way again; what UTF-8
    # cannot hold never ran, and does not stop the rest from being taken away.
    yield recording.header.script.encode("utf-8", "backslashreplace")


EXPORT = Export("script", ".py", {"en": "Python script", "ja": "Python スクリプト"}, pieces)
