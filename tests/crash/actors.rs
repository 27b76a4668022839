//! The shop.

use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;

/// So many things, and the sum of their tokens.
#[message(name = "crash.Tally")]
#[derive(PartialEq)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) sum: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, token: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(token);
    }
}

/// The `number`th thing that a publisher said.
#[message(name = "crash.Said")]
pub(crate) struct Said {
    pub(crate) publisher: String,
    pub(crate) number: u64,
    pub(crate) token: u64,
}

#[message(name = "crash.Say")]
pub(crate) struct Say {
    pub(crate) token: u64,
}

/// Says something, and has it done twice: at once, and a little later.
#[message(name = "crash.Publisher")]
pub(crate) struct Publisher {
    pub(crate) said: Tally,
}

#[actor(name = "crash_publisher", kind = unnamed)]
impl Publisher {
    #[action]
    pub(crate) fn say(&mut self, ctx: &Context, say: Say) -> Value<u64> {
        self.said.add(say.token);
        let publisher = ctx.id().instance().unwrap_or_default().to_owned();
        let said = Said { publisher, number: self.said.count, token: say.token };
        let later = SideEffect::to("crash_sink", "later", said.clone());
        Value::from(said.number)
            .broadcast(Broadcast::to("crash.said", said.clone()))
            .effect(SideEffect::to("crash_sink", "at_once", said))
            .effect(later.delay(Duration::from_millis(20)))
    }

    #[action]
    pub(crate) fn said(&self) -> Tally {
        self.said.clone()
    }
}

/// What a subscriber has heard of one publisher.
#[message(name = "crash.Heard")]
pub(crate) struct Heard {
    pub(crate) tally: Tally,
    pub(crate) last: u64,
}

/// Hears everything, and keeps it.
#[message(name = "crash.Mirror")]
pub(crate) struct Mirror {
    pub(crate) heard: HashMap<String, Heard>,
    pub(crate) out_of_order: u64,
}

impl Mirror {
    fn note(&mut self, said: Said) {
        let heard = self.heard.entry(said.publisher).or_default();
        if said.number != heard.last + 1 {
            self.out_of_order += 1;
        }
        heard.last = said.number;
        heard.tally.add(said.token);
    }
}

#[actor(name = "crash_mirror", channels = [("crash.*", note_said)])]
impl Mirror {
    #[action]
    fn note_said(&mut self, said: Said) {
        self.note(said);
    }

    #[action]
    pub(crate) fn state(&self) -> Mirror {
        self.clone()
    }
}

/// Hears everything in an `async` action, with another pattern.
#[message(name = "crash.SlowMirror")]
pub(crate) struct SlowMirror {
    pub(crate) mirror: Mirror,
}

#[actor(name = "crash_slow_mirror", channels = [("crash.said", note_said)])]
impl SlowMirror {
    #[action]
    async fn note_said(&mut self, said: Said) {
        tokio::task::yield_now().await;
        self.mirror.note(said);
    }

    #[action]
    pub(crate) fn state(&self) -> Mirror {
        self.mirror.clone()
    }
}

/// Hears one publisher, and now and then only at the second time.
#[message(name = "crash.Follower")]
pub(crate) struct Follower {
    pub(crate) mirror: Mirror,
}

#[actor(
    name = "crash_follower",
    kind = unnamed,
    channels = [("crash.said", note_said)],
    retry = { backoff = "5ms", max_backoff = "5ms" },
)]
impl Follower {
    #[action(route = publisher)]
    async fn note_said(&mut self, ctx: &Context, said: Said) -> Result<(), std::io::Error> {
        tokio::task::yield_now().await;
        let is_first_time = ctx.event().is_some_and(|event| event.attempt() == 1);
        if is_first_time && said.token.is_multiple_of(7) {
            return Err(std::io::Error::other("not at the first time"));
        }
        self.mirror.note(said);
        Ok(())
    }

    #[action]
    pub(crate) fn state(&self) -> Mirror {
        self.mirror.clone()
    }
}

/// The number of a beat.
#[message(name = "crash.Beat")]
pub(crate) struct Beat {
    pub(crate) number: u64,
}

/// Called by the clock.
#[message(name = "crash.Heart")]
pub(crate) struct Heart {
    pub(crate) beats: u64,
}

#[actor(name = "crash_heart")]
impl Heart {
    #[action(timer = "5ms")]
    fn beat(&mut self) -> Value<()> {
        self.beats += 1;
        Value::of().broadcast(Broadcast::to("beats", Beat { number: self.beats }))
    }

    #[action]
    pub(crate) fn beats(&self) -> u64 {
        self.beats
    }
}

/// Hears the beats.
#[message(name = "crash.Stethoscope")]
pub(crate) struct Stethoscope {
    pub(crate) last: u64,
    pub(crate) out_of_order: u64,
}

#[actor(name = "crash_stethoscope", channels = [("beats", hear)])]
impl Stethoscope {
    #[action]
    fn hear(&mut self, beat: Beat) {
        self.out_of_order += u64::from(beat.number != self.last + 1);
        self.last = beat.number;
    }

    #[action]
    pub(crate) fn state(&self) -> Stethoscope {
        self.clone()
    }
}

/// Where the stateless subscriber writes what it hears.
pub(crate) struct Notes(pub(crate) Mutex<std::fs::File>);

/// Hears everything, and writes it down somewhere else.
#[derive(Default)]
pub(crate) struct Ear;

#[actor(name = "crash_ear", stateful = false, channels = [("crash.said", write_down)])]
impl Ear {
    #[action]
    fn write_down(&self, notes: &Notes, said: Said) -> Result<(), std::io::Error> {
        notes.0.lock().write_all(format!("{} {}\n", said.publisher, said.number).as_bytes())
    }
}

/// What is done because of what was said.
#[message(name = "crash.Sink")]
pub(crate) struct Sink {
    pub(crate) at_once: HashMap<String, Tally>,
    pub(crate) later: HashMap<String, Tally>,
}

#[actor(name = "crash_sink")]
impl Sink {
    #[action]
    fn at_once(&mut self, said: Said) {
        self.at_once.entry(said.publisher).or_default().add(said.token);
    }

    #[action]
    fn later(&mut self, said: Said) {
        self.later.entry(said.publisher).or_default().add(said.token);
    }

    #[action]
    pub(crate) fn state(&self) -> Sink {
        self.clone()
    }
}
