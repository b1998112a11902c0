"""Invented names. Made by code from syllables; likeness to a real place or firm is chance."""

import numpy as np

WATERBIRDS = [
    "Kluut",
    "Grutter",
    "Plevier",
    "Wulpen",
    "Rietzanger",
    "Roerdomp",
    "Futen",
    "Smient",
    "Lepelaar",
    "Kievit",
    "Tureluur",
    "Karekiet",
]
WATERWORKS = [
    "zijl",
    "drecht",
    "dam",
    "meer",
    "sluis",
    "horn",
    "wierde",
    "waard",
    "koog",
    "gors",
    "vliet",
    "terp",
    "zwin",
    "kade",
]
PLANTS = ["Gagel", "Lisdodde", "Dotter", "Elzen", "Biezen", "Zegge", "Kroos", "Waterlelie", "Mattenbies", "Pijlkruid"]
REGIONS = [
    "Noordergors",
    "Zeggewaard",
    "Dotterland",
    "Elzendrecht",
    "Midden-Biezen",
    "Kluutstad",
    "Lepelkust",
    "Smientstrand",
    "Gagelmond",
    "Roerdompse Hoek",
    "Heuvelkroos",
]
SUPPLIERS = [
    "Wulpen Medisch",
    "Gagel & Zonen",
    "Oostzwin Trading",
    "Lisdodde Textiel",
    "Kadepunt Import",
    "Pijlkruid Healthcare",
    "Zijlhandel",
]


def places(rng: np.random.Generator, count: int) -> list[str]:
    """Names of places, shape (count,); names may come back."""
    first = np.array(WATERBIRDS + PLANTS)
    picks = rng.integers(0, [len(first), len(WATERWORKS)], size=(count, 2))
    return [f"{first[i]}{WATERWORKS[j]}" for i, j in picks]


def gtin(number: int) -> str:
    """A 14-digit article number from the range that shops keep for themselves, so that it is nobody's; leading zeros
    count.
    """
    body = f"002{number:010d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"
