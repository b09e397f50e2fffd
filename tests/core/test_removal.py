"""The private folder goes with its run, and nothing that is not its own goes with it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import emptying
from core.laboratory import Laboratory
from core.private_folder import PREFIX, PrivateFolder
from tests.lab.running import ended, job, lines, started, write_script

pytestmark = pytest.mark.skipif(os.name != "posix", reason="folders are opened on POSIX only")

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateFolder]:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    made = PrivateFolder.make()
    yield made
    made.remove()


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """Return a folder of somebody's, outside of the temporary one."""
    kept = tmp_path / "precious"
    (kept / "inner").mkdir(parents=True)
    (kept / "inner" / "file").write_text("kept")
    (kept / "events").write_text("kept")  # as the socket of a run is called
    return kept


def assert_kept(precious: Path) -> None:
    assert (precious / "inner" / "file").read_text() == "kept"
    assert (precious / "events").read_text() == "kept"


@contextmanager
def mounted(source: Path, on: Path) -> Iterator[None]:
    """Bind a folder or file to another place as well; skips where that is not allowed."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root mounts")
    bound = subprocess.run(["mount", "--bind", str(source), str(on)], capture_output=True)
    if bound.returncode:
        pytest.skip(f"cannot mount here: {bound.stderr.decode()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(on)], check=True)


def replaced_by_link(folder: Path, precious: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(precious)


def moved_and_replaced_by_link(folder: Path, precious: Path) -> None:
    folder.rename(precious / "moved")
    folder.symlink_to(precious)


def replaced_by_folder(folder: Path, precious: Path) -> None:
    shutil.rmtree(folder)
    precious.rename(folder)


def replaced_by_file(folder: Path, _precious: Path) -> None:
    folder.rmdir()
    folder.write_text("kept")


def replaced_by_socket(folder: Path, _precious: Path) -> None:
    folder.rmdir()
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(folder))


LEFT = "The temporary folder of the run was replaced by "
REPLACED: dict[Callable[[Path, Path], None], str] = {
    replaced_by_link: LEFT + "a link; the link {path} and what it points to were left alone.",
    moved_and_replaced_by_link: LEFT
    + "a link; the link {path} and what it points to were left alone.",
    replaced_by_folder: LEFT + "another folder; {path} was left alone.",
    replaced_by_file: LEFT + "a file; {path} was left alone.",
    replaced_by_socket: LEFT + "a file; {path} was left alone.",
}


@pytest.mark.parametrize("replace", REPLACED)
def test_what_was_put_in_its_place_is_left_alone(
    replace: Callable[[Path, Path], None], folder: PrivateFolder, precious: Path
) -> None:
    replace(folder.path, precious)
    there = folder.path.lstat()
    assert folder.remove() == REPLACED[replace].format(path=folder.path)
    assert os.path.samestat(folder.path.lstat(), there)
    assert_kept(folder.path if replace is replaced_by_folder else precious)
    assert folder.remove() == ""


def test_a_folder_that_was_moved_is_left_where_it_is_wanted(
    folder: PrivateFolder, precious: Path
) -> None:
    (folder.path / "result").write_text("kept")
    to = precious / "odd\n\udcff"
    folder.path.rename(to)
    assert folder.remove() == (
        f"The temporary folder of the run was moved to {precious}/odd\\n\\xff and was left there."
    )
    assert (to / "result").read_text() == "kept"


def test_a_folder_that_the_script_removed_is_not_missed(folder: PrivateFolder) -> None:
    folder.path.rmdir()
    assert folder.remove() == ""


def test_the_whole_temporary_folder_is_gone(folder: PrivateFolder) -> None:
    shutil.rmtree(folder.path.parent)
    assert folder.remove() == ""


def test_links_at_any_depth_are_removed_and_not_followed(
    folder: PrivateFolder, precious: Path
) -> None:
    deep = folder.path / "a" / "b"
    deep.mkdir(parents=True)
    for place in folder.path, deep:
        (place / "link").symlink_to(precious)
        (place / "dangling").symlink_to("nowhere")
        (place / folder.path.name).symlink_to(folder.path)
        os.link(precious / "events", place / "hard")
        os.mkfifo(place / "fifo")
    assert folder.remove() == ""
    assert list(folder.path.parent.iterdir()) == []
    assert_kept(precious)


@pytest.mark.parametrize("where", ["inner", "inner/deeper"])
def test_what_is_mounted_inside_is_left_alone(
    where: str, folder: PrivateFolder, precious: Path
) -> None:
    place = folder.path / where
    place.mkdir(parents=True)
    (folder.path / "file").touch()
    with mounted(precious, place):
        assert folder.remove() == (
            "Something is mounted in the temporary folder of the run and was left alone; "
            f"unmount it, then remove {folder.path}."
        )
        assert_kept(place)
    assert_kept(precious)
    assert [one.name for one in folder.path.iterdir()] == ["inner"]


def test_a_mounted_file_and_one_mounted_over_the_folder_are_left_alone(
    folder: PrivateFolder, precious: Path
) -> None:
    (folder.path / "file").touch()
    with mounted(precious / "events", folder.path / "file"), mounted(precious, folder.path):
        assert folder.remove().endswith(f"another folder; {folder.path} was left alone.")
    assert_kept(precious)


def test_a_folder_below_what_was_mounted_over_it_is_left_alone(
    folder: PrivateFolder, precious: Path
) -> None:
    (folder.path / "file").touch()
    with mounted(precious, folder.path.parent):
        assert folder.remove() == (
            f"The temporary folder of the run can no longer be reached as {folder.path} "
            "and was left alone."
        )
    assert_kept(precious)
    shutil.rmtree(folder.path)


def build_deep(top: Path, depth: int) -> None:
    """Make folders in folders, also far beyond the longest path there may be."""
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(top)
        for _ in range(depth):
            Path("d" * 50).mkdir()
            os.chdir("d" * 50)
            Path("file").touch()
        Path("closed").mkdir(mode=0)
    finally:
        os.fchdir(before)
        os.close(before)


def test_folders_in_folders_go_however_deep_they_are(folder: PrivateFolder) -> None:
    build_deep(folder.path, 1_050)
    assert folder.remove() == ""
    assert list(folder.path.parent.iterdir()) == []


AS_NOBODY = """
import os, resource, sys, tempfile
from pathlib import Path
from core.private_folder import PrivateFolder
from tests.core.test_removal import build_deep
tempfile.tempdir = sys.argv[1]
if os.geteuid() == 0:  # which may do anything
    os.setgid({nobody}); os.setuid({nobody})
