"""The rule by which packs are dealt, on arrays alone: no tables, no policy. Kernels stand beside their plain twins."""
