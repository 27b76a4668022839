//! The actors of a history: who says something, and all kinds of those who hear it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::Fate;
use crate::error::{ActionError, BoxError};
use crate::event::{Event, Position};
use crate::prelude::*;
use crate::store::{Memory, NewEvent, Store};
use crate::subscriber::Subscriber;

/// What those without a state have heard, and what must not have been seen.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) fate: Fate,
    pub(super) data: Memory,
    /// By who heard it, in the order of hearing.
    pub(super) notes: Mutex<HashMap<&'static str, Vec<Said>>>,
    pub(super) faults: Mutex<Vec<String>>,
    /// Everything that was said and saved, in the order of the log.
    pub(super) said: Mutex<Vec<Said>>,
    /// Where the last of it is in the log.
    pub(super) end: Mutex<Position>,
}

impl Witness {
    /// Fails by chance; a poisoned token always, and for good.
    fn hear(&self, who: &str, said: &Said, poison: u64) -> Result<(), ActionError> {
        if said.number.is_multiple_of(poison) {
            return Err(ActionError::new("poison", "never").fatal());
        }
        if self.fate.goes_wrong(8) {
            return Err(ActionError::new("not_now", format!("{who} is told to fail")));
        }
        Ok(())
    }

    /// An event is seen only when it is saved.
    fn see(&self, event: Option<&Event>) {
        let Some(event) = event else { return };
        if self.data.recover().is_ok_and(|opened| event.position() > opened.head) {
            self.faults.lock().push(format!("{event:?} was seen before it was saved"));
        }
    }

    /// What was saved, the first of it at this position.
    pub(super) fn append(&self, first: Position, events: &[NewEvent]) {
        for (position, event) in (first.0..).zip(events) {
            let Ok(said) = prost::Message::decode(event.payload.bytes.clone()) else { continue };
            match event.channel.as_str() {
                "said.all" => {
                    self.said.lock().push(said);
                    *self.end.lock() = Position(position);
                }
                "echo.all" => self.note("echo", said),
                _ => {}
            }
        }
    }

    fn note(&self, who: &'static str, said: Said) {
        self.notes.lock().entry(who).or_default().push(said);
    }
}

/// Never heard.
pub(super) const POISON: u64 = 4;

/// The number of nothing that is said.
const HARMLESS: u64 = u64::MAX;

/// The `number`th thing that a publisher said.
#[message(name = "simulation.Said")]
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) publisher: String,
    pub(super) number: u64,
}

#[message(name = "simulation.Publisher")]
pub(super) struct Publisher {
    pub(super) said: u64,
}

#[actor(name = "publisher", kind = unnamed, deactivate_timeout = "6s")]
impl Publisher {
    #[action]
    pub(super) fn say(
        &mut self,
        ctx: &Context,
        witness: &Arc<Witness>,
        effects: bool,
    ) -> Value<u64> {
        self.said += 1;
        let publisher = ctx.id().instance().unwrap_or_default().to_owned();
        let said = Said { publisher, number: self.said };
        let value = Value::from(self.said).broadcast(Broadcast::to("said.all", said.clone()));
        if !effects {
            return value;
        }
        let delay = Duration::from_millis(witness.fate.below(200));
        value
            .effect(SideEffect::to("sink", "take", said.clone()))
            .effect(SideEffect::to("sink", "take_later", said).delay(delay))
    }
}

/// Everything that a subscriber has heard, in the order in which it reflects it.
#[message(name = "simulation.Heard")]
pub(super) struct Heard {
    pub(super) all: Vec<Said>,
}

macro_rules! shows_what_it_heard {
    ($ty:ty) => {
        impl $ty {
            pub(super) fn heard_of(bytes: bytes::Bytes) -> Vec<Said> {
                <Self as prost::Message>::decode(bytes).map(|it| it.heard.all).unwrap_or_default()
            }
        }
    };
}

#[message(name = "simulation.Mirror")]
pub(super) struct Mirror {
    heard: Heard,
}
shows_what_it_heard!(Mirror);

#[actor(name = "mirror", channels = [("said.*", hear)], retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Mirror {
    #[action]
    fn hear(
        &mut self,
        ctx: &Context,
        witness: &Arc<Witness>,
        said: Said,
    ) -> Result<(), ActionError> {
        witness.see(ctx.event());
        // Even if it fails; that is undone.
        self.heard.all.push(said.clone());
        witness.hear("the mirror", &said, POISON)
    }

    #[action]
    pub(super) fn poke(&mut self) {}
}

#[message(name = "simulation.SlowMirror")]
pub(super) struct SlowMirror {
    heard: Heard,
}
shows_what_it_heard!(SlowMirror);

#[actor(name = "slow_mirror", channels = [("said.all", hear)], deactivate_timeout = "6s", retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl SlowMirror {
    #[action]
    async fn hear(
        &mut self,
        ctx: &Context,
        witness: &Arc<Witness>,
        said: Said,
    ) -> Result<(), ActionError> {
        witness.see(ctx.event());
        witness.fate.pause().await;
        witness.hear("the slow mirror", &said, HARMLESS)?;
        self.heard.all.push(said);
        Ok(())
    }
}

