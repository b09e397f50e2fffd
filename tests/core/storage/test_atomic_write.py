"""Files that are written as a whole or not at all, whatever lies in their way."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from core.storage.atomic_write import (
    Refused,
    check_place,
    move_into_place,
    place_of,
    whole_file,
)
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
OTHER_USER = 65_534

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes and no links")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has the means for it"
)


def write(
    path: Path, content: bytes = b"new", meanwhile: Callable[[], object] = lambda: None
) -> None:
    with whole_file(path) as stream:
        stream.write(content)
        stream.flush()
        meanwhile()


def refused(path: Path) -> str:
    """Return why a file is neither written there nor said to be possible beforehand."""
    reasons = set()
    for attempt in (check_place, write):
        with pytest.raises(OSError) as caught:  # noqa: PT011 - its reason is what is compared
            attempt(path)
        reasons.add(caught.value.strerror)
    (reason,) = reasons
    assert reason
    return str(reason)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755, 0o400])
def test_an_existing_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    if not os.access(path, os.W_OK):
        assert refused(path) == "it is write-protected"
        return
    write(path)
    assert path.read_bytes() == b"new"
    assert mode_of(path) == mode


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_gets_what_the_umask_says(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        write(tmp_path / "file")
    assert mode_of(tmp_path / "file") == 0o666 & ~mask


def test_what_is_being_written_is_no_more_readable_than_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o600)
    with whole_file(path):
        (part,) = [each for each in tmp_path.iterdir() if each != path]
        assert mode_of(part) == 0o600


@as_root
def test_somebodys_file_stays_his_when_root_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    os.chown(path, OTHER_USER, OTHER_USER)
    path.chmod(0o600)
    write(path)
    found = path.stat()
    assert (found.st_uid, found.st_gid, mode_of(path)) == (OTHER_USER, OTHER_USER, 0o600)


def test_links_planted_under_every_name_that_could_be_guessed_are_not_followed(
    tmp_path: Path,
) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    for name in (".file.part", "file.part", ".file.tmp", "file.tmp", "file~"):
        (tmp_path / name).symlink_to(precious)
    write(tmp_path / "file")
    assert precious.read_bytes() == b"precious"
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_link_stays_and_what_it_points_to_changes_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    target, link, chain = folder / "target", tmp_path / "link", tmp_path / "chain"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to("folder/target")
    chain.symlink_to(link)
    with whole_file(chain) as stream:
        stream.write(b"new")
        assert len(list(folder.iterdir())) == 2  # beside the target: it may be another disk
    assert chain.is_symlink()
    assert link.is_symlink()
    assert (target.read_bytes(), mode_of(target)) == (b"new", 0o600)
    assert place_of(chain) == tmp_path / "folder/target"


def test_a_link_to_nothing_makes_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write(tmp_path / "link")
    assert (tmp_path / "target").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    assert refused(tmp_path / "one") == "Too many levels of symbolic links"


@as_root
def test_a_link_that_somebody_planted_in_a_shared_folder_is_refused(tmp_path: Path) -> None:
    shared, precious = tmp_path / "shared", tmp_path / "precious"
    shared.mkdir()
    shared.chmod(0o1777)
    precious.write_bytes(b"precious")
    (shared / "run").symlink_to(precious)
    os.chown(shared / "run", OTHER_USER, OTHER_USER, follow_symlinks=False)
    assert "somebody else put it into a folder" in refused(shared / "run")
    assert precious.read_bytes() == b"precious"
    os.chown(shared / "run", os.geteuid(), -1, follow_symlinks=False)
    write(shared / "run")
    assert precious.read_bytes() == b"new"


def test_what_is_no_file_is_refused_at_once_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert refused(tmp_path / "folder") == "it is a folder"
        assert refused(tmp_path / "pipe") == "it is a pipe"
        assert refused(tmp_path / "link") == "it is a pipe"
        assert refused(tmp_path / "socket") == "it is a socket"
    assert refused(Path("/dev/null")) == "it is a device"
    assert refused(Path("/dev/stdout")) == "it is no file"
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    names = ["folder", "link", "pipe", "socket"]
    assert sorted(each.name for each in tmp_path.iterdir()) == names


@as_root
def test_a_device_that_is_not_in_the_folder_of_devices_is_one_all_the_same(tmp_path: Path) -> None:
    null = Path("/dev/null").stat()
    try:
        os.mknod(tmp_path / "node", stat.S_IFCHR | 0o600, null.st_rdev)
    except PermissionError:
        pytest.skip("no device can be made here")
    assert refused(tmp_path / "node") == "it is a device"
    assert stat.S_ISCHR((tmp_path / "node").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is a folder"),
        ("..", "it is a folder"),
        ("no/folder", "No such file or directory"),
        ("plain/file", "Not a directory"),
        ("n" * 256, "File name too long"),
    ],
)
def test_what_cannot_be_a_file_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "plain").touch()
    assert refused(tmp_path / name) == reason
    assert [each.name for each in tmp_path.iterdir()] == ["plain"]


@pytest.mark.parametrize("name", ["n" * 255, os.fsdecode(b"caf\xe9"), "-rf", "a\nb", " "])
def test_any_name_that_a_file_can_have_will_do(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        check_place(tmp_path / name)
        write(tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_relative_name_is_one_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("file"))
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    for error in (ZeroDivisionError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error):
            write(path, meanwhile=Mock(side_effect=error))
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def test_what_becomes_a_folder_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(Refused, match="it is a folder"):
        write(path, meanwhile=path.mkdir)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_planted_meanwhile_is_not_followed(tmp_path: Path) -> None:
    path, precious = tmp_path / "file", tmp_path / "precious"
    precious.write_bytes(b"precious")
    with pytest.raises(Refused):
        write(path, meanwhile=lambda: path.symlink_to(precious))
    assert precious.read_bytes() == b"precious"


def test_a_part_that_vanishes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def clean_up() -> None:
        (part,) = [each for each in tmp_path.iterdir() if each != path]
        part.unlink()

    with pytest.raises(FileNotFoundError):
        write(path, meanwhile=clean_up)
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_moved_takes_the_file_with_it(tmp_path: Path) -> None:
    """Whoever puts another folder in its place gets nothing written there."""
    folder, moved = tmp_path / "folder", tmp_path / "moved"
    folder.mkdir()
    with whole_file(folder / "file") as stream:
        stream.write(b"new")
        folder.rename(moved)
        folder.mkdir()
    assert list(folder.iterdir()) == []
    assert (moved / "file").read_bytes() == b"new"


def test_a_file_without_content_is_written_as_well(tmp_path: Path) -> None:
    write(tmp_path / "file", b"")
    assert (tmp_path / "file").read_bytes() == b""


def test_a_whole_file_is_moved_into_the_place_of_another(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    old.chmod(0o640)
    new.write_bytes(b"new")
    move_into_place(new, old)
    assert (old.read_bytes(), mode_of(old)) == (b"new", 0o640)
    assert list(tmp_path.iterdir()) == [old]
    new.write_bytes(b"new")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Refused):
        move_into_place(new, tmp_path / "folder")
    assert new.read_bytes() == b"new"


AS_OTHER = """
import os, sys
from pathlib import Path
from core.storage.atomic_write import check_place, whole_file
os.chdir(sys.argv[1])
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for attempt in (check_place, whole_file):
    try:
        done = attempt(Path(sys.argv[2]))
        if done is not None:
            with done as stream:
                stream.write(b"new")
        print("done")
    except OSError as error:
        print(error.strerror)
