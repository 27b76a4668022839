// style: D5
// says: E0277

use serde::Serialize;
use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

/// Can be written, and not read.
#[derive(Clone, Serialize)]
pub struct Half;

#[actor]
impl Shop {
    #[action]
    fn half(&self) -> Value<Json<Half>> {
        Value::from(Json(Half))
    }
}

fn main() {}
