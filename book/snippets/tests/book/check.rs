//! The rules for pages. Everything that breaks one is told, with the page and the line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use crate::anchors::{Anchors, files};
use crate::page::{Block, Link, Page};
use crate::targets::Targets;

/// What a block can be; anything else is either misspelled or not shown as what it is.
const LANGUAGES: [&str; 6] = ["js", "rust", "sh", "text", "toml", "yaml"];

/// A book, and the sources that its pages take code from.
pub(crate) struct Book<'a> {
    /// Where `SUMMARY.md` is.
    pub(crate) pages: &'a Path,
    /// Where every anchor has to be used.
    pub(crate) sources: &'a [PathBuf],
    pub(crate) targets: &'a Targets,
}

struct Check<'a> {
    book: &'a Book<'a>,
    pages: BTreeMap<PathBuf, Page>,
    /// The anchors of each file that is included.
    anchors: BTreeMap<PathBuf, Anchors>,
    used: BTreeSet<(PathBuf, String)>,
    faults: Vec<String>,
}

/// Everything that is wrong, in the order of the pages.
pub(crate) fn check(book: &Book<'_>) -> io::Result<Vec<String>> {
    let mut pages = BTreeMap::new();
    for path in files(book.pages, "md")? {
        let page = Page::parse(&fs::read_to_string(&path)?);
        pages.insert(path.strip_prefix(book.pages).unwrap_or(&path).to_owned(), page);
    }
    let (anchors, used) = (BTreeMap::new(), BTreeSet::new());
    let mut check = Check { book, pages, anchors, used, faults: Vec::new() };
    check.summary();
    let pages = std::mem::take(&mut check.pages);
    for (path, page) in &pages {
        for include in &page.includes {
            check.include(path, include);
        }
        for block in &page.blocks {
            check.block(path, block);
        }
        for link in &page.links {
            check.link(path, link, &pages);
        }
    }
    check.unused()?;
    Ok(check.faults)
}

impl Check<'_> {
    fn fault(&mut self, page: &Path, line: usize, fault: impl AsRef<str>) {
        self.faults.push(format!("{}:{line}: {}", page.display(), fault.as_ref()));
    }

    /// Each page is in the summary, once, unless others include it; each entry has a page.
    fn summary(&mut self) {
        let summary = Path::new("SUMMARY.md");
        let mut listed = BTreeSet::from([summary.to_owned()]);
        let entries = self.pages.get(summary).map(|page| &page.links);
        let entries: Vec<_> =
            entries.into_iter().flatten().map(|it| (it.line, it.target.clone())).collect();
        for (line, target) in entries {
            if target.is_empty() {
                self.fault(summary, line, "the entry has no page");
            } else if !self.pages.contains_key(Path::new(&target)) {
                self.fault(summary, line, format!("there is no page {target}"));
            } else if !listed.insert(PathBuf::from(&target)) {
                self.fault(summary, line, format!("the page {target} is there twice"));
            }
        }
        let parts = self.pages.iter().flat_map(|(path, page)| {
            page.includes.iter().map(|include| resolve(path, &include.target))
        });
        let parts: BTreeSet<_> = parts.collect();
        let missing = self.pages.keys().filter(|it| !listed.contains(*it) && !parts.contains(*it));
        let missing: Vec<_> = missing.cloned().collect();
        for page in missing {
            self.fault(&page, 1, "the page is not in SUMMARY.md");
        }
    }

    /// What is included is there.
    fn include(&mut self, page: &Path, include: &Link) {
        let (file, anchor) = match include.target.split_once(':') {
            Some((file, anchor)) => (file, Some(anchor)),
            None => (include.target.as_str(), None),
        };
        let path = self.book.pages.join(resolve(page, file));
        let Ok(text) = fs::read_to_string(&path) else {
            return self.fault(page, include.line, format!("there is no file {file}"));
        };
        let path = path.canonicalize().unwrap_or(path);
        let anchors = self.anchors.entry(path.clone()).or_insert_with(|| Anchors::of(&text));
        let Some(anchor) = anchor else { return };
        if anchors.names.iter().any(|name| name == anchor) {
            self.used.insert((path, anchor.to_owned()));
        } else {
            self.fault(page, include.line, format!("{file} has no anchor `{anchor}`"));
        }
    }

    fn block(&mut self, page: &Path, block: &Block) {
        let text = block.text.trim();
        match block.language.as_str() {
            "rust" if !included(text).is_some_and(|target| target.contains(':')) => {
                self.fault(page, block.line, "the block is not one include of an anchor");
            }
            // Rules for Prometheus, say: what can be run is a file of its own.
            "yaml" if included(text).is_none() => {
                self.fault(page, block.line, "the block is not one include of a file");
            }
            "toml" if let Err(error) = text.parse::<toml::Table>() => {
                self.fault(
                    page,
                    block.line,
                    format!("the TOML cannot be read: {}", error.message()),
                );
            }
            "sh" => {
                for fault in text.lines().flat_map(|line| self.book.targets.faults(line)) {
                    self.fault(page, block.line, fault);
                }
            }
            "" => self.fault(page, block.line, "the block does not say its language"),
            other if !LANGUAGES.contains(&other) => {
                self.fault(page, block.line, format!("a block cannot be `{other}`"));
            }
            _ => {}
        }
    }

    /// A link leads to a page and a heading of it, or to a file in the book.
    fn link(&mut self, page: &Path, link: &Link, pages: &BTreeMap<PathBuf, Page>) {
        let target = link.target.as_str();
        if page == Path::new("SUMMARY.md")
            || target.contains("://")
            || target.starts_with("mailto:")
        {
            return;
        }
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let path = if file.is_empty() { page.to_owned() } else { resolve(page, file) };
        let found = pages.get(&path);
        let is_file = !path.starts_with("..") && self.book.pages.join(&path).is_file();
        if found.is_none() && !is_file {
            return self.fault(page, link.line, format!("there is nothing at {target}"));
        }
        let is_known = |page: &Page| page.headings.iter().any(|it| it == heading);
        if !heading.is_empty() && !found.is_some_and(is_known) {
            self.fault(page, link.line, format!("there is no heading at {target}"));
        }
    }

    /// Each anchor is used, and has an end.
    fn unused(&mut self) -> io::Result<()> {
        for source in self.book.sources {
            for path in files(source, "rs")? {
                let anchors = Anchors::of(&fs::read_to_string(&path)?);
                let path = path.canonicalize()?;
                for name in anchors.names {
                    if !self.used.contains(&(path.clone(), name.clone())) {
                        self.faults
                            .push(format!("{}: no page has the anchor `{name}`", path.display()));
                    }
                }
                self.anchors.remove(&path);
                let told = anchors.faults.iter().map(|fault| format!("{}:{fault}", path.display()));
                self.faults.extend(told);
            }
        }
        for (path, anchors) in &self.anchors {
            let told = anchors.faults.iter().map(|fault| format!("{}:{fault}", path.display()));
            self.faults.extend(told);
        }
        Ok(())
    }
}

/// What the text includes, if it is one include and nothing else.
fn included(text: &str) -> Option<&str> {
    let target = text.strip_prefix("{{#include ")?.strip_suffix("}}")?;
    (!target.contains(['{', '\n'])).then_some(target)
}

/// Where a target of a page is, from the directory of the book.
fn resolve(page: &Path, target: &str) -> PathBuf {
    let mut path = page.parent().unwrap_or(Path::new("")).to_owned();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir if path.file_name().is_some_and(|it| it != "..") => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}
