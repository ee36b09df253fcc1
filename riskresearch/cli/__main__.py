"""`python -m riskresearch.cli` is the command `riskresearch`, as `python -m riskresearch` is."""

import sys

from riskresearch.cli import main

if __name__ == "__main__":
    sys.exit(main())
