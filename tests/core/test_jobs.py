"""From a demo and a text to a job; the local sites that come with it."""

import dataclasses
import urllib.request
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import psutil
import pytest

from core.card import SCRIPT_MODE, Card, Watch
from core.demos import Demo, all_demos, demo_from_file, demo_named
from core.jobs import build_job, expected_values, knobs_of
from core.local_sites import LocalSites
from core.refusals import JobProblem
from core.script import BadKnobValue, DottedName, UnknownKnob, set_knob
from tests.core.command import script
from tests.waiting import wait_until


class NoSites(LocalSites):
    """For texts that must not start any."""

    def address(self) -> str:
        """Fail."""
        raise AssertionError("started for a script that does not need them")


@pytest.fixture
def no_sites() -> LocalSites:
    """Fail the test when it starts the sites."""
    return NoSites()


@pytest.fixture
def sites() -> Iterator[LocalSites]:
    """Start sites when asked to; end them afterwards."""
    with LocalSites() as local:
        yield local


@pytest.mark.parametrize("demo", all_demos(), ids=lambda demo: demo.name)
def test_every_demo_makes_a_job_in_each_of_its_modes(demo: Demo, sites: LocalSites) -> None:
    for mode in demo.card.modes:
        job = build_job(demo, demo.text, mode=mode, sites=sites)
        assert (job.demo, job.mode, job.path) == (demo.name, mode, demo.path)
        assert job.tasks == demo.card.tasks
        compile(job.text, "script", "exec")


def test_a_job_holds_what_the_text_and_the_card_say(no_sites: LocalSites) -> None:
    demo = demo_named("race_counter")
    text = set_knob(demo.text, "THREADS", 5)
    job = build_job(demo, text, mode="processes", sites=no_sites, arguments=("a",))
    assert job.knobs["THREADS"] == 5
    assert job.knobs["EXECUTOR"] == DottedName("futures.ProcessPoolExecutor")
    assert "EXECUTOR = futures.ProcessPoolExecutor" in job.text
    assert "THREADS = 5" in job.text
    assert job.watches == {"counter": "counter.count"}
    assert job.arguments == ("a",)


def test_without_a_mode_the_text_decides(no_sites: LocalSites) -> None:
    demo = demo_named("fibonacci")
    text = set_knob(demo.text, "EXECUTOR", None)
    job = build_job(demo, text, sites=no_sites)
    assert (job.mode, job.text) == ("sequential", text)


def test_the_environment_of_the_card_reaches_the_job(no_sites: LocalSites) -> None:
    demo = demo_named("fibonacci")
    card = dataclasses.replace(demo.card, environment={"OPENBLAS_NUM_THREADS": "1"})
    job = build_job(dataclasses.replace(demo, card=card), demo.text, sites=no_sites)
    assert job.environment == {"OPENBLAS_NUM_THREADS": "1"}


def test_a_mode_that_the_demo_has_not_is_refused(no_sites: LocalSites) -> None:
    demo = demo_named("fibonacci")
    with pytest.raises(JobProblem, match=r"^fibonacci has no mode 'cluster'; choose one of .*\.$"):
        build_job(demo, demo.text, mode="cluster", sites=no_sites)
    only = dataclasses.replace(demo.card, modes=("threads",))
    with pytest.raises(JobProblem, match=r"no mode 'processes'; choose one of threads, or change"):
        build_job(dataclasses.replace(demo, card=only), demo.text, sites=no_sites)


def test_a_value_that_the_card_does_not_allow_is_refused(no_sites: LocalSites) -> None:
    demo = demo_named("fibonacci")
    with pytest.raises(BadKnobValue, match="N must be between"):
        build_job(demo, set_knob(demo.text, "N", 5), sites=no_sites)
    with pytest.raises(BadKnobValue, match="N must be a whole number"):
        build_job(demo, demo.text.replace("N = 200_000", "N = 'many'"), sites=no_sites)


def test_a_text_without_the_line_of_the_mode_says_so(no_sites: LocalSites) -> None:
    demo = demo_named("fibonacci")
    text = demo.text.replace("EXECUTOR = futures.ProcessPoolExecutor", "")
    with pytest.raises(UnknownKnob, match="no knob named EXECUTOR"):
        build_job(demo, text, mode="threads", sites=no_sites)
    assert build_job(demo, text, sites=no_sites).mode == SCRIPT_MODE


