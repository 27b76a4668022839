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

pub struct Plain;

#[actor]
impl Shop {
    #[action]
    fn a(&self) -> Plain {
        Plain
    }

    #[action]
    fn b(&self) -> Result<Plain, std::fmt::Error> {
        Ok(Plain)
    }

    #[action]
    async fn c(&self) -> Value<Plain> {
        Value::from(Plain)
    }
}

fn main() {}
