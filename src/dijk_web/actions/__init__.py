"""Every change, as an act: keyword-only functions that write state, rows and the log in one transaction."""
