import sys

from bench.hostile.cli import main

if __name__ == "__main__":
    sys.exit(main())
