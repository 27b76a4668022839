// style: G1
// says: "expected `;`"

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn count(&mut self) {
        let _orders = self.orders
    }
}

// The rest of the program sees an actor all the same.
async fn elsewhere(system: System) -> spawn::Result<()> {
    system.actor::<Shop>().count().await
}

fn main() {}