"""


def as_other_user(path: Path) -> list[str]:
    """Check and write as somebody who is nobody; return what was said to each."""
    done = subprocess.run(
        [sys.executable, "-c", AS_OTHER, path.parent.parent, f"{path.parent.name}/{path.name}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()


@as_root
def test_what_the_rights_of_folders_and_files_forbid_is_told_before(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    closed, shared, opened = (tmp_path / name for name in ("closed", "shared", "opened"))
    for folder, mode in ((closed, 0o755), (shared, 0o1777), (opened, 0o333)):
        folder.mkdir()
        folder.chmod(mode)
    for name, mode in (("locked", 0o644), ("free", 0o666)):
        (shared / name).write_bytes(b"old")
        (shared / name).chmod(mode)
    assert as_other_user(closed / "file") == ["Permission denied"] * 2
    assert as_other_user(shared / "locked") == ["it is write-protected"] * 2
    assert as_other_user(shared / "free") == ["it belongs to somebody else"] * 2
    assert as_other_user(shared / "file") == ["done"] * 2
    assert as_other_user(opened / "file") == ["done"] * 2  # it need not be readable
    assert [each.name for each in opened.iterdir()] == ["file"]
    assert list(closed.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_is_told_beforehand(small_disk: Path) -> None:
    path = small_disk / "file"
    path.write_bytes(b"old")
    check_place(path)
    with pytest.raises(OSError, match="No space left on device"):
        write(path, bytes(1_000_000))
    assert path.read_bytes() == b"old"
    assert list(small_disk.iterdir()) == [path]
    (small_disk / "filler").write_bytes(bytes(220_000))
    with pytest.raises(OSError, match="No space left on device"):
        check_place(path)
    check_place(path, room_bytes=1_000)


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from core.storage.atomic_write import whole_file
with whole_file(Path(sys.argv[1])) as stream:
    while True:
        stream.write(bytes(1000))
        stream.flush()
        if stream.tell() > 1e6:
            stream.seek(0)
"""


def test_ctrl_c_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(path)], cwd=ROOT, stderr=subprocess.DEVNULL
    ) as process:
        wait_until(lambda: any(p.stat().st_size > 5_000 for p in tmp_path.iterdir() if p != path))
        process.send_signal(signal.SIGINT)
        process.wait()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
