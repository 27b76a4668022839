use spawn::prelude::*;

#[message(name = "shop.Status", reserved(-1, 2, 10..=19, "Gone"))]
pub enum Status {
    Open,
    Paid = 2,
    Below = -1,
    Gone = 3,
    First = 9,
    Second,
}

#[message(name = "shop.Far", reserved(4294967295))]
pub enum Far {
    Open,
}

fn main() {}
