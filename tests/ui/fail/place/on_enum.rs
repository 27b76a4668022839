use spawn::prelude::*;

#[actor]
enum Shop {
    Open,
}

fn main() {}
