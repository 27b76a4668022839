// style: I8
// says: reserved_number_out_of_range

use spawn::prelude::*;

#[message(name = "ui.Far", reserved(4294967295))]
pub enum Far {
    Open,
}

fn main() {}
