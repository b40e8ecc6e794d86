//! Members who search a long history without pause while others talk: they on a thread of their own, on the load's core.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};

use crate::crowd::{Crowd, Listener};
use crate::rows::{HISTORY, PACES, SEARCHERS};
use crate::servers::{Kind, Running};
use crate::talk;

/// How many messages of the history are said before the next wait for them to be heard.
const CHUNK: usize = 1_000;
/// How many messages a search asks for.
const COUNT: usize = 20;
/// An answer that takes longer than this does not come at all.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the searchers wait for something to come before they look whether they are to stop.
const TICK: Duration = Duration::from_millis(20);

/// Of these the history is made; the ones in front come more often.
const WORDS: [&str; 48] = [
    "de",
    "que",
    "o",
    "para",
    "a",
    "com",
    "não",
    "prova",
    "turma",
    "hoje",
    "exercício",
    "página",
    "lista",
    "grupo",
    "professora",
    "amanhã",
    "questão",
    "resposta",
    "trabalho",
    "caderno",
    "matéria",
    "alguém",
    "consegue",
    "ainda",
    "biblioteca",
    "português",
    "geometria",
    "história",
    "química",
    "laboratório",
    "projetor",
    "arquivo",
    "impressora",
    "relatório",
    "apresentação",
    "recuperação",
    "entrega",
    "prazo",
    "média",
    "nota",
    "intervalo",
    "cantina",
    "senha",
    "teclado",
    "programa",
    "variável",
    "função",
    "até",
];
/// Stands in one message of [`RARITY`].
const RARE: &str = "ornitorrinco";
const RARITY: usize = 5_000;
/// What is searched for, and whether the history has it. No text of a talk has any of it.
const QUESTIONS: [(&str, bool); 8] = [
    ("prova", true),
    (RARE, true),
    ("zigurate", false),
    ("geometria química", true),
    ("exercicio", true),
    ("ornitorrinco zigurate", false),
    ("variável função", true),
    ("paralelepípedo", false),
];

/// Fills the history of a server and lets members search it, each with one question outstanding, while a room of 50 talks
/// `parts` times for `duration`: by part the latencies of the talk in nanoseconds, sorted; and the longest wait for an
/// answer.
pub(crate) fn beside_talk(
    kind: Kind,
    server: &Running,
    parts: u32,
    duration: Duration,
) -> Result<(Vec<Vec<u64>>, Duration)> {
    let [pace, ..] = PACES;
    fill(server)?;
    let mut room = Crowd::enter(kind, server.addr, pace.members)?;
    let mut searchers = Crowd::enter_as('s', Kind::PapoNative, server.addr, SEARCHERS)?;
    // The last to come have made the others hear that.
    room.settle()?;
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| search(&mut searchers, &is_over));
        let heard = (0..parts).map(|_| talk::at_rate(&mut room, pace.senders, pace.rate, duration));
        let heard: Result<Vec<_>> = heard.collect();
        is_over.store(true, Ordering::Relaxed);
        let longest = searching.join().map_err(|_| anyhow!("the searchers panicked"))??;
        Ok((heard?, longest))
    })
}

/// One member says [`HISTORY`] messages, the same ones each time, as fast as another hears them.
fn fill(server: &Running) -> Result<()> {
    let mut crowd = Crowd::enter_as('h', Kind::PapoClassic, server.addr, 2)?;
    let (mut heard, mut random) = (Lines(0), Random(14));
    for chunk in (0..HISTORY).step_by(CHUNK) {
        let end = HISTORY.min(chunk + CHUNK);
        let lines: Vec<String> = (chunk..end).map(|number| message(number, &mut random) + "\n").collect();
        crowd.send(0, lines.concat().as_bytes())?;
        crowd.until("the history is not taken", &mut heard, |heard| heard.0 >= end)?;
    }
    Ok(())
}

/// A text of 60 to 100 bytes.
fn message(number: usize, random: &mut Random) -> String {
    let length = 60 + random.below(26);
    let mut text = String::from(if number % RARITY == RARITY / 2 { RARE } else { WORDS[random.below(WORDS.len())] });
    while text.len() < length {
        let bound = 1 + random.below(WORDS.len());
        text.extend([" ", WORDS[random.below(bound)]]);
    }
    text
}

/// Searches until `is_over` and all is answered; the longest wait.
fn search(crowd: &mut Crowd, is_over: &AtomicBool) -> Result<Duration> {
    let mut answers = Answers { asked: vec![None; crowd.len()], longest: Duration::ZERO };
    for nth in 0.. {
        let goes_on = !is_over.load(Ordering::Relaxed);
        for member in 0..crowd.len() {
            match answers.asked[member] {
                Some((_, since)) => ensure!(since.elapsed() < PATIENCE, "a search is not answered"),
                None if goes_on => {
                    let (text, is_there) = QUESTIONS[(member + nth) % QUESTIONS.len()];
                    answers.asked[member] = Some((is_there, Instant::now()));
                    let question = format!("{{\"type\":\"search\",\"text\":\"{text}\",\"count\":{COUNT}}}\n");
                    crowd.send(member, question.as_bytes())?;
                }
                None => {}
            }
        }
        if answers.asked.iter().all(Option::is_none) {
            break;
        }
        crowd.turn(TICK, &mut answers)?;
    }
    Ok(answers.longest)
}

/// Takes in answers, and nothing else that the searchers hear.
struct Answers {
    /// By member: whether what it looks for is there, and since when it waits to hear of it.
    asked: Vec<Option<(bool, Instant)>>,
    longest: Duration,
}

impl Listener for Answers {
    fn hear(&mut self, member: usize, bytes: &[u8]) -> Result<usize> {
        let mut used = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let line = &bytes[used..end];
            used = end + 1;
            if line.starts_with(b"{\"type\":\"found\"") {
                let Some((is_there, since)) = self.asked[member].take() else { bail!("an answer to no question") };
                let has_some = !line.starts_with(b"{\"type\":\"found\",\"messages\":[]");
                ensure!(has_some == is_there, "a wrong answer: {}", String::from_utf8_lossy(line));
                self.longest = self.longest.max(since.elapsed());
            }
            let is_refused = line.starts_with(b"{\"type\":\"problem\"");
            ensure!(!is_refused, "no answer: {}", String::from_utf8_lossy(line));
        }
        Ok(used)
    }
}

/// How many lines have been heard.
struct Lines(usize);

impl Listener for Lines {
    fn hear(&mut self, _: usize, bytes: &[u8]) -> Result<usize> {
        self.0 += memchr::memchr_iter(b'\n', bytes).count();
        Ok(bytes.len())
    }
}

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's generator, whose high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
