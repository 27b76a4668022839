//! A struct that is no message.
// style: 3.1

use spawn::prelude::*;

/// Neither a message nor `Clone`.
#[derive(Default)]
struct Mailer {
    sent: std::sync::atomic::AtomicU32,
}

#[actor(stateful = false)]
impl Mailer {
    #[action]
    fn send(&self, _text: String) {}
}

#[test]
fn there_is_no_state() {
    assert!(!Mailer::definition().is_stateful());
}
