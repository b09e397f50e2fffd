"""The script of a run, which runs alone: exactly the text that ran, with its knobs."""

from pathlib import Path

from core.exports._export import Export
from core.exports.target import whole_file
from core.recording import Recording


def write(recording: Recording, path: Path) -> None:
    """Write the script as it ran, line ends included."""
    with whole_file(path) as stream:
        # As the lab process read it, so Python reads it the same way again; what UTF-8
        # cannot hold never ran, and does not stop the rest from being taken away.
        stream.write(recording.header.script.encode("utf-8", "backslashreplace"))


EXPORT = Export("script", ".py", {"en": "Python script", "ja": "Python スクリプト"}, write)
