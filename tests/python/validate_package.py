"""Holds a data package against its own schemas with frictionless; tells what is wrong and ends with 1."""

import sys

from frictionless import validate

report = validate(sys.argv[1])
for task in report.tasks:
    print(task.name, task.stats.get("rows"), "rows", "valid" if task.valid else "invalid")
for row in report.flatten(["name", "rowNumber", "fieldName", "type", "message"]):
    print(*row)
expected = {"config", "node", "zone", "link", "link_performance"}
if {task.name for task in report.tasks} != expected:
    sys.exit(f"tables {[task.name for task in report.tasks]}")
sys.exit(0 if report.valid else 1)
