"""Parts of pages that templates would make too slowly."""
