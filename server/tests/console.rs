//! The console of the real binary: terminals, files and pipes as its input, the signals of a shell, file names, places.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::Signal;

mod support;

use support::real::{Server, patiently};

const PROGRAM: &str = env!("CARGO_BIN_EXE_papo-server");
const ENDED: &str = "Encerrando o servidor...\nServidor encerrado com sucesso.\n";

/// Runs a story with a terminal: `console/NAME.py`, which fails by itself. What the terminal showed.
#[track_caller]
fn on_a_terminal(story: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = patiently("python3")
        .args(["-c", &[include_str!("console/terminal.py"), story].concat(), PROGRAM])
        .env("HOME", home.path())
        .env_remove("XDG_STATE_HOME")
        .output()
        .unwrap();
    let (shown, noted) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{shown}{noted}");
    shown
}

/// What the server prints that is given `commands` as a whole, and that it ends by itself.
#[track_caller]
fn told(command: &mut Command, commands: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), commands).unwrap();
    let output = command.stdin(File::open(file.path()).unwrap()).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The server in a session of its own, without a terminal.
fn without_terminal() -> Command {
    let mut command = patiently("setsid");
    command.args(["--wait", PROGRAM, "--listen", "127.0.0.1:0"]);
    command
}

#[test]
fn the_key_for_the_end_of_input_does_not_end_the_console() {
    let shown = on_a_terminal(include_str!("console/ctrl_d.py"));
    assert!(shown.contains("Ctrl+D não encerra o servidor."), "{shown}");
}

#[test]
fn ctrl_z_and_fg_are_told() {
    let shown = on_a_terminal(include_str!("console/ctrl_z.py"));
    assert!(shown.contains("O servidor parou (Ctrl+Z)") && shown.contains("O servidor continua."), "{shown}");
}

#[test]
fn where_no_shell_could_let_it_go_on_ctrl_z_does_not_stop_it() {
    let shown = on_a_terminal(include_str!("console/ctrl_z_alone.py"));
    assert!(!shown.contains("parou"), "{shown}");
}

#[test]
fn a_closed_terminal_ends_it_in_good_order() {
    on_a_terminal(include_str!("console/closed.py"));
}

#[test]
fn every_line_of_a_file_or_a_pipe_is_done() {
    for end in ["sair\n", "sair"] {
        let printed = told(without_terminal().arg("--no-history"), &format!("\u{feff}aviso oi\nestado\n{end}"));
        assert!(printed.contains("Aviso enviado.") && printed.contains("Pessoas: 0"), "{printed}");
        assert!(printed.ends_with(ENDED), "{printed}");
    }
    let mut server = Server::start();
    server.type_in("estado\nsair");
    drop(server.child.stdin.take());
    assert!(server.answer().contains("Pessoas: 0"));
    server.expect_good_end();
    // A long one is read in parts, and does not hold up anybody.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "estado\n".repeat(5_000)).unwrap();
    let mut server = Server::start_at("127.0.0.1:0", File::open(file.path()).unwrap().into());
    for _ in 0..5_000 {
        server.answer();
    }
    server.classic("ana");
}

#[test]
fn a_command_of_a_file_waits_for_the_export_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = without_terminal();
    command.current_dir(folder.path()).args(["--history", "papo.db"]);
    let printed = told(&mut command, "exportar a.csv\npresenca b.csv\nexportar c.txt\nsair");
    assert_eq!(printed.matches("Gravado em ").count(), 3, "{printed}");
    assert!(printed.ends_with(ENDED), "{printed}");
}

