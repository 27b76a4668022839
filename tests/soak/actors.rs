//! The shop.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::{ActionError, BoxError, Event, Subscriber};
use spawn_tests::Random;

/// What every panic says.
pub(crate) const PANIC: &str = "a panic of the load";

/// Decides what goes wrong, and counts it.
#[derive(Debug)]
pub(crate) struct Dice {
    state: AtomicU64,
    pub(crate) errors: AtomicU64,
    pub(crate) panics: AtomicU64,
    pub(crate) naps: AtomicU64,
    /// What the external subscriber has heard of each publisher: the numbers may come again, but not with a gap.
    pub(crate) heard: Mutex<HashMap<String, u64>>,
    pub(crate) gaps: AtomicU64,
}

impl Default for Dice {
    fn default() -> Self {
        Self {
            state: AtomicU64::new(Random::any_seed()),
            errors: AtomicU64::new(0),
            panics: AtomicU64::new(0),
            naps: AtomicU64::new(0),
            heard: Mutex::default(),
            gaps: AtomicU64::new(0),
        }
    }
}

impl Dice {
    pub(crate) fn below(&self, end: u64) -> u64 {
        Random(self.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)).below(end)
    }

    /// An error now and then, and a panic more seldom.
    fn may_fail(&self) -> Result<(), ActionError> {
        match self.below(200) {
            0..8 => {
                self.errors.fetch_add(1, Ordering::Relaxed);
                Err(ActionError::new("unlucky", "an error of the load"))
            }
            8..10 => {
                self.panics.fetch_add(1, Ordering::Relaxed);
                std::panic::panic_any(PANIC)
            }
            _ => Ok(()),
        }
    }

    /// A nap now and then.
    async fn may_nap(&self) {
        if self.below(100) == 0 {
            self.naps.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(1 + self.below(20))).await;
        }
    }
}

/// How often a visitor was activated.
#[derive(Debug, Default)]
pub(crate) struct Woken(AtomicU64);

impl Woken {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// So many things, and the sum of their tokens.
#[message(name = "soak.Tally")]
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
#[message(name = "soak.Said")]
pub(crate) struct Said {
    pub(crate) publisher: String,
    pub(crate) number: u64,
    pub(crate) token: u64,
    ballast: Vec<u8>,
}

/// Says something, and has it done twice.
#[message(name = "soak.Publisher")]
pub(crate) struct Publisher {
    said: Tally,
}

#[actor(name = "soak_publisher", kind = unnamed)]
impl Publisher {
    #[action]
    pub(crate) fn say(
        &mut self,
        ctx: &Context,
        dice: &Arc<Dice>,
        token: u64,
    ) -> Result<Value<u64>, ActionError> {
        self.said.add(token);
        // After the change, so that there is something to undo.
        dice.may_fail()?;
        let publisher = ctx.id().instance().unwrap_or_default().to_owned();
        let said = Said { publisher, number: self.said.count, token, ballast: vec![7; 300] };
        let later = Duration::from_millis(50);
        Ok(Value::from(said.number)
            .broadcast(Broadcast::to("soak.said", said.clone()))
            .effect(SideEffect::to("soak_errand", "run", said.clone()))
            .effect(SideEffect::to("soak_errand", "run_later", said).delay(later)))
    }

    #[action]
    pub(crate) fn said(&self) -> Tally {
        self.said.clone()
    }
}

/// What a subscriber has heard, by publisher.
#[message(name = "soak.Mirror")]
pub(crate) struct Mirror {
    pub(crate) heard: HashMap<String, Tally>,
    pub(crate) out_of_order: u64,
}

impl Mirror {
    fn note(&mut self, said: Said) {
        let tally = self.heard.entry(said.publisher).or_default();
        tally.add(said.token);
        self.out_of_order += u64::from(tally.count != said.number);
    }
}

#[actor(name = "soak_mirror", channels = [("soak.*", note_said)])]
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

/// Takes its time.
#[message(name = "soak.SlowMirror")]
pub(crate) struct SlowMirror {
    mirror: Mirror,
}

#[actor(name = "soak_slow_mirror", channels = [("soak.said", note_said)])]
impl SlowMirror {
    #[action]
    async fn note_said(&mut self, dice: &Arc<Dice>, said: Said) {
        dice.may_nap().await;
        self.mirror.note(said);
    }

