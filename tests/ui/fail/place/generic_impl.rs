use spawn::prelude::*;

pub struct Box<T>(T);

#[actor(stateful = false)]
impl<T> Box<T> {}

fn main() {}