def test_a_script_without_a_mode_runs_as_it_is(tmp_path: Path, no_sites: LocalSites) -> None:
    demo = demo_from_file(script(tmp_path, "print(1)\n"))
    for mode in (None, SCRIPT_MODE):
        job = build_job(demo, demo.text, mode=mode, sites=no_sites)
        assert (job.mode, job.text, job.knobs) == (SCRIPT_MODE, "print(1)\n", {})


def test_a_text_with_a_syntax_error_makes_a_job_that_will_say_so(
    tmp_path: Path, no_sites: LocalSites
) -> None:
    demo = demo_from_file(script(tmp_path, "N = 1\n"))
    job = build_job(demo, "N = = 1\n", sites=no_sites)
    assert (job.text, job.mode, job.knobs) == ("N = = 1\n", SCRIPT_MODE, {})
    assert knobs_of("N = = 1\n") == {}


def test_a_text_that_no_file_can_hold_is_refused(tmp_path: Path, no_sites: LocalSites) -> None:
    demo = demo_from_file(script(tmp_path, "N = 1\n"))
    with pytest.raises(JobProblem, match="Line 2 has a character that no file can hold"):
        build_job(demo, "N = 1\nT = '\ud800'\n", sites=no_sites)


def test_sites_start_for_the_script_that_speaks_of_them(sites: LocalSites) -> None:
    demo = demo_named("downloads")
    job = build_job(demo, demo.text, sites=sites)
    assert job.knobs["URLS"][0].startswith(sites.address())
    with urllib.request.urlopen(f"{sites.address()}/alpha", timeout=30) as page:
        assert page.status == 200


def test_real_addresses_start_no_sites(no_sites: LocalSites) -> None:
    demo = demo_named("downloads")
    text = set_knob(demo.text, "URLS", ["https://example.org/", "http://127.0.0.1:893/x"])
    assert build_job(demo, text, sites=no_sites).text == text


def test_sites_that_were_at_another_port_are_found_again(sites: LocalSites) -> None:
    demo = demo_named("downloads")
    assert demo.card.sites is not None
    recorded = demo.text.replace(demo.card.sites, "http://127.0.0.1:33623")
    job = build_job(demo, recorded, sites=sites)
    assert job.text == demo.text.replace(demo.card.sites, sites.address())


def test_other_servers_of_this_machine_stay_what_they_are(no_sites: LocalSites) -> None:
    demo = demo_named("downloads")
    own = [
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/a?b=1",
        "http://127.0.0.1:8000/delay_ms=1",
    ]
    text = set_knob(demo.text, "URLS", own)
    assert build_job(demo, text, sites=no_sites).text == text


def test_another_port_is_written_into_the_text() -> None:
    demo = demo_named("downloads")
    # The first has the port of the card, unless another lab of this machine has it already.
    with LocalSites() as first, LocalSites() as sites:
        first.address()
        job = build_job(demo, demo.text, sites=sites)
        address = sites.address()
    assert demo.card.sites is not None
    assert demo.card.sites not in job.text
    assert job.text == demo.text.replace(demo.card.sites, address)
    assert all(url.startswith(f"{address}/") for url in job.knobs["URLS"])


def test_one_process_serves_all_threads_and_comes_back_when_killed(sites: LocalSites) -> None:
    me = psutil.Process()
    with futures.ThreadPoolExecutor(4) as pool:
        addresses = {job.result() for job in [pool.submit(sites.address) for _ in range(8)]}
    assert len(addresses) == 1
    (first,) = me.children()
    first.kill()
    # A process of several threads can be waited for only when the last of them is gone.
    wait_until(lambda: sites.address() and first not in me.children())
    assert len(me.children()) == 1


def test_closed_sites_do_not_start_again() -> None:
    sites = LocalSites()
    sites.close()
    sites.close()
    with pytest.raises(JobProblem, match="closed"):
        sites.address()


def test_expected_values_follow_the_knobs() -> None:
    card = demo_named("race_counter").card
    assert expected_values(card, {"THREADS": 3, "INCREMENTS": 100}) == {"counter": 300}
    assert expected_values(card, {"THREADS": 3}) == {}  # edited out of the script: no expectation


def test_a_watch_without_an_aim_expects_nothing() -> None:
    base = demo_named("race_counter").card
    watches = (Watch("a", "a.b"), Watch("c", "c", "'text'"), Watch("d", "d", "1 / 0"))
    card: Card = dataclasses.replace(base, watches=watches)
    assert expected_values(card, {}) == {}
