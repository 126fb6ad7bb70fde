//! Table tests of the matcher. A little reader for rule texts stands in for the real rule parser.

use super::*;
use crate::routing::states::RuleTraits;

struct NoForeign;

impl Foreign for NoForeign {
    type Error = String;
    fn fit<'p>(&self, test: u32, target: &'p str, _: &mut Vec<&'p str>) -> Result<Fit, String> {
        Err(format!("test {test} on {target}"))
    }
}

/// `/a/<>/<int>/<any>/v<>/<path>`, optionally ` GET,POST`, ` lenient`, ` ws`, ` unmerged`, in the order given.
fn matcher(rules: &[&str]) -> Matcher {
    let mut tree = Tree::default();
    let mut traits = Vec::new();
    // Branches of one text share their state, as the real tree's do.
    let mut known: Vec<(StateId, String, StateId)> = Vec::new();
    for (id, text) in rules.iter().enumerate() {
        let mut words = text.split(' ');
        let path = words.next().expect("a path");
        let mut state = tree.fixed(Tree::ROOT, "");
        let segments: Vec<&str> = path.split('/').collect();
        for (at, segment) in segments.iter().enumerate() {
            let (content, rest, suffixed) = match *segment {
                "<>" => (r"(?P<__werkzeug_0>[^/]{1,})\Z", false, false),
                "<int>" => (r"(?P<__werkzeug_0>\d+)\Z", false, false),
                "<any>" => (r"(?P<__werkzeug_0>[^/]{0,})\Z", false, false),
                "v<>" => (r"v(?P<__werkzeug_0>[^/]{1,})\Z", false, false),
                "<path>" if segments.last() == Some(&"") => (r"(?P<__werkzeug_0>[^/].*?)(?<!/)(/?)\Z", true, true),
                "<path>" => (r"(?P<__werkzeug_0>[^/].*?)\Z", true, false),
                fixed => {
                    assert!(!fixed.contains('<') || at == 0, "{fixed}");
                    state = tree.fixed(state, fixed);
                    continue;
                }
            };
            let found = known
                .iter()
                .find(|(from, text, _)| *from == state && text == content)
                .map(|entry| entry.2);
            state = found.unwrap_or_else(|| {
                let (to, _) = tree.branch(state, content, rest, suffixed);
                known.push((state, content.to_owned(), to));
                to
            });
        }
        tree.end(state, u32::try_from(id).expect("few rules"));
        let mut rule = RuleTraits {
            strict_slashes: true,
            merge_slashes: true,
            ..RuleTraits::default()
        };
        for word in words {
            match word {
                "lenient" => rule.strict_slashes = false,
                "unmerged" => rule.merge_slashes = false,
                "ws" => rule.websocket = true,
                methods => rule.methods = Some(methods.split(',').map(Into::into).collect()),
            }
        }
        traits.push(rule);
    }
    tree.finish(traits)
}

fn ask(matcher: &Matcher, method: &str, path: &str, websocket: bool) -> String {
    let path = rooted(path);
    let query = Query {
        domain: "",
        path: &path,
        method,
        websocket,
    };
    let outcome = match matcher.find(query, &NoForeign).expect("no foreign test") {
        MatchResult::Missed(missed) if path.contains("//") => {
            matcher.find_merged(query, &NoForeign, missed).expect("no foreign test")
        }
        outcome => outcome,
    };
    match outcome {
        MatchResult::Found(found) => format!("{} {}", found.rule, found.values.join(","))
            .trim_end()
            .to_owned(),
        MatchResult::Redirect(path) => format!("-> {path}"),
        MatchResult::Missed(missed) if !missed.refused.is_empty() => format!("405 {:?}", missed.refused),
        MatchResult::Missed(missed) if missed.websocket_mismatch => "ws?".to_owned(),
        MatchResult::Missed(_) => "404".to_owned(),
    }
}

#[test]
fn answers_as_the_state_machine() {
    let rules = matcher(&[
        "/ GET",                 // 0
        "/hello GET,HEAD",       // 1
        "/hello POST",           // 2
        "/docs/ GET",            // 3
        "/loose/ GET lenient",   // 4
        "/user/<int>",           // 5
        "/user/<>",              // 6
        "/user/<>/posts",        // 7
        "/files/<int>/raw",      // 8
        "/files/<path>",         // 9
        "/wiki/<path>/",         // 10
        "/flat lenient",         // 11
        "/chat ws",              // 12
        "/raw/x unmerged",       // 13
        "/user/me/posts DELETE", // 14
    ]);
    let table = [
        ("GET", "/", "0"),
        ("GET", "", "-> /"),
        ("GET", "///", "0"),
        ("POST", "/", "405 [0]"),
        ("GET", "/hello", "1"),
        ("POST", "/hello", "2"),
        ("PUT", "/hello", "405 [1, 2]"),
        ("GET", "hello", "1"),
        ("GET", "/hello/", "404"),
        ("GET", "/docs", "-> /docs/"),
        ("GET", "/docs/", "3"),
        ("GET", "/loose", "4"),
        ("GET", "/user/7", "5 7"),
        ("GET", "/user/ada", "6 ada"),
        ("GET", "/user/7/posts", "7 7"),
        ("GET", "/user/me/posts", "7 me"),
        ("DELETE", "/user/me/posts", "14"),
        ("GET", "/user/", "404"),
        ("GET", "/files/a/b/c", "9 a/b/c"),
        ("GET", "/files/7/raw", "8 7"),
        ("GET", "/files/7/raw/x", "9 7/raw/x"),
        ("GET", "/wiki/a/b", "-> /wiki/a/b/"),
        ("GET", "/wiki/a/b/", "10 a/b"),
        ("GET", "/wiki/a//", "-> /wiki/a/"),
        ("GET", "/flat/", "11"),
        ("GET", "/chat", "ws?"),
        ("GET", "/user//7", "-> /user/7"),
        ("GET", "/docs//", "-> /docs/"),
        ("GET", "/raw//x", "404"),
        ("GET", "/nothing", "404"),
    ];
    for (method, path, wanted) in table {
        assert_eq!(ask(&rules, method, path, false), wanted, "{method} {path}");
    }
    assert_eq!(ask(&rules, "GET", "/chat", true), "12");
}