folder = PrivateFolder.make()
build_deep(folder.path, 30)
for number in range(30):
    for mode in 0o000, 0o100, 0o200, 0o400, 0o500:
        one = folder.path / ("%o-%d" % (mode, number))
        (one / "in").mkdir(parents=True)
        (one / "in" / "file").touch()
        (one / "in").chmod(mode)
        one.chmod(mode)
folder.path.chmod(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (folder.descriptor + 5, folder.descriptor + 5))
print(repr(folder.remove()))
"""


def test_folders_without_any_rights_go_with_few_descriptors() -> None:
    # Not below a folder of pytest: only its user may enter those.
    with tempfile.TemporaryDirectory(dir=os.environ["PYTEST_DEBUG_TEMPROOT"]) as place:
        Path(place).chmod(0o777)
        code = AS_NOBODY.format(nobody=NOBODY)
        ran = subprocess.run(
            [sys.executable, "-c", code, place], cwd=ROOT, capture_output=True, text=True
        )
        assert (ran.stdout, ran.stderr) == ("''\n", "")
        assert list(Path(place).iterdir()) == []


def test_what_refuses_to_go_is_told(folder: PrivateFolder) -> None:
    (folder.path / "a").mkdir()
    (folder.path / "other").touch()
    stays = folder.path / "a" / "stays"
    stays.touch()
    if os.geteuid() != 0 or subprocess.run(["chattr", "+i", str(stays)]).returncode:
        pytest.skip("no file can be made immutable here")
    try:
        assert folder.remove() == (
            "The temporary folder of the run could not be removed (Operation not permitted); "
            f"what is left is in {folder.path}."
        )
        assert [one.name for one in folder.path.iterdir()] == ["a"]
    finally:
        subprocess.run(["chattr", "-i", str(stays)], check=True)


def test_one_that_writes_on_and_on_does_not_hold_up_the_end(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "_TIME_S", 0.0)
    (folder.path / "file").touch()
    assert folder.remove() == (
        "The temporary folder of the run could not be removed (it took too long); "
        f"what is left is in {folder.path}."
    )


def test_while_folders_move_about_only_what_is_inside_goes(
    folder: PrivateFolder, precious: Path
) -> None:
    code = """
