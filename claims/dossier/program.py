"""verify.py of a dossier: `audit/offline.py` as it stands, followed by the reading and the checks of this package."""

import inspect

from audit import offline
from claims.dossier import checks, command, commitments, files, since

_CUT = "# --- copied into verify.py from here on\n"
# In the order in which they need each other.
_MODULES = (files, commitments, since, checks, command)
_HEADER = '''#!/usr/bin/env python3
"""Check this dossier: every file, claim, quote and its place in the signed log. Needs Python 3.8, no network.

    python3 verify.py [FOLDER_OR_ZIP] [--vkey KEY] [--json]

Exit code 0: whole. 1: damaged, with the first bad file named. 2: there is no dossier at that path.
"""

'''
_IMPORTS = "import argparse\nimport hmac\nimport os\nimport stat\nimport sys\nimport zipfile\nimport zlib\n\n"
_RUN = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


def source() -> str:
    """Return the text of verify.py; the same for every dossier of one release."""
    proofs = inspect.getsource(offline).partition('"""\n\n')[2]
    future, _, rest = proofs.partition("\n\n")
    own = "\n".join(
        inspect.getsource(module).partition(_CUT)[2] for module in (files, commitments, since, checks, command)
    )
    return f"{_HEADER}{future}\n\n{_IMPORTS}{rest}\n{own}{_RUN}"
