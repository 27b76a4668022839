//! Names of channels, patterns, and which of them meet.

use spawn::prelude::*;
use spawn::{ChannelOptions, Pattern};

use crate::actors::{block_on, in_memory};

/// The lines of the text are names and patterns.
///
/// What is well formed, and what matches what, is what a plain reading of the rules says; and a system hands an event to
/// those who listen to a pattern that matches.
pub fn channels(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').take(12).collect();
    let mut names = Vec::new();
    let mut patterns = Vec::new();
    for line in lines {
        let channel = Channel::parse(line.to_owned());
        assert_eq!(channel.is_ok(), is_channel(line), "{line:?}");
        if let Ok(channel) = channel {
            assert_eq!(channel.as_str(), line);
            names.push(channel);
        }
        let pattern = Pattern::parse(line.to_owned());
        assert_eq!(pattern.is_ok(), is_pattern(line), "{line:?}");
        patterns.extend(pattern);
    }
    for (pattern, name) in patterns.iter().flat_map(|it| names.iter().map(move |name| (it, name))) {
        assert_eq!(
            pattern.matches(name),
            meets(pattern.as_str(), name.as_str()),
            "{pattern} {name}"
        );
    }
    if !names.is_empty() && !patterns.is_empty() {
        block_on(delivered(&names, &patterns));
    }
}

async fn delivered(names: &[Channel], patterns: &[Pattern]) {
    let builder = in_memory().channel(">", ChannelOptions::transient());
    let system = builder.start().await.expect("nothing is wrong with the actors");
    let streams = patterns.iter().map(|it| system.subscribe(it.as_str().to_owned()));
    let mut streams: Vec<_> = streams.map(|it| it.expect("the pattern is well formed")).collect();
    // One that is gone gets nothing, and takes nothing from the others.
    let gone = streams.pop().map(|stream| stream.pattern().clone());
    for (number, name) in (0_i64..).zip(names) {
        let event = Broadcast::to(name, number);
        system.broadcast(event).await.expect("the channel is well formed");
    }
    assert_eq!(streams.len() + usize::from(gone.is_some()), patterns.len());
    for mut stream in streams {
        for (number, name) in (0_i64..).zip(names) {
            if meets(stream.pattern().as_str(), name.as_str()) {
                let event = stream.try_next().expect("the pattern matches the channel");
                assert_eq!((event.channel(), event.decode::<i64>().ok()), (name, Some(number)));
            }
        }
        assert!(stream.try_next().is_none(), "{} matches none of them", stream.pattern());
    }
    system.shutdown().await.expect("it was not stopped before");
}

fn is_token(token: &str) -> bool {
    !token.is_empty()
        && token.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
}

fn is_channel(text: &str) -> bool {
    text.len() <= 255 && text.split('.').all(is_token)
}

fn is_pattern(text: &str) -> bool {
    let tokens: Vec<&str> = text.split('.').collect();
    let last = tokens.len() - 1;
    let is_one = |(place, token): (usize, &&str)| {
        is_token(token) || *token == "*" || *token == ">" && place == last
    };
    text.len() <= 255 && tokens.iter().enumerate().all(is_one)
}

/// Whether a channel is one of those that a pattern stands for; both are well formed.
fn meets(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<&str>, Vec<&str>) =
        (pattern.split('.').collect(), name.split('.').collect());
    let wanted = pattern.iter().position(|token| *token == ">").unwrap_or(pattern.len());
    let length_fits =
        if wanted < pattern.len() { name.len() > wanted } else { name.len() == pattern.len() };
    length_fits
        && pattern[..wanted].iter().zip(&name).all(|(token, name)| *token == "*" || token == name)
}
