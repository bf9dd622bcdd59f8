"""The command `python -m bench.statistics`."""

from bench.statistics.cli import main

if __name__ == "__main__":
    main()