#[test]
fn file_names_are_what_a_shell_user_expects_and_answers_name_the_whole_path() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("casa");
    fs::create_dir(&home).unwrap();
    let mut command = without_terminal();
    command.current_dir(folder.path()).env("HOME", &home).args(["--history", "papo.db"]);
    let long = "n".repeat(300);
    let commands = [
        "exportar \"lista da aula.csv\"",
        "exportar ~/lista.csv",
        "exportar outra lista.csv",
        "exportar casa",
        &format!("exportar {long}.csv"),
        "exportar papo.db/x.csv",
        "sair",
    ];
    let printed = told(&mut command, &commands.join("\n"));
    let folder = fs::canonicalize(folder.path()).unwrap();
    for name in ["lista da aula.csv", "casa/lista.csv", "outra lista.csv"] {
        let path = folder.join(name);
        assert!(printed.contains(&format!("Gravado em {} (0 linhas).", path.display())), "{printed}");
        let table = fs::read_to_string(path).unwrap();
        assert!(table.contains("Texto") && !table.contains("lista"), "a table: {table}");
    }
    for (name, why) in [
        ("casa", "já existe um arquivo com esse nome"),
        (&format!("{long}.csv"), "o nome é longo demais ou não serve para um arquivo"),
        ("papo.db/x.csv", "parte do caminho não é uma pasta"),
    ] {
        let path = folder.join(name);
        assert!(printed.contains(&format!("Não foi possível gravar em {}: {why}.", path.display())), "{printed}");
    }
    assert!(!printed.contains("os error"), "{printed}");
}

#[test]
fn a_hangup_without_a_terminal_reopens_the_log_and_the_chat_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (log, old) = (folder.path().join("papo.log"), folder.path().join("papo.log.1"));
    let mut shell = Command::new("setsid");
    let script = "exec \"$0\" --no-history --listen 127.0.0.1:0 2>\"$1\"";
    shell.args(["--wait", "sh", "-c", script, PROGRAM]).arg(&log);
    let mut server = Server::run(&mut shell, Stdio::piped());
    let pid = server_under(&server);
    let mut ana = server.classic("ana");
    ana.until("Usuários ativos: ana");
    fs::rename(&log, &old).unwrap();
    rustix::process::kill_process(pid, Signal::HUP).unwrap();
    // The file is there as soon as the signal was heeded.
    for _ in 0..1_000 {
        if fs::read_to_string(&log).is_ok_and(|log| log.contains("registro reaberto")) {
            break;
        }
        server.type_in("ajuda\n");
        server.answer();
    }
    let _bia = server.classic("bia");
    server.type_in("usuarios\n");
    assert!(server.answer().starts_with("2 pessoas no chat:"));
    let (log, old) = (fs::read_to_string(&log).unwrap(), fs::read_to_string(&old).unwrap());
    assert!(log.contains("bia (") && !log.contains("ana ("), "{log}");
    assert!(old.contains("ana (") && !old.contains("bia ("), "{old}");
    server.type_in("sair\n");
    ana.until("SERVIDOR_ENCERRADO");
    drop(ana);
    server.expect_good_end();
}

/// The server that `setsid` started, or became.
fn server_under(server: &Server) -> rustix::process::Pid {
    let pid = server.child.id();
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let child = children.split_whitespace().next().map_or(pid as i32, |child| child.parse().unwrap());
    rustix::process::Pid::from_raw(child).unwrap()
}

/// Where the history lies for a server in that environment, as `estado` tells.
#[track_caller]
fn place_of_history(environment: &[(&str, &Path)], port: u16) -> String {
    let mut command = patiently("env");
    let variables = environment.iter().map(|(name, value)| format!("{name}={}", value.display()));
    command.arg("-i").args(variables).args([PROGRAM, "--listen", &format!("127.0.0.23:{port}")]);
    let printed = told(&mut command, "estado\nsair");
    let line = printed.lines().find_map(|line| line.strip_prefix("Histórico: ")).unwrap();
    line.split(", ").next().unwrap().to_owned()
}

