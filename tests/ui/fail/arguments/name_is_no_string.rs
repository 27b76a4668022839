// style: B5
// says: not_a_string

use spawn::prelude::*;

#[derive(Default)]
pub struct Ident;

#[actor(stateful = false, name = shop)]
impl Ident {}

#[derive(Default)]
pub struct Number;

#[actor(stateful = false, name = 3)]
impl Number {}

#[derive(Default)]
pub struct Bytes;

#[actor(stateful = false, name = b"shop")]
impl Bytes {}

fn main() {}
