//! A channel that is a constant.
// style: C7

use spawn::prelude::*;

const CHANNEL: Channel = Channel::new("pass.constants.events");

#[message(name = "pass.constants.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn announce(&self) -> Value<i64> {
        Value::from(1).broadcast(Broadcast::to(CHANNEL, 1_i64).and("pass.constants.more", 2_i64))
    }
}

#[test]
fn literals_are_known_to_the_definition() {
    assert_eq!(Shop::definition().publishes(), ["pass.constants.more"]);
    assert_eq!(CHANNEL.as_str(), "pass.constants.events");
}
