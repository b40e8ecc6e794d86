//! The words of the wire that programs compare.

/// To the newcomer: it is in.
pub const OK: &str = "OK";
/// To the newcomer: somebody has that name.
pub const NAME_IN_USE: &str = "NOME_EM_USO";
/// To the newcomer: that is not a name.
pub const NAME_INVALID: &str = "NOME_INVALIDO";
/// The last line of every connection, in both dialects, when the server ends.
pub const SERVER_CLOSED: &str = "SERVIDOR_ENCERRADO";
/// All of them.
pub const ALL: [&str; 4] = [OK, NAME_IN_USE, NAME_INVALID, SERVER_CLOSED];
