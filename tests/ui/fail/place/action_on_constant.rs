use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Updated")]
pub struct Updated {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    const LIMIT: i64 = 3;

    #[action]
    fn limit(&self) -> i64 {
        Self::LIMIT
    }
}

fn main() {}
