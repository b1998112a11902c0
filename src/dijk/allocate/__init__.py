"""Scarce supply and claims in, awards out, with the lines that explain them."""
