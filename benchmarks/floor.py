"""What does it cost to start Python, load a document and visit every node of it once? No linter can be faster.

Run as a script: ``python floor.py DOCUMENT``. It imports nothing that it does not need.
"""

import sys


def visit(root: object) -> int:
    """Return the number of nodes."""
    seen, todo = 0, [root]
    while todo:
        node = todo.pop()
        seen += 1
        if isinstance(node, dict):
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    return seen


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:  # noqa: PTH123  # importing pathlib would be part of what is timed
        data = file.read()
    if sys.argv[1].endswith(".json"):
        import orjson

        visit(orjson.loads(data))
    else:
        import yaml_rs

        visit(yaml_rs.loads(data.decode("utf-8"), parse_datetime=False))
