"""Lets ``python -m glesservice`` be the command."""

import sys

from glesservice.cli import main

sys.exit(main())
