//! What a system is told when it is put together.

use std::time::Duration;

use spawn::prelude::*;
use spawn::{BoxError, ChannelOptions, ErrorKind, Pattern, Subscriber};

use crate::actors::{Crew, Desk, Till, block_on};
use crate::bytes::Input;

/// An external subscriber of any name and any patterns.
struct Anybody {
    name: Option<String>,
    channels: Vec<String>,
    from_start: bool,
}

impl Subscriber for Anybody {
    fn channels(&self) -> Vec<String> {
        self.channels.clone()
    }

    fn name(&self) -> Option<String> {
        self.name.clone()
    }

    fn from_start(&self) -> bool {
        self.from_start
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        Ok(())
    }
}

/// The system's name, then rules of channels, external subscribers, and limits.
///
/// It starts if, and only if, all of it is well formed; everything that is not is in the one error.
pub fn configuration(data: &[u8]) {
    let mut input = Input::new(data);
    let name = input.text_or(&["fuzz"]);
    let is_name = is_name(&name);
    let mut builder = System::builder(name).in_memory().only::<(Till, Desk, Crew)>();
    let mut faults = Vec::new();
    for _ in 0..input.below(4) {
        let pattern = input.text_or(&["till.*", ">", "a..b"]);
        if Pattern::parse(pattern.clone()).is_err() {
            faults.push(pattern.clone());
        }
        let options = match input.below(3) {
            0 => ChannelOptions::transient(),
            1 => ChannelOptions::durable(),
            _ => ChannelOptions::durable().retention(duration(&mut input)),
        };
        builder = builder.channel(pattern, options);
    }
    let mut names = Vec::new();
    let mut wrong_names = 0;
    for _ in 0..input.below(3) {
        let name = (input.byte() & 1 == 1).then(|| input.text_or(&["hook"]));
        let channels: Vec<_> =
            (0..input.below(3)).map(|_| input.text_or(&["till.*", "a..b"])).collect();
        faults.extend(channels.iter().filter(|it| Pattern::parse((*it).clone()).is_err()).cloned());
        if let Some(name) = &name {
            if !self::is_name(name) || names.contains(name) {
                wrong_names += 1;
            }
            names.push(name.clone());
        }
        builder = builder.external_subscriber(Anybody {
            name,
            channels,
            from_start: input.byte() & 1 == 1,
        });
    }
    if input.byte() & 1 == 1 {
        builder = builder.retention(duration(&mut input)).max_lag(duration(&mut input));
    }
    block_on(async {
        match builder.start().await {
            Ok(system) => {
                assert!(is_name && faults.is_empty() && wrong_names == 0, "{faults:?}");
                system.broadcast(Broadcast::to("till.a", 1_i64)).await.expect("it is well formed");
                system.settled().await;
                system.shutdown().await.expect("it was not stopped before");
            }
            Err(error) if is_name => {
                assert_eq!(error.kind(), ErrorKind::Definition, "{error:?}");
                assert!(!faults.is_empty() || wrong_names > 0, "{error:?}");
                let said = error.to_string();
                let is_said = |it: &String| said.contains(&format!("`{it}`"));
                assert!(faults.iter().all(is_said), "{error:?} {faults:?}");
                assert!(wrong_names == 0 || said.contains("name"), "{error:?}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidName, "{error:?}"),
        }
    });
}

fn is_name(name: &str) -> bool {
    let belongs = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    (1..=128).contains(&name.len()) && name.chars().all(belongs)
}

/// From nothing to for ever.
fn duration(input: &mut Input<'_>) -> Duration {
    match input.below(4) {
        0 => Duration::ZERO,
        1 => Duration::MAX,
        _ => Duration::from_millis(input.number().unsigned_abs()),
    }
}
