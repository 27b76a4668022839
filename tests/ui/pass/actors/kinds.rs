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

#[derive(Default)]
struct AnyOfSome;

#[actor(stateful = false, kind = pooled, min_pool_size = 2, max_pool_size = 2)]
impl AnyOfSome {}

#[derive(Default)]
struct OneEach;

#[actor(stateful = false, kind = task, max_pool_size = 16)]
impl OneEach {}

#[test]
fn kinds_are_names() {
    let definitions =
        [One::definition(), Many::definition(), AnyOfSome::definition(), OneEach::definition()];
    let kinds = definitions.map(|it| it.kind().to_string());
    assert_eq!(kinds, ["named", "unnamed", "pooled", "task"]);
}
