// style: A3
// says: outside_of_actor

use spawn::prelude::*;

pub trait Shop {
    #[action]
    fn create(&mut self) {}
}

fn main() {}
