start(SERVER, "--no-history", "--listen", "127.0.0.1:0")
until(PROMPT)
type_in(b"\x04", rb"Ctrl\+D n[^\n]*\r\n[^\n]*servidor: $")
type_in(b"\x04\x04", rb"Ctrl\+D(.|\n)*Ctrl\+D(.|\n)*servidor: $")
# In the middle of a line it only hands over what stands there.
os.write(terminal, b"usu\x04")
assert b"Ningu" in type_in(b"arios\n", PROMPT)
type_in(b"sair\n", rb"sucesso")
finish()
