//! What a channel name, a pattern, an actor name and an action name look like.
//!
//! One file for both crates: `spawn-macros` checks literals when a program is compiled, `spawn` checks everything else when it
//! runs, and both say the same words. `spawn/src/grammar.rs` is a symbolic link to this file, which therefore depends on `core`
//! alone. Checks are `const`, so that a `const CHANNEL: Channel` is checked by the compiler.

use core::fmt;

/// The longest channel name or pattern, in bytes.
pub(crate) const MAX_CHANNEL: usize = 255;
/// The longest actor name, in bytes.
pub(crate) const MAX_ACTOR_NAME: usize = 128;

/// What is wrong with a name. `Display` completes the sentence "`<name>` ..".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing was written.
    Empty,
    /// More bytes than the limit.
    TooLong {
        /// The most bytes that are allowed.
        limit: usize,
    },
    /// Two dots in a row, or a dot at an end.
    EmptyToken,
    /// A byte at which a character starts that does not belong there.
    Character {
        /// The character; its replacement if the name is not that far checked.
        found: char,
        /// The characters that are allowed, in words.
        allowed: &'static str,
    },
    /// `*` beside other characters in one token.
    StarInToken,
    /// `>` beside other characters, or before the end.
    RestNotLast,
    /// A wildcard where one channel is meant.
    Wildcard {
        /// `*` or `>`.
        found: char,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { limit } => write!(f, "is longer than {limit} bytes"),
            Self::EmptyToken => f.write_str("has an empty token"),
            Self::Character { found, allowed } => {
                write!(f, "contains {found:?}, only {allowed} are allowed")
            }
            Self::StarInToken => f.write_str("has a `*` that is not a token of its own"),
            Self::RestNotLast => f.write_str("has a `>` that is not the last token"),
            Self::Wildcard { found } => {
                write!(f, "contains the wildcard `{found}`, but an event goes to one channel")
            }
        }
    }
}

/// Checks the name of one channel: dot-separated tokens of `A-Z a-z 0-9 _ -`.
pub(crate) const fn check_channel(name: &str) -> Result<(), Fault> {
    check_tokens(name, false)
}

/// Checks a pattern: a channel name in which `*` may stand for one token and `>` for the rest.
pub(crate) const fn check_pattern(pattern: &str) -> Result<(), Fault> {
    check_tokens(pattern, true)
}

const fn check_tokens(name: &str, wildcards: bool) -> Result<(), Fault> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.len() > MAX_CHANNEL {
        return Err(Fault::TooLong { limit: MAX_CHANNEL });
    }
    let mut start = 0;
    let mut at = 0;
    while at <= bytes.len() {
        if at < bytes.len() && TOKEN_BYTES[bytes[at] as usize] {
            // Nearly all of them: a channel that is not a constant is checked with each event.
        } else if at == bytes.len() || bytes[at] == b'.' {
            if at == start {
                return Err(Fault::EmptyToken);
            }
            start = at + 1;
        } else if bytes[at] == b'*' || bytes[at] == b'>' {
            let alone = at == start && (at + 1 == bytes.len() || bytes[at + 1] == b'.');
            if !wildcards {
                return Err(Fault::Wildcard { found: bytes[at] as char });
            } else if bytes[at] == b'*' && !alone {
                return Err(Fault::StarInToken);
            } else if bytes[at] == b'>' && !(alone && at + 1 == bytes.len()) {
                return Err(Fault::RestNotLast);
            }
        } else {
            return Err(Fault::Character {
                found: char_at(bytes, at),
                allowed: "A-Z a-z 0-9 _ - .",
            });
        }
        at += 1;
    }
    Ok(())
}

/// Checks an actor's name: 1 to 128 of `A-Z a-z 0-9 _ - .`.
pub(crate) const fn check_actor_name(name: &str) -> Result<(), Fault> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.len() > MAX_ACTOR_NAME {
        return Err(Fault::TooLong { limit: MAX_ACTOR_NAME });
    }
    let mut at = 0;
    while at < bytes.len() {
        if !is_token_byte(bytes[at]) && bytes[at] != b'.' {
            return Err(Fault::Character {
                found: char_at(bytes, at),
                allowed: "A-Z a-z 0-9 _ - .",
            });
        }
        at += 1;
    }
    Ok(())
}

