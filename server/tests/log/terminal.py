"""Runs the server on a terminal of its own; somebody enters while a command is half typed. Prints what was shown."""

import os
import pty
import re
import socket
import sys

child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], [sys.argv[1], "--no-history", "--listen", "127.0.0.1:0"])
shown = b""


def until(what, since=0):
    global shown
    while not re.search(what, shown[since:]):
        shown += os.read(terminal, 4096)
    return re.search(what, shown[since:])


port = int(until(rb"127\.0\.0\.1:(\d+)").group(1))
until(b"servidor: ")
os.write(terminal, b"usua")
until(b"usua$")
chat = socket.create_connection(("127.0.0.1", port))
chat.sendall(b"ana\n")
heard = chat.makefile(encoding="utf-8")
while "ativos" not in heard.readline():
    pass
before = len(shown)
os.write(terminal, b"rios\n")
until(b"servidor: ", before)
before = len(shown)
os.write(terminal, b"sair\n")
until(b"sucesso", before)
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
