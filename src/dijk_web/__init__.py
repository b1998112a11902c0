"""The tower: one web application over the core. What a page shows and what a plan reads are the same tables."""