/// Whether a byte is one of a token.
const TOKEN_BYTES: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        all[byte as usize] = is_token_byte(byte);
        byte -= 1;
    }
    all
};

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Decodes the character that starts at `at`; names come from `&str`, so the bytes are UTF-8.
const fn char_at(bytes: &[u8], at: usize) -> char {
    let (lead, length) = match bytes[at] {
        byte @ 0..=0x7f => return byte as char,
        byte @ 0xc0..=0xdf => (byte & 0x1f, 2),
        byte @ 0xe0..=0xef => (byte & 0x0f, 3),
        byte => (byte & 0x07, 4),
    };
    let mut code = lead as u32;
    let mut next = at + 1;
    while next < at + length && next < bytes.len() {
        code = (code << 6) | (bytes[next] & 0x3f) as u32;
        next += 1;
    }
    match char::from_u32(code) {
        Some(found) => found,
        None => char::REPLACEMENT_CHARACTER,
    }
}

/// Whether two spellings name the same action: `create_order`, `createOrder` and `CreateOrder` do.
pub(crate) fn same_action(left: &str, right: &str) -> bool {
    snake_case(left).eq(snake_case(right))
}

/// The characters of `name` in snake case; `HTTPServer` is `http_server`, `step2Done` is `step2_done`.
pub(crate) fn snake_case(name: &str) -> impl Iterator<Item = char> + '_ {
    let mut previous: Option<char> = None;
    let mut characters = name.chars().peekable();
    core::iter::from_fn(move || {
        let current = characters.next()?;
        let before = previous.replace(current);
        let starts_word = current.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase()
                        && characters.peek().is_some_and(|next| next.is_lowercase()))
            });
        Some((starts_word, current))
    })
    .flat_map(|(starts_word, current)| {
        starts_word.then_some('_').into_iter().chain(current.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_tokens_between_dots() {
        for name in ["order", "order.events", "a.b.c", "A-1_x.9", "-", "_"] {
            assert_eq!(check_channel(name), Ok(()), "{name}");
            assert_eq!(check_pattern(name), Ok(()), "{name}");
        }
        let long = "a".repeat(MAX_CHANNEL + 1);
        for (name, fault) in [
            ("", Fault::Empty),
            (".", Fault::EmptyToken),
            ("a..b", Fault::EmptyToken),
            (".a", Fault::EmptyToken),
            ("a.", Fault::EmptyToken),
            ("a b", Fault::Character { found: ' ', allowed: "A-Z a-z 0-9 _ - ." }),
            ("ö.b", Fault::Character { found: 'ö', allowed: "A-Z a-z 0-9 _ - ." }),
            ("a.日", Fault::Character { found: '日', allowed: "A-Z a-z 0-9 _ - ." }),
            ("a.🦀", Fault::Character { found: '🦀', allowed: "A-Z a-z 0-9 _ - ." }),
            (long.as_str(), Fault::TooLong { limit: MAX_CHANNEL }),
        ] {
            assert_eq!(check_channel(name), Err(fault), "{name}");
            assert_eq!(check_pattern(name), Err(fault), "{name}");
        }
    }

    #[test]
    fn wildcards_are_tokens_of_patterns_only() {
        for pattern in ["*", ">", "a.*.c", "a.>", "*.*", "*.>"] {
            assert_eq!(check_pattern(pattern), Ok(()), "{pattern}");
            assert!(matches!(check_channel(pattern), Err(Fault::Wildcard { .. })), "{pattern}");
        }
        for (pattern, fault) in [
            ("a.b*", Fault::StarInToken),
            ("a.*b", Fault::StarInToken),
            ("**", Fault::StarInToken),
            ("a.>.b", Fault::RestNotLast),
            (">.a", Fault::RestNotLast),
            ("a>", Fault::RestNotLast),
            (">>", Fault::RestNotLast),
        ] {
            assert_eq!(check_pattern(pattern), Err(fault), "{pattern}");
        }
    }

    #[test]
    fn actor_names_have_limits() {
        assert_eq!(check_actor_name("order_processor-2.eu"), Ok(()));
        assert_eq!(check_actor_name(""), Err(Fault::Empty));
        assert!(matches!(check_actor_name("a/b"), Err(Fault::Character { found: '/', .. })));
        assert_eq!(check_actor_name(&"x".repeat(129)), Err(Fault::TooLong { limit: 128 }));
    }

    #[test]
    fn three_spellings_are_one_action() {
        for spelling in ["create_order", "createOrder", "CreateOrder"] {
            assert!(same_action("create_order", spelling), "{spelling}");
            assert_eq!(snake_case(spelling).collect::<String>(), "create_order");
        }
        assert!(!same_action("create_order", "createorder"));
        assert_eq!(snake_case("HTTPServer").collect::<String>(), "http_server");
        assert_eq!(snake_case("step2Done").collect::<String>(), "step2_done");
        assert_eq!(snake_case("get").collect::<String>(), "get");
    }
}
