"""A kind of import contract that import-linter does not bring along."""

from __future__ import annotations

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.imports import Module


class SelfContainedContract(Contract):
    """
    A package imports nothing but itself, the standard library and what is listed.

    A "forbidden" contract has to name every module that is not to be imported, so a module added
    later is a hole in it. This one names what is allowed.

    Configuration options:

    - package: the package or module.
    - allowed: packages and modules that it may import besides the standard library (optional).
    """

    type_name = "self_contained"

    package = fields.ModuleField()
    allowed = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect the imports that lead outside."""
        del verbose
        package = cast(Module, self.package).name
        allowed = sys.stdlib_module_names | cast(set[str], self.allowed or set())
        members = {package} | graph.find_descendants(package)
        outside = sorted(
            f"{importer} imports {imported}"
            for importer in members
            for imported in graph.find_modules_directly_imported_by(importer) - members
            if allowed.isdisjoint(_with_parents(imported))
        )
        return ContractCheck(kept=not outside, metadata={"outside": outside})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line an import."""
        for line in check.metadata["outside"]:
            output.print_error(f"- {line}", bold=False)


def _with_parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
