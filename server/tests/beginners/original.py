"""What the original client does with what it hears: each recv is decoded by itself, and what cannot be ends it."""

import socket
import sys

chat = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
chat.send("joão".encode())
while True:
    try:
        heard = chat.recv(1024).decode("utf-8")
        sys.stdout.write(heard)
        sys.stdout.flush()
        if not heard or heard == "SERVIDOR_ENCERRADO\n":
            break
    except Exception:
        sys.exit("disconnected")