#[test]
fn each_port_has_a_history_of_its_own_where_home_or_service_says() {
    let folder = tempfile::tempdir().unwrap();
    let (home, state) = (folder.path().join("casa"), folder.path().join("servico"));
    fs::create_dir(&home).unwrap();
    fs::DirBuilder::new().mode(0o700).create(&state).unwrap();
    let data = home.join(".local/share/papo");
    let at = |path: &Path| path.display().to_string();
    assert_eq!(place_of_history(&[("HOME", &home)], 12345), at(&data.join("papo.db")));
    assert_eq!(place_of_history(&[("HOME", &home)], 12346), at(&data.join("papo-12346.db")));
    assert_eq!(place_of_history(&[("HOME", &home)], 0), "desligado");
    let service = [("HOME", Path::new("/")), ("STATE_DIRECTORY", &state)];
    assert_eq!(place_of_history(&service, 12345), at(&state.join("papo.db")));
    assert_eq!(place_of_history(&service, 12346), at(&state.join("papo-12346.db")));
}

/// In a mount namespace, so that the machine's own folder is not touched.
#[test]
fn without_a_home_it_lies_where_services_keep_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("casa");
    for home in [missing.to_str().unwrap(), "/", ""] {
        let script = r#"mount -t tmpfs t /var/lib && mkdir /var/lib/papo && printf 'estado\nsair' |
            HOME="$1" timeout 20 "$0" --listen 127.0.0.23:12345"#;
        let output = Command::new("unshare").args(["-m", "sh", "-c", script, PROGRAM, home]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains("Histórico: /var/lib/papo/papo.db, "), "{home} {printed}");
    }
}

#[test]
fn a_time_zone_that_cannot_be_read_is_told() {
    let told_in = |zone: &str| told(without_terminal().arg("--no-history").env("TZ", zone), "sair");
    let printed = told_in("Brasil/SaoPaulo");
    let expected = "O fuso horário (TZ=Brasil/SaoPaulo) não foi encontrado: as horas estão em UTC.\n";
    assert!(printed.contains(expected), "{printed}");
    assert!(!told_in("<-03>3").contains("fuso"));
}

#[test]
fn what_is_not_kept_is_said_at_the_start() {
    let printed = told(without_terminal().arg("--no-history"), "sair");
    assert!(printed.contains("é esquecido quando o servidor encerrar."), "{printed}");
}

/// Two network namespaces: a cable with addresses of its own, and one where nobody gives out any.
#[test]
fn the_addresses_are_those_of_the_moment() {
    let script = r#"ip link set lo up
        ip link add eth0 type veth peer name peer0; ip link set peer0 up; ip link set eth0 up
        ip link add docker0 type veth peer name peer1; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up
        ip addr add 169.254.10.1/16 dev eth0
        { echo ajuda; read wait; ip addr add 192.168.0.2/24 dev eth0; echo ENDEREÇOS; echo sair; } <&3 |
        timeout 20 "$0" --no-history --listen 0.0.0.0:12345 3<&-"#;
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut command = Command::new("unshare");
    command.args(["-n", "bash", "-c", &format!("exec 3<&0; {script}"), PROGRAM]).stdin(reader);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut printed = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut shown = String::new();
    // The network comes when the first addresses were told.
    while !shown.contains("Comandos:") {
        assert_ne!(std::io::BufRead::read_line(&mut printed, &mut shown).unwrap(), 0, "{shown}");
    }
    std::io::Write::write_all(&mut writer, b"agora\n").unwrap();
    std::io::Read::read_to_string(&mut printed, &mut shown).unwrap();
    assert!(child.wait().unwrap().success());
    let head = "Endereços para entrar:\n  ";
    let docker = "172.17.0.1:12345 (docker0)\n";
    assert!(shown.contains(&format!("{head}169.254.10.1:12345 (eth0)\n  {docker}")), "{shown}");
    assert!(shown.contains(&format!("{head}192.168.0.2:12345 (eth0)\n  {docker}")), "{shown}");
}

#[test]
fn the_log_is_for_its_user_alone_and_names_the_port() {
    let shown = on_a_terminal(include_str!("console/log.py"));
    let path = shown.lines().find_map(|line| line.trim().strip_prefix("Registro em ")).unwrap();
    assert!(path.ends_with("/servidor-23456.log"), "{path}");
    // The story has looked at it: the folder is gone by now.
    assert!(shown.contains("0o600"), "{shown}");
}