/// Hears everything twice, by two entries.
#[message(name = "simulation.Twice")]
pub(super) struct Twice {
    heard: Heard,
}
shows_what_it_heard!(Twice);

#[actor(name = "twice", channels = [("said.all", hear), ("said.>", hear_again)], retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Twice {
    #[action]
    fn hear(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.hear("the first of two", &said, HARMLESS)?;
        self.heard.all.push(said);
        Ok(())
    }

    #[action]
    async fn hear_again(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.fate.pause().await;
        witness.hear("the second of two", &said, HARMLESS)?;
        self.heard.all.push(Said { number: said.number + 1_000, ..said });
        Ok(())
    }
}

/// One for each publisher.
#[message(name = "simulation.Follower")]
pub(super) struct Follower {
    heard: Heard,
}
shows_what_it_heard!(Follower);

#[actor(name = "follower", kind = unnamed, channels = [("said.all", hear)], deactivate_timeout = "6s", retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Follower {
    #[action(route = publisher)]
    async fn hear(
        &mut self,
        ctx: &Context,
        witness: &Arc<Witness>,
        said: Said,
    ) -> Result<(), ActionError> {
        witness.see(ctx.event());
        witness.fate.pause().await;
        witness.hear("the follower", &said, POISON)?;
        self.heard.all.push(said);
        Ok(())
    }

    #[action]
    pub(super) fn poke(&mut self) {}
}

/// Some of which are always passive.
#[message(name = "simulation.Watcher")]
pub(super) struct Watcher {
    heard: Heard,
    begun: bool,
}
shows_what_it_heard!(Watcher);

#[actor(name = "watcher", kind = unnamed, channels = [("said.all", hear, wake = eager)], deactivate_timeout = "6s", retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Watcher {
    #[action]
    fn hear(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.hear("the watcher", &said, HARMLESS)?;
        self.heard.all.push(said);
        Ok(())
    }

    #[action]
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }
}

/// Saved every so often.
#[message(name = "simulation.Deferred")]
pub(super) struct Deferred {
    heard: Heard,
}
shows_what_it_heard!(Deferred);

#[actor(name = "deferred", channels = [("said.all", hear)], snapshot_timeout = "300ms", deactivate_timeout = "6s", retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Deferred {
    #[action]
    fn hear(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.hear("the deferred one", &said, HARMLESS)?;
        self.heard.all.push(said);
        Ok(())
    }
}

/// Does what it is told by effects.
#[message(name = "simulation.Sink")]
pub(super) struct Sink {
    heard: Heard,
}
shows_what_it_heard!(Sink);

#[actor(name = "sink")]
impl Sink {
    #[action]
    fn take(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.hear("the sink", &said, HARMLESS)?;
        self.heard.all.push(said);
        Ok(())
    }

    #[action]
    async fn take_later(&mut self, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.fate.pause().await;
        witness.hear("the sink", &said, HARMLESS)?;
        self.heard.all.push(Said { number: said.number + 1_000, ..said });
        Ok(())
    }
}

/// Has no state that lasts.
#[derive(Default)]
pub(super) struct Ear;

#[actor(name = "ear", stateful = false, channels = [("said.all", hear)], retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Ear {
    #[action]
    fn hear(&self, ctx: &Context, witness: &Arc<Witness>, said: Said) -> Result<(), ActionError> {
        witness.see(ctx.event());
        witness.hear("the ear", &said, HARMLESS)?;
        witness.note("ear", said);
        Ok(())
    }
}

/// Whether the echo says it again.
pub(super) fn is_loud(said: &Said) -> bool {
    said.number % 2 == 1
}

/// Has no state that lasts, and says again what is loud: that is saved, and what comes next is not.
#[derive(Default)]
pub(super) struct Echo;

#[actor(name = "echo", stateful = false, channels = [("said.all", hear)], retry = { attempts = 50, backoff = "5ms", max_backoff = "20ms" })]
impl Echo {
    #[action]
    fn hear(&self, witness: &Arc<Witness>, said: Said) -> Result<Value<()>, ActionError> {
        witness.hear("the echo", &said, POISON)?;
        if is_loud(&said) {
            return Ok(Value::of().broadcast(Broadcast::to("echo.all", said)));
        }
        witness.note("quiet echo", said);
        Ok(Value::of())
    }
}

/// Outside of the actors.
pub(super) struct Outside(pub(super) Arc<Witness>);

impl Subscriber for Outside {
    fn channels(&self) -> Vec<String> {
        vec!["said.all".to_owned(), "said.>".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("outside".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.0.see(Some(&event));
        self.0.fate.pause().await;
        let said = event.decode()?;
        self.0.note("outside", said);
        if self.0.fate.goes_wrong(8) {
            return Err("it is told to fail".into());
        }
        Ok(())
    }
}
