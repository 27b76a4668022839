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

#[actor()]
impl Shop {
    #[action]
    fn a<T: Into<i64>>(&self, _event: T) {}

    #[action]
    fn b(&self, _event: impl Into<i64>) {}

    #[action]
    fn c(&self) -> impl Into<i64> {
        3
    }

    #[action]
    fn d(&self)
    where
        Self: Sized,
    {
    }
}

fn main() {}
