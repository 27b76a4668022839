//! What a command of a page can name.

use std::collections::BTreeSet;
use std::error::Error;
use std::process::Command;

/// The packages of the workspace, and their targets by kind.
#[derive(Default)]
pub(crate) struct Targets {
    packages: BTreeSet<String>,
    /// As in `--example hello`.
    named: BTreeSet<(String, String)>,
}

/// The options that name something, and how Cargo calls it.
const OPTIONS: [(&str, &str); 4] =
    [("--example", "example"), ("--bench", "bench"), ("--test", "test"), ("--bin", "bin")];

impl Targets {
    /// Those of this workspace.
    pub(crate) fn of_workspace() -> Result<Self, Box<dyn Error>> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let mut targets = Self::default();
        for package in list(&metadata["packages"]) {
            targets.packages.insert(text(&package["name"]));
            for target in list(&package["targets"]) {
                for kind in list(&target["kind"]) {
                    targets.named.insert((text(kind), text(&target["name"])));
                }
            }
        }
        Ok(targets)
    }

    #[cfg(test)]
    pub(crate) fn with(mut self, kind: &str, name: &str) -> Self {
        self.named.insert((kind.to_owned(), name.to_owned()));
        self
    }

    /// What a line names that does not exist.
    pub(crate) fn faults(&self, line: &str) -> Vec<String> {
        let line = line.split(" #").next().unwrap_or(line);
        let mut words = line.split_whitespace();
        if !words.any(|word| word == "cargo") || line.contains("--manifest-path") {
            return Vec::new();
        }
        let mut faults = Vec::new();
        // What comes after is for the program.
        let words: Vec<_> = words.take_while(|word| *word != "--").collect();
        for pair in words.windows(2) {
            let [option, name] = [pair[0], pair[1]];
            if matches!(option, "-p" | "--package") && !self.packages.contains(name) {
                faults.push(format!("there is no package `{name}`"));
            }
            for (known, kind) in OPTIONS {
                let wanted = (kind.to_owned(), name.to_owned());
                if option == known && !self.named.contains(&wanted) {
                    faults.push(format!("there is no {kind} `{name}`"));
                }
            }
        }
        faults
    }
}

fn list(value: &serde_json::Value) -> impl Iterator<Item = &serde_json::Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
