//! Three lists are held against each other: the diagnostics, what the cases say that they meet, and the cases that are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{files, root, short, uses};
use crate::diag::Sink;

/// Diagnostics that no input can meet.
const WITHOUT_CASE: [&str; 1] = [
    // A mistake of ours; `pipeline` has a test of it.
    "internal",
];

/// Explanations that nobody can meet.
const NEVER_SEEN: [&str; 1] = [
    // The macros ask for clauses that they have just written.
    "this action of `{Self}` has no clause for `{P}`",
];

/// The functions of `diag/texts`, by file and line.
struct Texts(BTreeMap<(String, u32), String>);

impl Texts {
    fn read() -> Self {
        let mut functions = BTreeMap::new();
        for file in fs::read_dir(root().join("spawn-macros/src/diag/texts")).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            for (line, number) in fs::read_to_string(&path).unwrap().lines().zip(1..) {
                if let Some(rest) = line.strip_prefix("pub(crate) fn ") {
                    let function = rest.split(['(', '<']).next().unwrap();
                    functions.insert((name.clone(), number), function.to_owned());
                }
            }
        }
        Self(functions)
    }

    fn names(&self) -> BTreeSet<&str> {
        self.0.values().map(String::as_str).collect()
    }

    /// The function around a line.
    fn at(&self, (file, line): (&str, u32)) -> &str {
        let file = Path::new(file).file_name().unwrap().to_string_lossy().into_owned();
        let (key, name) = self.0.range(..=(file.clone(), line)).next_back().unwrap();
        assert_eq!(key.0, file, "{file}:{line} is in no function");
        name
    }
}

