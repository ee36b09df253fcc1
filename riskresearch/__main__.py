"""`python -m riskresearch` is the command `riskresearch`."""

import sys

from riskresearch.cli import main

if __name__ == "__main__":
    sys.exit(main())
