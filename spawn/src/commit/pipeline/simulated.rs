//! As [`Shared::run`](super::Shared::run), but every step takes a time that the seed of the simulation decides.

use super::{Arc, Batches, Boxed, Decided, Group, Shared, Step, Way};
use crate::simulation::Fate;

pub(super) async fn run(shared: Arc<Shared>, mut group: Group<Boxed>, fate: Fate) {
    let mut batches = Batches { decided: Decided::new(), exit: &shared.exit };
    loop {
        group.submit_all(&mut shared.queue.lock().entries);
        let step = group.step(|waiter, outcome| batches.decide(waiter, outcome));
        batches.let_out();
        match step {
            Step::Wait => {
                if shared.queue.lock().entries.is_empty() {
                    fate.news().notified().await;
                }
            }
            Step::Write { .. } => {
                fate.pause().await;
                let Step::Write { number, batch } = group.step(|_, _| {}) else { continue };
                let outcome = batches.write(batch, |commits| shared.store.commit(number, commits));
                fate.pause().await;
                group.written(outcome, |waiter, outcome| batches.decide(waiter, outcome));
            }
            Step::Recover => {
                fate.pause().await;
                if let Ok(opened) = shared.store.recover() {
                    group.recovered(opened.batch, |waiter, outcome| {
                        batches.decide(waiter, outcome);
                    });
                }
            }
        }
    }
}
