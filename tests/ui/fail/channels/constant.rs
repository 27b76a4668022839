const ORDERS: spawn::Channel = spawn::Channel::new("order.*");

const EMPTY: spawn::Channel = spawn::Channel::new("order..events");

fn main() {}
