// style: E1
// says: E0277

use serde::{Deserialize, Serialize};
use spawn::prelude::*;

#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn orders(&self) -> Json<i64> {
        Json(self.orders)
    }
}

fn main() {}
