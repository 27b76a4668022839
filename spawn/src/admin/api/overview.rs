//! What the page shows all the time.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::params::PAGE;
use super::{calls, dead_letters};
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::admin::view::{Active, Letter, Page, Scheduled, Subscription, time_of};
use crate::inspect::ActivePage;
use crate::store::{CallId, DeadLetterId};
use crate::system::System;

#[derive(Debug, Serialize)]
pub(super) struct Overview {
    system: String,
    version: &'static str,
    /// How often the data was opened: another one is another start.
    epoch: u64,
    now: String,
    started: String,
    accepts: bool,
    healthy: bool,
    /// The position of the last event.
    head: u64,
    /// How many actors are in memory.
    active: usize,
    actors: Page<Active, String>,
    subscriptions: Vec<Subscription>,
    schedules: Page<Scheduled, u64>,
    dead_letters: Page<Letter, u64>,
}

/// The first page of everything.
pub(super) async fn overview(State(handle): State<Handle>) -> Result<Json<Overview>, Failure> {
    let system = handle.system();
    let core = system.core()?;
    let env = &core.env;
    let (active, actors) = {
        let page = ActivePage::of(core, None, PAGE + 1);
        (page.total, page.into_actors().into_iter().map(Active::from).collect())
    };
    Ok(Json(Overview {
        system: env.name.clone(),
        version: env!("CARGO_PKG_VERSION"),
        epoch: env.opened.epoch.0,
        now: time_of(env.clock.now()),
        started: time_of(env.clock.began()),
        accepts: !env.is_stopping(),
        healthy: system.is_healthy(),
        head: env.channels.head().0,
        active,
        actors: Page::of(actors, PAGE, |last: &Active| last.id.clone()),
        subscriptions: with_lags(&system).await?,
        schedules: calls::page(&system, CallId::default(), PAGE).await?,
        dead_letters: dead_letters::page(&system, DeadLetterId::default(), PAGE).await?,
    }))
}

pub(super) async fn subscriptions(
    State(handle): State<Handle>,
) -> Result<Json<Vec<Subscription>>, Failure> {
    Ok(Json(with_lags(&handle.system()).await?))
}

async fn with_lags(system: &System) -> Result<Vec<Subscription>, Failure> {
    let core = system.core()?;
    let lags = system.lags().await?;
    let readers: Vec<_> =
        core.env.readers.lock().iter().map(|reader| reader.subscriber.clone()).collect();
    let is_known = |name: &str| {
        core.find_instances(name).is_some() || readers.iter().any(|reader| reader == name)
    };
    let with = |lag: crate::inspect::Lag| {
        let known = is_known(&lag.subscription.subscriber);
        Subscription::new(lag, known)
    };
    Ok(lags.into_iter().map(with).collect())
}
