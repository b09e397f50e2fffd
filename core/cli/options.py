"""The arguments: which there are, what they mean, and the help for them."""

import argparse
import math
from pathlib import Path
from typing import Final, NoReturn

from core.cli.problems import Problem
from core.cli.terminal import did_you_mean, say
from core.demos import FOLDER, is_file
from core.quoting import shortened, shown_path, squeezed

PROGRAM: Final = "main.py"

CHARTS: Final = (
    *("comparison", "timeline", "counter", "workers", "futures", "order"),
    *("lateness", "table", "time_spent", "activity", "cores"),
)
"""Names of the charts that may have something to show of one run."""

MOST_EXPORTED_MB: Final = 100
"""As `core.exports.MOST_BYTES`, which is not imported here: help answers at once."""

_DESCRIPTION: Final = "Run scripts that use concurrent.futures, and watch what their executors do."
_STATUSES: Final = (
    "exit status: 0 done, 1 the script failed or its recording could not be saved, 2 wrong usage, "
    "3 timed out or stopped"
)
_VERBS: Final = {
    "list": "list the demos with their modes and knobs, or the claims of the tutorial",
    "run": "run a demo or a script once",
    "compare": "run a demo in every mode and compare the times",
    "sweep": "run a demo with 1, 2, 4 ... workers and compare the times",
    "export": "take a saved recording away in another format",
    "tour": "run every demo, or some, and save pictures of the window for each",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and bears a reader that is gone."""

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - argparse's signature
        """Write the help to stdout."""
        say(self.format_help().rstrip())

    def error(self, message: str) -> NoReturn:
        raise Problem(f"{message[:1].upper()}{message[1:]}; see: {self.prog} --help")


def parse(argv: list[str]) -> argparse.Namespace:
    """Return the options; ``verb`` says which there are (``window`` without a verb).

    Raises
    ------
    Problem
        If the arguments make no sense.
    SystemExit
        After help was asked for and given.
    """
    word = argv[0] if argv else ""
    if not word:
        return argparse.Namespace(verb="window", script="")
    if not word.startswith("-") and word not in _VERBS:
        return argparse.Namespace(verb="window", script=_script(word, argv[1:]))
    scripts_own: list[str] = []
    if word == "run" and "--" in argv:
        cut = argv.index("--")
        argv, scripts_own = argv[:cut], argv[cut + 1 :]
    return _parser().parse_args(argv, argparse.Namespace(arguments=tuple(scripts_own)))


def _script(word: str, others: list[str]) -> str:
    if not is_file(Path(word)):
        raise Problem(f"{squeezed(repr(word))} is neither a command nor a file{_advice(word)}")
    if others:
        raise Problem(
            f"The window takes one file, so {shortened(repr(others[0]))} is one too many; "
            f"to run it here: {PROGRAM} run {shown_path(word)}"
        )
    return word


def _advice(word: str) -> str:
    if is_file(FOLDER / f"{word}.py"):
        return f"; it is a demo: {PROGRAM} run {word}"
    return did_you_mean(word, _VERBS) or f"; the commands are {', '.join(_VERBS)}."


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [SCRIPT.py | RECORDING] | {PROGRAM} {{{','.join(_VERBS)}}} ...",
        description=f"{_DESCRIPTION} Without a command: open the window, on that file if given.",
        epilog=f"{PROGRAM} COMMAND --help tells more; {_STATUSES}",
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(prog=PROGRAM, dest="verb", metavar="COMMAND", required=True)
    parsers = {
        verb: verbs.add_parser(
            verb,
            help=text,
            description=f"{text}.".capitalize(),
            epilog=_STATUSES,
            allow_abbrev=False,
        )
        for verb, text in _VERBS.items()
    }
    _list(parsers["list"])
    _run(parsers["run"])
    _compare(parsers["compare"])
    _sweep(parsers["sweep"])
    _export(parsers["export"])
    parsers["tour"].add_argument(
        "folder", metavar="DIR", help="where the pictures go; made if needed"
    )
    parsers["tour"].add_argument(
        "demos", metavar="DEMO", nargs="*", default=[], help="the demos to visit; default: all"
    )
    return parser


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--claims",
        action="store_true",
        help="list the claims of the tutorial instead, and the demos that test them",
    )
    parser.add_argument(
        "--measure",
        action="store_true",
        help="with --claims: run the demos and say whether each claim holds here (takes minutes)",
    )
    parser.add_argument("--python", metavar="EXE", help="with --measure: the Python that runs them")
    _json(parser)


def _run(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        f"{PROGRAM} run DEMO|SCRIPT.py [--mode MODE] [--set NAME=VALUE]... [--python EXE] "
        "[--timeout S] [--json] [--record FILE] [-- ARGS]"
    )
    parser.add_argument("demo", metavar="DEMO|SCRIPT.py", help=f"see: {PROGRAM} list")
    parser.add_argument(
        "--mode", help="sequential, threads or processes; default: as in the script"
    )
    _set(parser)
    parser.add_argument("--python", metavar="EXE", help="the Python that runs it, 3.9 or newer")
    parser.add_argument(
        "--timeout", metavar="S", type=_seconds, help="stop the run after S seconds (status 3)"
    )
    _json(parser)
    parser.add_argument(
        "--record",
        metavar="FILE",
        type=Path,
        help="save the recording of the run as JSON lines; while it runs, what arrives is kept "
        "beside it (FILE.jsonl: FILE.unfinished.jsonl), which can be opened if all this is killed",
    )
    parser.epilog = f"What follows -- are the script's own arguments. {_STATUSES.capitalize()}"


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("demo", metavar="DEMO", help=f"see: {PROGRAM} list")
    parser.add_argument(
        "--modes", metavar="a,b,c", type=_names, help="default: every mode that the demo has"
    )
    _set(parser)
    _repeat(parser, "runs of each mode, in turn (default 1)")
    _json(parser)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{PROGRAM} export RECORDING --to FORMAT [--chart NAME] [--most-mb N] OUT"
    parser.add_argument(
        "recording", metavar="RECORDING", type=Path, help="what run --record has saved"
    )
    parser.add_argument(
        "--to",
        metavar="FORMAT",
        required=True,
        help="script (as it ran), csv (a row a task), json (everything as one object) "
        "or perfetto (a trace for ui.perfetto.dev); html (a report), svg or png (its charts)",
    )
    parser.add_argument(
        "--chart",
        metavar="NAME",
        default="",
        help=f"with svg or png: this chart instead of all: {', '.join(CHARTS)}",
    )
    parser.add_argument(
        "--most-mb",
        metavar="N",
        type=_megabytes,
        default=MOST_EXPORTED_MB,
        help="the megabytes that the file may take (default %(default)s); a larger one is refused",
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the file to write")


def _sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("demo", metavar="DEMO|SCRIPT.py", help=f"see: {PROGRAM} list")
    parser.add_argument("--mode", help="threads or processes; default: as in the script")
    parser.add_argument(
        "--workers",
        metavar="1,2,4",
        type=_counts,
        help="the numbers of workers; 1 is always among them",
    )
    parser.add_argument(
        "--knob", metavar="NAME", help="the knob that is the number of workers, in an own script"
    )
    _set(parser)
    _repeat(parser, "runs with each number of workers, in turn (default 1)")
    _json(parser)


def _repeat(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--repeat", metavar="N", type=_count, default=1, help=text)


def _set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        type=_assignment,
        action="append",
        default=[],
        dest="knobs",
        help="give a knob of the script another value; may be repeated",
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{shortened(repr(text))} is not of the form NAME=VALUE")
    return name.strip(), value


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("name at least one mode")
    return names


def _positive(text: str) -> float:
    """Return a number above 0, and NaN for anything else."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if 0 < value < math.inf else math.nan


def _megabytes(text: str) -> float:
    value = _positive(text)
    if math.isnan(value):
        raise argparse.ArgumentTypeError(
            f"{shortened(repr(text))} is not a number of megabytes above 0"
        )
    return value


def _seconds(text: str) -> float:
    value = _positive(text)
    if math.isnan(value):
        raise argparse.ArgumentTypeError(
            f"{shortened(repr(text))} is not a number of seconds above 0"
        )
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{shortened(repr(text))} is not a whole number from 1 on")
    return int(text)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(part.strip()) for part in text.split(","))
