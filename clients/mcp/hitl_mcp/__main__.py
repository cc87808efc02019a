"""`python -m hitl_mcp`."""

import sys

from hitl_mcp.commands import main

sys.exit(main())
