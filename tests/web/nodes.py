"""The page's modules without a DOM, run by Node.js."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import grader.web

MODULES = Path(grader.web.__file__).parent / "static" / "simulations"


def in_node(script: str, given: Any = None, *modules: str) -> Any:
    """Return what an expression of JavaScript is worth. It may use `given` and the exports of the modules."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js here: apt install nodejs")
    imports = "".join(
        f"import * as {Path(m).stem} from {json.dumps((MODULES / m).as_uri())};\n" for m in modules
    )
    program = f"""{imports}import {{ readFileSync }} from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({script}));
"""
    done = subprocess.run(
        [node, "--input-type=module", "--no-warnings", "--eval", program],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
