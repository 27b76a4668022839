// style: I8
// says: number_is_reserved, variant_name_is_reserved

use spawn::prelude::*;

#[message(name = "ui.Status", reserved(-1, 2, 10..=19, "Gone"))]
pub enum Status {
    Open,
    Paid = 2,
    Below = -1,
    Gone = 3,
    First = 9,
    Second,
}

fn main() {}
