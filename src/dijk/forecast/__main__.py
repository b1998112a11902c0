"""``python -m dijk.forecast backtest`` and ``python -m dijk.forecast score``."""

import typer

from dijk.forecast.commands import backtest, score

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(backtest)
app.command()(score)

if __name__ == "__main__":
    app()
