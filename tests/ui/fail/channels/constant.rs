// style: C7
// says: E0080

use spawn::prelude::*;

const ONE: Channel = Channel::new("order.*");
const TWO: Channel = Channel::new("order..events");

fn main() {}
