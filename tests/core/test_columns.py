"""The columns under a recording: growth, blanks, texts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.columns import PENDING, LogColumns, TaskTable, TextColumn, grown, wider_capacity


def test_a_grown_column_keeps_its_entries_and_fills_with_blanks() -> None:
    assert grown(np.array([1, 2], dtype=np.int32), 4, -1).tolist() == [1, 2, -1, -1]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_capacity_is_enough_and_wastes_at_most_a_third(capacity: int, needed: int) -> None:
    wider = wider_capacity(capacity, needed)
    assert wider >= needed
    assert wider <= max(needed, 256, capacity * 4 / 3)


def test_new_rows_are_unknown() -> None:
    table = TaskTable()
    assert len(table.reach(3).worker) >= 3
    view = table.view()
    assert {column.shape for column in (view.submitted_s, view.worker, view.outcome)} == {(3,)}
    assert np.isnan([view.submitted_s, view.started_s, view.finished_s, view.cpu_s]).all()
    assert set(view.worker.tolist()) == {-1}
    assert set(view.outcome.tolist()) == {PENDING}


def test_reaching_back_does_not_shrink_the_table() -> None:
    table = TaskTable()
    table.reach(10)
    table.reach(2)
    assert table.used == 10


def test_rows_survive_growth() -> None:
    table = TaskTable()
    table.reach(1).worker[0] = 7
    table.reach(10_000).worker[9_999] = 8
    assert table.view().worker[[0, 9_999]].tolist() == [7, 8]
    assert table.nbytes >= 10_000 * (5 * 8 + 3 * 4 + 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.integers(0, 500), max_size=300))))
def test_a_log_read_in_any_steps_is_the_log_written(
    appended: list[tuple[int, list[int]]],
) -> None:
    log = LogColumns()
    for kind, tasks in appended:
        log.append(kind, np.array(tasks, dtype=np.int32))
    expected = [(kind, task) for kind, tasks in appended for task in tasks]
    found, cursor = [], 0
    while cursor < log.used:
        part, cursor = log.since(cursor, at_most=7)
        assert 1 <= len(part.kind) <= 7
        found += list(zip(part.kind.tolist(), part.task.tolist(), strict=True))
    assert found == expected
    assert log.nbytes >= 5 * len(expected)


@given(st.dictionaries(st.integers(0, 600), st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_are_kept_by_row(texts: dict[int, str]) -> None:
    column = TextColumn()
    column.put(np.array(list(texts), dtype=np.int32), list(texts.values()))
    assert {row: column.get(row) for row in texts} == texts
    assert column.get(601) == ""


def test_a_text_can_be_replaced_and_an_absent_one_is_empty() -> None:
    column = TextColumn()
    column.put(np.array([1], dtype=np.int32), ["before"])
    column.put(np.array([1], dtype=np.int32), ["after"])
    assert [column.get(0), column.get(1)] == ["", "after"]


def test_a_text_too_long_is_cut_and_a_broken_one_still_readable() -> None:
    column = TextColumn()
    column.put(np.array([0, 1], dtype=np.int32), ["é" * 40_000, "a\ud800b"])
    assert column.get(0) == "é" * 32_767 + "\N{REPLACEMENT CHARACTER}"
    assert column.get(1) == "a?b"
