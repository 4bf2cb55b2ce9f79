"""moto's server on a loopback port, with Glue as Glue really answers where moto does not. Usage: server.py PORT"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import glue_gaps
from moto.server import main

glue_gaps.fill()
main(["--host", "127.0.0.1", "--port", sys.argv[1]])
