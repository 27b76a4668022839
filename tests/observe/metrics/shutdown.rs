//! What the end of a system knows of those who do not end, where somebody records.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use spawn::prelude::*;

use crate::scrape::record;

/// Lets the action go on.
struct Gate(std::sync::Mutex<Receiver<()>>);

#[derive(Default)]
struct Mill;

#[actor(name = "mill", stateful = false)]
impl Mill {
    #[action]
    fn look(&self) {}

    #[action]
    fn grind(&self, gate: &Gate) {
        gate.0.lock().unwrap().recv().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_synchronous_action_that_does_not_return_is_named() {
    record();
    let (open, gate) = channel();
    let builder = System::builder("mills").in_memory().only::<(Mill,)>();
    let system = builder.resource(Gate(std::sync::Mutex::new(gate))).start().await.unwrap();
    system.actor::<Mill>().look().await.unwrap();
    let mill = system.actor::<Mill>();
    let grinding = tokio::spawn(async move { mill.grind().await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let report = system.shutdown_within(Duration::from_millis(100)).await.unwrap();
    open.send(()).unwrap();
    let [mill] = report.unfinished() else { panic!("{report}") };
    assert_eq!((mill.name(), mill.action()), ("mill", Some("grind")));
    assert_eq!(mill.running_for(), None, "nobody looked at the clock for it");
    drop(grinding.await);
}
