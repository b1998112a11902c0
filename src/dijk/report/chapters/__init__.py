"""The chapters of the situation report, one function each: from the story to a chapter."""
