// style: I8
// says: enum_derives_default

use spawn::prelude::*;

#[message(name = "ui.Derived")]
#[derive(Default)]
pub enum Derived {
    A,
    #[default]
    B,
}

fn main() {}
