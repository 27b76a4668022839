// style: D4
// says: E0277

use spawn::prelude::*;

pub struct Plain;

fn call(system: &System) {
    drop(system.invoke("shop", "create", Plain));
}

fn main() {}
