// style: B5
// says: not_a_count

use spawn::prelude::*;

#[derive(Default)]
pub struct Quoted;

#[actor(stateful = false, mailbox = "100")]
impl Quoted {}

#[derive(Default)]
pub struct Zero;

#[actor(stateful = false, mailbox = 0)]
impl Zero {}

#[derive(Default)]
pub struct Negative;

#[actor(stateful = false, mailbox = -1)]
impl Negative {}

#[derive(Default)]
pub struct Suffixed;

#[actor(stateful = false, mailbox = 5usize)]
impl Suffixed {}

fn main() {}
