// style: B5
// says: not_an_argument

use spawn::prelude::*;

#[derive(Default)]
pub struct Text;

#[actor(stateful = false, "shop")]
impl Text {}

#[derive(Default)]
pub struct Punct;

#[actor(stateful = false, = "shop")]
impl Punct {}

fn main() {}
