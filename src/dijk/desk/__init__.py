"""The command line: everything of Typer and Rich. ``app`` lists the commands, a file holds those of one word."""
