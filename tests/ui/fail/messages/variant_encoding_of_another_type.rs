// style: I7
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Payment")]
pub enum Payment {
    #[message(sint)]
    Text(String),
}

fn main() {}
