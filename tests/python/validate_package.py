"""Holds a data package against its own schemas with frictionless; tells what is wrong and ends with 1."""

import sys

from frictionless import validate

report = validate(sys.argv[1])
for task in report.tasks:
    print(task.name, task.stats.get("rows"), "rows", "valid" if task.valid else "invalid")
for row in report.flatten(["name", "rowNumber", "fieldName", "type", "message"]):
    print(*row)
missing = set(sys.argv[2:]) - {task.name for task in report.tasks}
if missing:
    sys.exit(f"no tables {missing}")
sys.exit(0 if report.valid else 1)
