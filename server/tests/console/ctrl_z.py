os.environ.update(PS1="shell> ", LC_ALL="C.UTF-8")
start("bash", "--norc", "--noprofile", "-i")
until(rb"shell> $")
os.write(terminal, f"{SERVER} --no-history --listen 127.0.0.1:0\n".encode())
until(PROMPT)
ana, heard = chat("ana")
bia, _ = chat("bia")
while "bia" not in heard.readline():
    pass
assert b"parou (Ctrl+Z)" in type_in(b"\x1a", rb"Stopped(.|\n)*shell> $")
bia.sendall("alguém aí?\n".encode())
assert b"O servidor continua." in type_in(b"fg\n", rb"continua\.\r\n[^\n]*servidor: $")
while "alguém aí?" not in heard.readline():
    pass
assert b"ana (" in type_in(b"usuarios\n", PROMPT)
# In the background it goes on too, and does not ask for anything there.
type_in(b"\x1a", rb"Stopped(.|\n)*shell> $")
type_in(b"bg\n", rb"continua\.")
bia.sendall(b"e agora?\n")
while "e agora?" not in heard.readline():
    pass
type_in(b"fg\n", rb"--listen")
type_in(b"sair\n", rb"sucesso(.|\n)*shell> $")
os.write(terminal, b"exit\n")
finish()
