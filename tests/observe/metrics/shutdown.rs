//! What the end of a system knows of those who do not end, where somebody records.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use spawn::prelude::*;
use tokio::sync::Notify;

use crate::scrape::record;

/// Tells that the action has begun, and lets it end.
struct Gate(Notify, Mutex<Receiver<()>>);

#[derive(Default)]
struct Mill;

#[actor(name = "mill", stateful = false)]
impl Mill {
    #[action]
    fn look(&self) {}

    #[action]
    fn grind(&self, gate: &Arc<Gate>) {
        gate.0.notify_one();
        gate.1.lock().unwrap().recv().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_synchronous_action_that_does_not_return_is_named() {
    record();
    let (open, opened) = channel();
    let gate = Arc::new(Gate(Notify::new(), Mutex::new(opened)));
    let builder = System::builder("mills").in_memory().only::<(Mill,)>();
    let system = builder.resource(Arc::clone(&gate)).start().await.unwrap();
    system.actor::<Mill>().look().await.unwrap();
    let mill = system.actor::<Mill>();
    let grinding = tokio::spawn(async move { mill.grind().await });
    gate.0.notified().await;
    let report = system.shutdown_within(Duration::from_millis(100)).await.unwrap();
    open.send(()).unwrap();
    let [mill] = report.unfinished() else { panic!("{report}") };
    assert_eq!((mill.name(), mill.action()), ("mill", Some("grind")));
    assert_eq!(mill.running_for(), None, "nobody looked at the clock for it");
    drop(grinding.await);
}
