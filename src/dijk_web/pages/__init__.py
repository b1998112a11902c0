"""What a browser asks: one module per word of the glossary, its templates in a folder of that name."""
