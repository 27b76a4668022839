//! The kinds.
// style: B7

use spawn::prelude::*;

#[derive(Default)]
struct One;

#[actor(stateful = false, kind = named)]
impl One {}

#[derive(Default)]
struct Many;

#[actor(stateful = false, kind = unnamed)]
impl Many {}

#[test]
fn kinds_are_names() {
    assert_ne!(One::definition().kind(), Many::definition().kind());
}
