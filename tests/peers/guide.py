"""What the tests run of the guide: blocks under a comment that names the test which goes by them. Those of
docs/guide/forward-auth.md are configurations."""

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide"
MARKED = re.compile(r"^<!-- tests/(?:e2e|peers)/\w+\.py#(\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(page):
    return (GUIDE / page).read_text(encoding="utf-8")


def marked_blocks(page):
    return dict(MARKED.findall(text_of(page)))


FORWARD_AUTH = "forward-auth.md"
BLOCKS = marked_blocks(FORWARD_AUTH)


def unmarked_blocks():
    """How many configurations no test goes by."""
    return len(re.findall(r"^```\w+$", text_of(FORWARD_AUTH), re.MULTILINE)) - len(BLOCKS)


def with_places(name, **places):
    """A configuration with the places of a test for those that the guide has in all its examples."""
    text = BLOCKS[name]
    for what, place in places.items():
        example = {"gateway": "127.0.0.1:8080", "backend": "127.0.0.1:9000", "listen": "127.0.0.1:8000",
                   "port": ":8000", "script": "tongs.lua"}[what]
        assert example in text, f"{name} lacks the {what}"
        text = text.replace(example, str(place))
    return text