import os, sys
inside, outside = sys.argv[1:]
os.makedirs(inside + "/a/b")
print("ready", flush=True)
while True:
    for way in (inside + "/a/b", outside + "/b"), (outside + "/b", inside + "/a/b"):
        try:
            os.makedirs(inside + "/a", exist_ok=True)
            os.rename(*way)
        except OSError:
            os.makedirs(outside + "/b", exist_ok=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path), str(precious)], stdout=subprocess.PIPE
    ) as mover:
        assert mover.stdout is not None
        mover.stdout.readline()
        for _ in range(200):
            emptying.empty(folder.descriptor)
        mover.kill()
    assert_kept(precious)
    assert folder.remove() == ""


MOVES = """
    import os, shutil, sys, tempfile
    here = tempfile.gettempdir()
    {act}
    print("moved")
    """
ACTS = {
    "link": "shutil.rmtree(here); os.symlink(sys.argv[1], here)",
    "renamed": "os.rename(here, here + '-mine'); os.symlink(sys.argv[1], here)",
    "folder": "shutil.rmtree(here); os.rename(sys.argv[1], here)",
}


@pytest.mark.parametrize("act", ACTS)
def test_a_run_says_what_it_left_and_the_next_one_works(
    act: str, precious: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    script = write_script(tmp_path, MOVES.format(act=ACTS[act]))
    with Laboratory() as laboratory:
        run = laboratory.start(job(script, arguments=(str(precious),)))
        assert ended(run).outcome == "done"
        assert lines(run.recording) == ["moved"]
        (told,) = run.recording.troubles
        assert told.startswith("The temporary folder of the run was replaced by ")
        assert told.endswith("left alone.")
        (left,) = Path(tmp_path, "t").glob(PREFIX + "????????")
        assert_kept(left)
        again = laboratory.start(job(write_script(tmp_path, "print(1)\n")))
        assert ended(again).outcome == "done"
        assert again.recording.troubles == []


@pytest.mark.parametrize("replace", [replaced_by_link, replaced_by_folder])
def test_a_process_that_waits_for_its_job_takes_nothing_else_with_it(
    replace: Callable[[Path, Path], None],
    precious: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    with Laboratory() as laboratory:
        laboratory.prepare()
        (folder,) = Path(tmp_path, "t").iterdir()
        replace(folder, precious)
        run = laboratory.start(job(write_script(tmp_path, "print(1)\n")))
        assert ended(run).outcome == "done"  # in a process whose folder is its own
        assert lines(run.recording) == ["1"]
    assert_kept(folder)


def test_a_strangers_socket_in_the_place_of_ours_is_left_alone(tmp_path: Path) -> None:
    text = """
        import os, socket, sys, tempfile
        here = os.path.join(tempfile.gettempdir(), "events")
        os.unlink(here)
        os.symlink(sys.argv[1], here)
        """
    other = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(other))
        listener.listen()
        script = job(write_script(tmp_path, text), arguments=(str(other),))
        with started(sys.executable, script) as run:
            assert ended(run).outcome == "done"
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert other.is_socket()
