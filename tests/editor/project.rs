//! A project of one file, in an editor. Places in it are named by the text around them: `|` is the cursor.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::{Server, uri};

pub(crate) struct Project {
    server: Server,
    /// As it was opened.
    original: &'static str,
    text: String,
    version: i64,
    file: PathBuf,
    _directory: TempDir,
}

impl Project {
    pub(crate) fn open(original: &'static str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().canonicalize().unwrap();
        let spawn = root.join("spawn");
        let manifest = format!(
            "[workspace]\n[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [dependencies]\nspawn = {{ path = '{}', default-features = false }}\n",
            spawn.display()
        );
        std::fs::write(path.join("Cargo.toml"), manifest).unwrap();
        // The versions that the workspace has, which are here already.
        std::fs::copy(root.join("Cargo.lock"), path.join("Cargo.lock")).unwrap();
        std::fs::create_dir(path.join("src")).unwrap();
        let file = path.join("src/lib.rs");
        std::fs::write(&file, original).unwrap();
        let options = json!({
            "cachePriming": { "enable": false },
            "checkOnSave": false,
            "cargo": { "targetDir": root.join("target/editor") },
            "completion": { "autoimport": { "enable": false } },
        });
        let mut server = Server::start(&path, &options);
        server.notify(
            "textDocument/didOpen",
            &json!({ "textDocument": {
                "uri": uri(&file), "languageId": "rust", "version": 0, "text": original,
            } }),
        );
        server.settle();
        let text = original.to_owned();
        Self { server, original, text, version: 0, file, _directory: directory }
    }

    /// Undoes what was typed.
    pub(crate) fn restore(&mut self) {
        if self.text != self.original {
            self.write(self.original.to_owned());
        }
    }

    fn write(&mut self, text: String) {
        self.version += 1;
        self.text = text;
        let document = json!({ "uri": uri(&self.file), "version": self.version });
        let changes = json!([{ "text": self.text }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.server.notify("textDocument/didChange", &params);
    }

    /// What the name at `place` leads to first.
    pub(crate) fn definition(&mut self, place: &str) -> String {
        self.definitions(place).swap_remove(0)
    }

    /// What the name at `place` leads to, at least one place: the line from the name's beginning, `fn` included, up to the first
    /// argument's end; of another file, its address.
    pub(crate) fn definitions(&mut self, place: &str) -> Vec<String> {
        let found = self.ask("textDocument/definition", place, json!({}));
        let found = found.as_array().cloned().unwrap_or_else(|| vec![found]);
        assert!(!found.is_empty(), "{place} leads to nothing");
        found.iter().map(|target| self.target(target)).collect()
    }

    fn target(&self, target: &Value) -> String {
        if target["uri"] != uri(&self.file) {
            return target["uri"].to_string();
        }
        let start = self.offset(&target["range"]["start"]);
        let (before, after) = self.text.split_at(start);
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        format!("{line}{}", up_to(after, &[',', ')']))
    }

    /// What is told of the name at `place`.
    pub(crate) fn hover(&mut self, place: &str) -> String {
        let told = self.ask("textDocument/hover", place, json!({}));
        told["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// What a rename changes, in the order of the text: each place up to the end of its first argument.
    pub(crate) fn rename(&mut self, place: &str, name: &str) -> Vec<String> {
        let edit = self.ask("textDocument/rename", place, json!({ "newName": name }));
        let edits = edit["documentChanges"][0]["edits"].as_array().cloned().unwrap_or_default();
        let mut starts: Vec<_> =
            edits.iter().map(|edit| self.offset(&edit["range"]["start"])).collect();
        starts.sort_unstable();
        let text = |start: usize| up_to(self.text.split_at(start).1, &[',', '.', '\n']).to_owned();
        starts.into_iter().map(text).collect()
    }

    /// What is offered at the cursor, after `before` became `after`.
    pub(crate) fn completions(&mut self, before: &str, after: &str) -> Vec<String> {
        self.write(self.original.to_owned());
        self.replace(before, &after.replace('|', ""));
        self.offered(after)
    }

    /// Types `after` over `before`.
    pub(crate) fn replace(&mut self, before: &str, after: &str) {
        assert!(self.text.contains(before), "{before}");
        self.write(self.text.replacen(before, after, 1));
    }

    /// What is offered at a place.
    pub(crate) fn offered(&mut self, after: &str) -> Vec<String> {
        let offered = self.ask("textDocument/completion", after, json!({}));
        let items = if offered.is_array() { &offered } else { &offered["items"] };
        let label = |item: &Value| item["label"].as_str().unwrap_or_default().to_owned();
        items.as_array().map(|items| items.iter().map(label).collect()).unwrap_or_default()
    }

    fn ask(&mut self, method: &str, place: &str, mut more: Value) -> Value {
        let cursor = place.find('|').unwrap();
        let needle = place.replacen('|', "", 1);
        let at = self.text.find(&needle).unwrap_or_else(|| panic!("{needle:?} is not there"));
        let at = at + cursor;
        let before = self.text.split_at(at).0;
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().map_or(0, str::len);
        more["textDocument"] = json!({ "uri": uri(&self.file) });
        more["position"] = json!({ "line": line, "character": column });
        self.server.request(method, &more)
    }

    /// Where a position of the protocol is in the text, which is ASCII.
    fn offset(&self, position: &Value) -> usize {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let column = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
        self.text.split_inclusive('\n').take(line).map(str::len).sum::<usize>() + column
    }
}

/// The beginning of `text`, before any of `ends`.
fn up_to<'t>(text: &'t str, ends: &[char]) -> &'t str {
    text.split(ends).next().unwrap_or_default()
}
