// style: D4
// says: E0277

use spawn::prelude::*;

pub struct Plain;

fn announce() -> Broadcast {
    Broadcast::to("order.events", Json(Plain))
}

fn main() {}
