"""Known mistakes: one file per test cell, each a bank of wrong versions."""