/// The list after `// style:` or `// says:`.
fn listed(text: &str, key: &str) -> Vec<String> {
    let prefix = format!("// {key}: ");
    let line = text.lines().find_map(|line| line.strip_prefix(&prefix));
    line.map(|list| list.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}

/// What the compiler said, without what it said on behalf of the macros.
fn expected(path: &Path) -> String {
    fs::read_to_string(path.with_extension("stderr"))
        .unwrap_or_else(|_| panic!("{} has no expected output", short(path)))
}

#[test]
fn every_case_meets_what_it_says_and_nothing_else() {
    let texts = Texts::read();
    let mut wrong = Vec::new();
    for path in files("fail") {
        let text = fs::read_to_string(&path).unwrap();
        let output = expected(&path);
        let says = listed(&text, "says");
        let (phrases, names): (Vec<_>, Vec<_>) = says.iter().partition(|it| it.starts_with('"'));
        let (codes, functions): (BTreeSet<_>, BTreeSet<_>) =
            names.iter().map(|it| it.as_str()).partition(|it| is_code(it));

        let mut met = BTreeSet::new();
        let mut errors = 0;
        for it in uses(&path) {
            let mut sink = Sink::default();
            it.expand(&mut sink);
            for diagnostic in sink.diagnostics() {
                errors += 1;
                met.insert(texts.at(diagnostic.made_by()));
                // Types are spelled as in the source there, and as tokens here.
                let message = format!("error: {}", diagnostic.message()).replace(' ', "");
                if !output.replace(' ', "").lines().any(|line| line == message) {
                    wrong.push(format!("{}: unreported: {}", short(&path), diagnostic.message()));
                }
            }
        }
        let reported: BTreeSet<_> = output.lines().filter_map(code_of).collect();
        let plain = output.lines().filter(|line| line.starts_with("error: ")).count();
        if says.is_empty() {
            let all: Vec<_> = met.iter().chain(&reported).copied().collect();
            wrong.push(format!("{}: to begin with `// says: {}`", short(&path), all.join(", ")));
        } else if met != functions {
            wrong.push(format!("{}: says {functions:?}, meets {met:?}", short(&path)));
        }
        if !says.is_empty() && reported != codes {
            wrong.push(format!("{}: says {codes:?}, the compiler {reported:?}", short(&path)));
        }
        if plain < errors || plain > errors + phrases.len() {
            wrong.push(format!(
                "{}: {plain} errors without a code, of which {errors} are ours",
                short(&path)
            ));
        }
        for phrase in phrases {
            if !output.contains(phrase.trim_matches('"')) {
                wrong.push(format!("{}: {phrase} is not in the output", short(&path)));
            }
        }
        if output.contains("proc macro panicked")
            || output.starts_with("warning")
            || output.contains("\nwarning")
        {
            wrong.push(format!("{}: a warning or a panic", short(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_code(name: &str) -> bool {
    let digits = name.strip_prefix('E').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit())
}

/// `error[E0277]: ..`
fn code_of(line: &str) -> Option<&str> {
    line.strip_prefix("error[")?.split(']').next()
}

#[test]
fn every_diagnostic_has_a_case() {
    let texts = Texts::read();
    let all: Vec<_> = files("fail")
        .iter()
        .flat_map(|path| listed(&fs::read_to_string(path).unwrap(), "says"))
        .collect();
    let met: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let missing: Vec<_> = texts
        .names()
        .into_iter()
        .filter(|name| !met.contains(name) && !WITHOUT_CASE.contains(name))
        .collect();
    assert!(missing.is_empty(), "no case of tests/ui/fail meets {missing:?}");
    let superfluous: Vec<_> = WITHOUT_CASE.iter().filter(|name| met.contains(*name)).collect();
    assert!(superfluous.is_empty(), "{superfluous:?} have a case by now");
}

/// Where the compiler asks whether a type will do, the library says what to do when it will not.
#[test]
fn every_explanation_of_a_trait_has_a_case() {
    let outputs: Vec<_> = files("fail").iter().map(|path| expected(path)).collect();
    let mut folders = vec![root().join("spawn/src")];
    let mut missing = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            for explanation in text.split("on_unimplemented(").skip(1) {
                let message = explanation.split("message = \"").nth(1).unwrap();
                let message = message.split("\",").next().unwrap().split("\")]").next().unwrap();
                // What stands between the types that are put in.
                let fragments: Vec<_> =
                    message.split('{').map(|it| it.split('}').next_back().unwrap()).collect();
                let is_met = |line: &str| fragments.iter().all(|fragment| line.contains(fragment));
                let is_met = outputs.iter().any(|output| output.lines().any(is_met));
                if is_met == NEVER_SEEN.contains(&message) {
                    missing.push(format!("{}: {message}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no case of tests/ui/fail meets\n{}", missing.join("\n"));
}

/// `cases.md` has a row for each case that is asked for: its id, what it is, and where it is told otherwise, why.
#[test]
fn every_case_that_is_asked_for_is_there() {
    let list = fs::read_to_string(root().join("tests/ui/cases.md")).unwrap();
    let mut asked = BTreeMap::new();
    for row in list.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, _, elsewhere] = cells[..] else { panic!("`{row}` has not three cells") };
        if !id.starts_with("--") {
            assert!(
                asked.insert(id.to_owned(), elsewhere.to_owned()).is_none(),
                "{id} is there twice"
            );
        }
    }
    assert!(asked.len() > 50, "the table was not read");

    let mut there: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files("fail").iter().chain(&files("pass")) {
        for id in listed(&fs::read_to_string(path).unwrap(), "style") {
            there.entry(id).or_default().push(short(path));
        }
    }
    let mut wrong = Vec::new();
    for (id, elsewhere) in &asked {
        if elsewhere.is_empty() && !there.contains_key(id) {
            wrong.push(format!("no case says that it is {id}"));
        }
        // Where a case is kept elsewhere, it says in which file.
        for path in elsewhere.split('`').skip(1).step_by(2).filter(|it| it.contains('/')) {
            if !root().join(path).exists() {
                wrong.push(format!("{id} is to be in {path}, which does not exist"));
            }
        }
    }
    for (id, cases) in &there {
        if !asked.contains_key(id) {
            wrong.push(format!("{cases:?} say that they are {id}, which is not in the list"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
