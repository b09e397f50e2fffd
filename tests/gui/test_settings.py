"""What the window remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.settings import Settings
from gui.theme import MAX_ZOOM


def store_at(folder: Path) -> QSettings:
    return QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)


def test_nothing_is_remembered_at_first(tmp_path: Path) -> None:
    settings = Settings(store_at(tmp_path))
    assert (settings.look, settings.language, settings.zoom) == ("system", "system", None)
    assert (settings.demo, settings.folder) == ("", "")
    assert settings.state("window").isEmpty()


def test_everything_is_found_again(tmp_path: Path) -> None:
    settings = Settings(store_at(tmp_path))
    settings.look, settings.language, settings.zoom = "dark", "ja", 1.5
    settings.demo, settings.folder = "fibonacci", "/somewhere"
    settings.keep_state("rows3", QByteArray(b"sizes"))
    settings.save()
    again = Settings(store_at(tmp_path))
    assert (again.look, again.language, again.zoom) == ("dark", "ja", 1.5)
    assert (again.demo, again.folder) == ("fibonacci", "/somewhere")
    assert again.state("rows3") == QByteArray(b"sizes")


@pytest.mark.parametrize("nonsense", ["purple", "", "12", str(MAX_ZOOM + 1), "nan"])
def test_nonsense_in_the_file_is_ignored(tmp_path: Path, nonsense: str) -> None:
    store = store_at(tmp_path)
    for key in ("look", "language", "zoom", "state/window"):
        store.setValue(key, nonsense)
    settings = Settings(store)
    assert (settings.look, settings.language, settings.zoom) == ("system", "system", None)
    assert settings.state("window").isEmpty()