#[test]
fn asks_outside_only_for_digits_that_are_not_ascii() {
    let rules = matcher(&["/user/<int>", "/user/<>"]);
    let query = Query {
        domain: "",
        path: "/user/٣",
        method: "GET",
        websocket: false,
    };
    assert_eq!(rules.find(query, &NoForeign), Err("test 0 on ٣".to_owned()));
}

#[test]
fn roots_paths() {
    for (path, wanted) in [
        ("", ""),
        ("/", "/"),
        ("a", "/a"),
        ("/a", "/a"),
        ("//a/", "/a/"),
        ("///", "/"),
    ] {
        assert_eq!(rooted(path), wanted);
    }
}

#[test]
fn what_is_not_plain_keeps_its_turn() {
    for (rules, path, wanted) in [
        (["/a/<any>", "/<>/"], "/a/", "0"),
        (["/a/<any>/b", "/<>//b"], "/a//b", "0"),
        (["/a/<path>", "/<>/b"], "/a/b", "0 b"),
        (["/a/v<>", "/<>/vb"], "/a/vb", "0 b"),
        (["/a lenient", "/<>/"], "/a/", "0"),
        (["/a/", "/<>"], "/a", "-> /a/"),
        (["/a/b", "/<>/c"], "/a/c", "1 a"),
        (["/{x}/<>", "/<>/b"], "/{x}/b", "0 b"),
    ] {
        assert_eq!(ask(&matcher(&rules), "GET", path, false), wanted, "{rules:?}");
    }
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn path(&mut self, segments: &[&str]) -> String {
        (0..=self.below(4)).fold(String::new(), |path, _| path + "/" + self.one_of(segments))
    }
}

#[test]
fn plain_paths_and_the_walk_agree() {
    const RULES: [&[&str]; 4] = [
        &["", "a", "a", "ab", "7", "{x}", "é", "<>", "<>"],
        &[
            "", "a", "b", "ab", "7", "{x}", "<>", "<int>", "<int>", "<any>", "v<>", "<path>",
        ],
        &["a", "a", "b", "7", "<>", "<>", "<>", "<path>", "v<>"],
        &["a", "a", "b", "", "<>", "<>", "<>", "<any>"],
    ];
    const ASKED: [&str; 11] = ["", "a", "a", "ab", "b", "7", "7", "{x}", "é", "va", "٣"];
    const TRAITS: [&str; 10] = [
        "",
        "",
        "",
        " GET",
        " GET,POST",
        " POST",
        " lenient",
        " unmerged",
        " ws",
        " GET lenient",
    ];
    let mut dice = Dice(7);
    let (mut found, mut by_plain) = (0, 0);
    for round in 0..4000 {
        let segments = RULES[round % RULES.len()];
        let texts: Vec<String> = (0..=dice.below(12))
            .map(|_| dice.path(segments) + dice.one_of(&TRAITS))
            .filter(|text| !text.contains("<path>/") || text.matches("<path>").count() == 1)
            .collect();
        let rules = matcher(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        for _ in 0..30 {
            let path = dice.path(&ASKED);
            let query = Query {
                domain: "",
                path: &path,
                method: dice.one_of(&["GET", "POST"]),
                websocket: dice.below(8) == 0,
            };
            let walked = rules.walk(query, &NoForeign).map(forgetful);
            assert_eq!(
                rules.find(query, &NoForeign).map(forgetful),
                walked,
                "{query:?} in {texts:?}"
            );
            found += u32::from(!matches!(walked, Ok(MatchResult::Missed(_))));
            by_plain += u32::from(rules.find_plain(query).is_some());
        }
    }
    // The dice have thrown enough of each.
    assert!(
        by_plain > 5_000 && found > by_plain,
        "{found} found, {by_plain} of them plain"
    );
}

/// What was refused on the way to a rule without values is of no account.
fn forgetful(outcome: MatchResult<'_>) -> MatchResult<'_> {
    match outcome {
        MatchResult::Found(found) if found.values.is_empty() => MatchResult::Found(Found {
            missed: Missed::default(),
            ..found
        }),
        outcome => outcome,
    }
}

#[test]
fn paths_of_many_placeholders_are_walked() {
    for count in [24, 25, 26, 40] {
        let rules = matcher(&[&"/<>".repeat(count)]);
        let values = vec!["x"; count].join(",");
        assert_eq!(ask(&rules, "GET", &"/x".repeat(count), false), format!("0 {values}"));
    }
}
