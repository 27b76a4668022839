//! What a page consists of, as far as the check is concerned.

use std::collections::HashMap;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A block of code.
pub(crate) struct Block {
    pub(crate) line: usize,
    /// The first word behind the fence, up to a comma; empty if there is none.
    pub(crate) language: String,
    pub(crate) text: String,
}

/// A link, or a picture.
pub(crate) struct Link {
    pub(crate) line: usize,
    pub(crate) target: String,
}

/// A page, taken apart.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) blocks: Vec<Block>,
    pub(crate) links: Vec<Link>,
    /// The ids of the headings, as mdBook makes them.
    pub(crate) headings: Vec<String>,
    /// What stands between `{{#include` and `}}`, in blocks and outside of them.
    pub(crate) includes: Vec<Link>,
}

impl Page {
    pub(crate) fn parse(text: &str) -> Self {
        let mut page = Self { includes: includes(text), ..Self::default() };
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
        let (mut block, mut heading) = (None::<Block>, None::<String>);
        let mut seen = HashMap::new();
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let line = 1 + text.bytes().take(range.start).filter(|byte| *byte == b'\n').count();
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(info) => {
                            info.split([',', ' ']).next().unwrap_or_default().to_owned()
                        }
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some(Block { line, language, text: String::new() });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let id = id_of(&heading.take().unwrap_or_default());
                    let count = seen.entry(id.clone()).or_insert(0);
                    page.headings.push(if *count == 0 { id } else { format!("{id}-{count}") });
                    *count += 1;
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(Link { line, target: dest_url.into_string() });
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }
}

fn includes(text: &str) -> Vec<Link> {
    let lines = text.lines().zip(1..);
    let of_line = |(line, number): (&str, usize)| {
        let parts = line.split("{{#include").skip(1).map(move |rest| {
            let target = rest.split("}}").next().unwrap_or_default().trim().to_owned();
            Link { line: number, target }
        });
        parts.collect::<Vec<_>>()
    };
    lines.flat_map(of_line).collect()
}

/// The id that mdBook gives a heading.
fn id_of(heading: &str) -> String {
    let part = |letter: char| match letter {
        _ if letter.is_alphanumeric() || letter == '_' || letter == '-' => {
            Some(letter.to_ascii_lowercase())
        }
        _ if letter.is_whitespace() => Some('-'),
        _ => None,
    };
    heading.chars().filter_map(part).collect()
}
