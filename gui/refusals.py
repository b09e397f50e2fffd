"""Why something is not run, in the language of the window."""

from core.card import Localized
from core.no_room import NoRoom
from core.number_format import size
from core.refusals import MissingModules, NoSuchMode, TooLittleMemory, shown_value
from core.sweep import NothingToSweep
from gui.texts import Texts


def refusal_sentence(problem: Exception, texts: Texts) -> str:
    """Return why something is not run; as it was raised, where no language has words for it."""
    match problem:
        case NoRoom(lacking=lacking):
            return texts(f"no_room.{lacking}")
        case OSError(strerror=str(reason)):
            return texts("no_room.refused", reason=reason)
        case NoSuchMode():
            return _of_mode(problem, texts)
        case MissingModules():
            return texts(
                "refusal.modules",
                demo=problem.card.title.in_language(texts.language),
                modules=texts("refusal.and").join(problem.modules),
                python=problem.python,
                path=problem.path,
                packages=" ".join(problem.modules),
            )
        case TooLittleMemory():
            return _of_memory(problem, texts)
        case NothingToSweep(reason=None):
            return texts(f"sweep.no_{problem.lacks}")
        case NothingToSweep(reason=Localized() as reason):
            return texts("sweep.nothing", reason=reason.in_language(texts.language))
    return str(problem)


def _of_mode(problem: NoSuchMode, texts: Texts) -> str:
    reason = problem.card.why_not.get(problem.mode)
    if reason is None:
        return texts("refusal.mode", demo=problem.card.title.in_language(texts.language))
    return reason.in_language(texts.language)


def _of_memory(problem: TooLittleMemory, texts: Texts) -> str:
    language = texts.language
    labels = [knob.label.in_language(language) for knob, _ in problem.knobs]
    values = [shown_value(value) for _, value in problem.knobs]
    equations = [f"{label} = {value}" for label, value in zip(labels, values, strict=True)]
    return texts(
        "refusal.memory",
        demo=problem.card.title.in_language(language),
        values=texts("refusal.and").join(equations),
        needed=size(problem.needed_bytes, language),
        free=size(problem.free_bytes, language),
        names=texts("refusal.or").join(labels),
    )
