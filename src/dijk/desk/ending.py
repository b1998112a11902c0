"""How a command ends: the exit codes, and the exception that carries one with a sentence."""

FINE, BUG, USAGE, INPUT_ERRORS, DIFFERS, NOTHING, STOPPED = 0, 1, 2, 3, 4, 5, 130
EXIT_CODES = {
    FINE: "fine",
    BUG: "a mistake inside dijk",
    USAGE: "wrong usage",
    INPUT_ERRORS: "the input has errors",
    DIFFERS: "a replay differs, or a run or the database was changed",
    NOTHING: "nothing found, or a file could not be read or written",
    STOPPED: "stopped from the keyboard",
}


class Stop(Exception):
    """Ends a command with a sentence of ``words.toml`` and an exit code."""

    def __init__(self, code: int, key: str, *gaps: object) -> None:
        super().__init__(key)
        self.code, self.key, self.gaps = code, key, gaps
