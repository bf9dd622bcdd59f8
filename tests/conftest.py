"""One thread for every worker: small networks gain nothing from more, and workers lose by them."""

import os

os.environ["OMP_NUM_THREADS"] = "1"