    #[action]
    pub(crate) fn state(&self) -> Mirror {
        self.mirror.clone()
    }
}

/// One for each publisher; fails and panics.
#[message(name = "soak.Fragile")]
pub(crate) struct Fragile {
    mirror: Mirror,
}

#[actor(
    name = "soak_fragile",
    kind = unnamed,
    channels = [("soak.said", note_said)],
    retry = { attempts = 100, backoff = "1ms", max_backoff = "10ms" },
)]
impl Fragile {
    #[action(route = publisher)]
    fn note_said(&mut self, dice: &Arc<Dice>, said: Said) -> Result<(), ActionError> {
        self.mirror.note(said);
        dice.may_fail()
    }

    #[action]
    pub(crate) fn state(&self) -> Mirror {
        self.mirror.clone()
    }
}

/// What is done because of what was said.
#[message(name = "soak.Errand")]
pub(crate) struct Errand {
    pub(crate) at_once: HashMap<String, Tally>,
    pub(crate) later: HashMap<String, Tally>,
}

#[actor(name = "soak_errand")]
impl Errand {
    #[action]
    fn run(&mut self, said: Said) {
        self.at_once.entry(said.publisher).or_default().add(said.token);
    }

    #[action]
    fn run_later(&mut self, said: Said) {
        self.later.entry(said.publisher).or_default().add(said.token);
    }

    #[action]
    pub(crate) fn state(&self) -> Errand {
        self.clone()
    }
}

/// Comes seldom, and is passive in between.
#[message(name = "soak.Visitor")]
pub(crate) struct Visitor {
    visits: u64,
    ballast: Vec<u8>,
}

#[actor(name = "soak_visitor", kind = unnamed, deactivate_timeout = "1s", revisions = 2)]
impl Visitor {
    #[init]
    fn wake(&mut self, woken: &Arc<Woken>) {
        woken.0.fetch_add(1, Ordering::Relaxed);
    }

    #[action]
    pub(crate) fn visit(&mut self) -> u64 {
        self.visits += 1;
        self.ballast = vec![7; 1_000];
        self.visits
    }

    #[action]
    pub(crate) fn visits(&self) -> u64 {
        self.visits
    }
}

#[message(name = "soak.Beat")]
pub(crate) struct Beat {
    number: u64,
}

/// Called by the clock.
#[message(name = "soak.Heart")]
pub(crate) struct Heart {
    beats: u64,
}

#[actor(name = "soak_heart")]
impl Heart {
    #[action(timer = "10ms")]
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
#[message(name = "soak.Stethoscope")]
pub(crate) struct Stethoscope {
    pub(crate) last: u64,
    pub(crate) out_of_order: u64,
}

#[actor(name = "soak_stethoscope", channels = [("beats", hear)])]
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

/// An external subscriber with a place that lasts: slow, and it fails and panics.
pub(crate) struct Listener(Arc<Dice>);

impl Listener {
    pub(crate) fn new(dice: &Arc<Dice>) -> Self {
        Self(Arc::clone(dice))
    }
}

impl Subscriber for Listener {
    fn channels(&self) -> Vec<String> {
        vec!["soak.said".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("listener".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.0.may_nap().await;
        if self.0.below(50) == 0 {
            self.0.may_fail()?;
        }
        let said: Said = event.decode()?;
        let mut heard = self.0.heard.lock();
        let last = heard.entry(said.publisher).or_default();
        if said.number > *last + 1 {
            self.0.gaps.fetch_add(1, Ordering::Relaxed);
        }
        *last = said.number.max(*last);
        Ok(())
    }
}
