"""The configurations in docs/guide/forward-auth.md, each under a comment that names the test which goes by it."""

import re
from pathlib import Path

TEXT = (Path(__file__).resolve().parents[2] / "docs/guide/forward-auth.md").read_text(encoding="utf-8")
MARKED = re.compile(r"^<!-- tests/peers/\w+\.py#(\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = dict(MARKED.findall(TEXT))


def unmarked_blocks():
    """How many configurations no test goes by."""
    return len(re.findall(r"^```\w+$", TEXT, re.MULTILINE)) - len(BLOCKS)


def with_places(name, **places):
    """A configuration with the places of a test for those that the guide has in all its examples."""
    text = BLOCKS[name]
    for what, place in places.items():
        example = {"gateway": "127.0.0.1:8080", "backend": "127.0.0.1:9000", "listen": "127.0.0.1:8000",
                   "port": ":8000", "script": "tongs.lua"}[what]
        assert example in text, f"{name} lacks the {what}"
        text = text.replace(example, str(place))
    return text
