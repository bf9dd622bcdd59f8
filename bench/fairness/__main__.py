import sys

from bench.fairness.cli import main

if __name__ == "__main__":
    sys.exit(main())
