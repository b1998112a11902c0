"""What became of work that failed, as people read it. The line of the machine stands below it, in English."""

from django.utils.translation import gettext_lazy as _

ENDINGS = {
    "WorkerDied": _(
        "The worker ended twice without a word while it was at this, most often because the memory was full. Nothing "
        "was changed. Ask again later; if it happens again, tell your administrator."
    ),
    "TooLate": _(
        "What is in it does not agree with what is here: rows with the same key and moment say something else. Nothing "
        "was taken in."
    ),
}
"""Kinds of ending that people can do something about."""

OTHERWISE = _(
    "Something went wrong on our side and nothing came of it. Nothing was changed. Ask once more; if it fails again, "
    "tell your administrator the line below."
)


def in_words(fault: str) -> str:
    """A sentence for the line that a job left behind; nothing where it left none."""
    if not fault:
        return ""
    kind = fault.partition(":")[0].rpartition(".")[2]
    return str(ENDINGS.get(kind, OTHERWISE))
