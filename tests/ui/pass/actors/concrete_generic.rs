//! Two types of one generic struct.
// style: D6

use spawn::prelude::*;

#[derive(Default)]
struct Shelf<T> {
    items: Vec<T>,
}

#[actor(stateful = false, name = "shelf_of_text")]
impl Shelf<String> {
    #[action]
    fn put(&mut self, item: String) {
        self.items.push(item);
    }
}

#[actor(stateful = false, name = "shelf_of_numbers")]
impl Shelf<i64> {
    #[action]
    fn put(&mut self, item: i64) {
        self.items.push(item);
    }
}

#[test]
fn each_type_is_an_actor() {
    assert_ne!(Shelf::<String>::definition().name(), Shelf::<i64>::definition().name());
}
