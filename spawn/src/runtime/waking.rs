//! `wake = eager`: passive instances are activated for an event, a few at a time, instead of catching up when they are called.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::instances::Instances;
use crate::actor::{Actor, ActorId};
use crate::call::Call;
use crate::error::Result;
use crate::restore;

/// How many instances are activated at once.
const WAVE: usize = 64;

/// How long to wait before something is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether there was an event since the instances were looked through last.
#[derive(Debug, Default)]
pub(super) struct Waking {
    wanted: AtomicBool,
    works: AtomicBool,
    closed: AtomicBool,
    news: Notify,
}

impl Waking {
    pub(super) fn want(&self) {
        let is_wanted_already = self.wanted.swap(true, Ordering::AcqRel);
        if !is_wanted_already {
            self.news.notify_one();
        }
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.news.notify_one();
    }

    pub(super) fn is_busy(&self) -> bool {
        self.wanted.load(Ordering::Acquire) || self.works.load(Ordering::Acquire)
    }
}

/// Wakes instances until it is closed.
pub(super) async fn run<A: Actor>(instances: Weak<Instances<A>>, waking: Arc<Waking>) {
    while !waking.closed.load(Ordering::Acquire) {
        waking.works.store(true, Ordering::Release);
        if !waking.wanted.swap(false, Ordering::AcqRel) {
            waking.works.store(false, Ordering::Release);
            waking.news.notified().await;
            continue;
        }
        let Some(instances) = instances.upgrade() else { return };
        if let Err(error) = wake_all(&instances).await {
            tracing::warn!(actor = A::TABLE.name, ?error, "its passive instances have to wait");
            waking.want();
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn wake_all<A: Actor>(instances: &Arc<Instances<A>>) -> Result<()> {
    let mut after: Option<ActorId> = None;
    loop {
        let last = after.as_ref().and_then(ActorId::instance).map(str::to_owned);
        let read = move |store: &dyn crate::store::Store| {
            store.instances(A::TABLE.name, last.as_deref(), WAVE)
        };
        let ids = instances.env.read(read).await?;
        let mut wave = JoinSet::new();
        for id in &ids {
            let cell = instances.unnamed(id.instance().unwrap_or_default())?;
            if !cell.is_active() {
                wave.spawn(Call::new(Ok(cell), restore::handler::<A>(), None, None));
            }
        }
        while let Some(woken) = wave.join_next().await {
            if let Ok(Err(error)) = woken {
                tracing::warn!(?error, "an instance could not be woken");
            }
        }
        match ids.last() {
            Some(id) if ids.len() == WAVE => after = Some(id.clone()),
            _ => return Ok(()),
        }
    }
}
