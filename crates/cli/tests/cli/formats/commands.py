"""Reads workflow commands as GitHub documents them, and prints them as JSON.

`::name key=value,key=value::message`, a line each; `%25`, `%0D` and `%0A` stand for
characters that would end one, and in a value `%3A` and `%2C` too.
"""

import json
import re
import sys

COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<values>[^:]*))?::(?P<message>.*)")
ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def plain(text):
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda match: ESCAPES[match.group()], text)


commands = []
for line in sys.stdin.buffer.read().decode().split("\n")[:-1]:
    match = COMMAND.fullmatch(line)
    if not match:
        sys.exit(f"not a command: {line!r}")
    pairs = [pair.split("=", 1) for pair in match["values"].split(",")]
    values = {key: plain(value) for key, value in pairs}
    commands.append({"name": match["name"], "message": plain(match["message"]), **values})
print(json.dumps(commands))
