"""A server on a terminal, driven by the story behind this. Prints what was shown; fails where something does not come."""

import os
import pty
import re
import select
import socket
import sys

SERVER = sys.argv[1]
shown = b""


def start(*command):
    """Runs a command on a terminal of its own."""
    global child, terminal
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)


def until(what, since=0):
    """Reads until that is shown behind `since`."""
    global shown
    while not (found := re.search(what, shown[since:])):
        if not select.select([terminal], [], [], 100)[0]:
            sys.exit(f"{what} never came: {shown}")
        shown += os.read(terminal, 4096)
    return found


def type_in(keys, answer):
    """Types, and waits for the answer; everything up to it."""
    since = len(shown)
    os.write(terminal, keys)
    until(answer, since)
    return shown[since:]


def chat(name):
    """A member who waits for the own entrance."""
    port = int(until(rb"entrar:\r\n +127\.0\.0\.1:(\d+)").group(1))
    stream = socket.create_connection(("127.0.0.1", port), timeout=100)
    stream.sendall(name.encode() + b"\n")
    lines = stream.makefile(encoding="utf-8")
    while not lines.readline().startswith("Usuários ativos"):
        pass
    return stream, lines


def finish(status=0):
    """Waits for the end."""
    sys.stdout.buffer.write(shown)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == status
    sys.exit(0)


PROMPT = rb"servidor: $"
