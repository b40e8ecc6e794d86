"""Debian's telnet on a terminal: a name, a line, Ctrl+C, then a whisper to `ana`. Prints what was shown."""

import os
import pty
import signal
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp("telnet", ["telnet", "127.0.0.1", sys.argv[1]])
shown = b""


def until(what, since=0):
    global shown
    while what not in shown[since:]:
        shown += os.read(terminal, 4096)


until(b"Escape character")
os.write(terminal, b"rita\r")
until(b"ativos: ana, rita")
os.write(terminal, b"oi, tudo bem\r")
until(b"ana: oi, rita")
os.write(terminal, b"isto n")
until(b"isto n")
os.write(terminal, b"\x03")
until(b"^C")
os.write(terminal, b"@ana segredo\r")
# Behind Ctrl+C telnet shows nothing until the server has answered its question.
until(b"ana: ouvi")
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
