use proptest::prelude::*;

use super::*;

#[test]
fn names() {
    let long = "ã".repeat(32);
    for good in ["ana", "João", "joão.conceição", "a", "7", "Zé-do-Caixão!", "名前", "a:b", "x{", "voce", "Help", &long]
    {
        assert_eq!(Name::parse(good).map(|n| n.as_str().to_owned()), Ok(good.to_owned()));
    }
}

#[test]
fn what_is_no_name() {
    use NameError::*;
    let too_long = "a".repeat(33);
    let endless = "\u{301}".repeat(1_000_000);
    for (bad, why) in [
        ("", Empty),
        ("  \u{3000}\n", Empty),
        (&too_long, TooLong),
        (&endless, TooLong),
        ("ana maria", SpaceOrAt),
        (" ana", SpaceOrAt),
        ("ana\u{a0}maria", SpaceOrAt),
        ("ana\u{2028}", SpaceOrAt),
        ("ana@casa", SpaceOrAt),
        ("ana\u{ff20}casa", SpaceOrAt),
        ("\u{fe6b}ana", SpaceOrAt),
        ("ana\u{0}", Character),
        ("ana\u{1b}[31m", Character),
        ("ana\u{ad}", Character),
        ("a\u{200d}na", Character),
        ("\u{202e}ana", Character),
        ("ana\u{3164}", Character),
        ("ana\u{fe0f}", Character),
        ("ana😀", Character),
        ("a+b", Character),
        ("q\u{323}\u{323}\u{323}", Character),
        ("...", NoLetter),
        ("{ana", Edge),
        ("ana:", Edge),
        ("ana,", Edge),
        ("Servidor", Reserved),
        ("SALA", Reserved),
        ("você", Reserved),
        ("ok", Reserved),
        ("оk", Reserved), // Cyrillic о
        ("nome_em_uso", Reserved),
        ("NOME_INVALIDO", Reserved),
        ("Servidor_Encerrado", Reserved),
        ("Servidor.", Reserved),
        ("\u{2d0}Servidor\u{2d0}", Reserved),
        ("S-a-l-a", Reserved),
        ("S_a_l\u{332}a", Reserved),
        ("SaIa", Reserved),
        ("Aviso·do·servidor", Reserved),
        ("!OK!", Reserved),
        ("NOMEEMUSO", Reserved),
        ("HELP", Reserved),
        ("stats", Reserved),
    ] {
        assert_eq!(Name::parse(bad), Err(why), "{:?}", bad.chars().take(40).collect::<String>());
    }
}

#[test]
fn what_only_holds_a_reserved_word_is_free() {
    for good in ["Ana-Sala", "Saia", "SAIA", "Papoula", "sala2", "Okamoto", "O-Servidor"] {
        assert!(Name::parse(good).is_ok(), "{good}");
    }
}

#[test]
fn names_are_equal_whatever_their_case() {
    let same = |a: &str, b: &str| Name::parse(a).unwrap() == Name::parse(b).unwrap();
    for (a, b) in [("Ana", "ANA"), ("ana", "Аna"), ("jose\u{301}", "José"), ("bob", "b0b"), ("straße", "STRASSE")] {
        assert!(same(a, b), "{a} {b}");
    }
    for (a, b) in [("José", "Jose"), ("ana", "anna"), ("caio", "caia")] {
        assert!(!same(a, b), "{a} {b}");
    }
}

#[test]
fn names_look_the_same_by_either_rule() {
    let looks = |a: &str, b: &str| Name::parse(a).unwrap().looks_like(&Name::parse(b).unwrap());
    for (a, b) in [("Iucas", "lucas"), ("iucas", "IUCAS"), ("Iara", "lara"), ("1ucas", "LUCAS"), ("ｌucas", "lucas")] {
        assert!(looks(a, b) && looks(b, a), "{a} {b}");
    }
    for (a, b) in [("Iara", "Lara"), ("iucas", "lucas"), ("José", "Jose")] {
        assert!(!looks(a, b) && !looks(b, a), "{a} {b}");
    }
}

#[test]
fn parts_that_are_the_same_are_stored_once() {
    for (shown, key, look, stored) in
        [("bia", "bia", "bia", 3), ("Bia", "bia", "Bia", 9), ("lima", "lirna", "lirna", 9), ("Il", "il", "ll", 6)]
    {
        let name = Name::parse(shown).unwrap();
        assert_eq!((name.as_str(), name.key(), name.look(), name.parts.len()), (shown, key, look, stored));
    }
}

#[test]
fn what_was_a_name_once_can_be_read() {
    for old in ["Servidor.", "ana\u{ff20}casa", "HELP", "ana"] {
        assert_eq!(Name::recall(old).map(|name| name.as_str().to_owned()), Ok(old.to_owned()));
    }
    for never in ["", "ana maria", "a@b", "\u{202e}ana", "...", &"a".repeat(33)] {
        assert!(Name::recall(never).is_err(), "{never}");
    }
}

proptest! {
    #[test]
    fn a_name_parses_to_itself(text in "\\PC{1,12}") {
        if let Ok(name) = Name::parse(&text) {
            let again = Name::parse(name.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), name.as_str());
            prop_assert_eq!((again.key(), again.look()), (name.key(), name.look()));
            prop_assert!(Name::recall(&text).is_ok_and(|recalled| recalled == name));
            prop_assert!(!name.as_str().contains(|c: char| c.is_whitespace() || c.is_control() || is_at(c)));
        }
    }

    #[test]
    fn parsing_any_text_ends_well(text in any::<String>()) {
        let _ = (Name::parse(&text), Name::recall(&text));
    }
}
