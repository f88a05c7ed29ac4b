"""child.py with one second of processor time, so that the test of the limit need not burn twenty."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from evidence.parsers import child

child.PROCESSOR_SECONDS = 1
child.main(sys.argv[1], json.loads(sys.argv[2]))
