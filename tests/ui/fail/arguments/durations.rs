use spawn::prelude::*;

macro_rules! actors {
    ($($name:ident $value:tt)*) => {$(
        pub struct $name;

        #[actor(stateful = false, deactivate_timeout = $value)]
        impl $name {}
    )*};
}

pub struct Bare;

#[actor(stateful = false, deactivate_timeout = 30s)]
impl Bare {}

pub struct NoUnit;

#[actor(stateful = false, ask_timeout = "30")]
impl NoUnit {}

pub struct UnknownUnit;

#[actor(stateful = false, ask_timeout = "1x")]
impl UnknownUnit {}

pub struct Zero;

#[actor(stateful = false, ask_timeout = "0s")]
impl Zero {}

pub struct TooLong;

#[actor(stateful = false, ask_timeout = "99999999999h")]
impl TooLong {}

pub struct Negative;

#[actor(stateful = false, ask_timeout = -5)]
impl Negative {}

actors!(Fine "30s" AlsoFine 30_000);

fn main() {}
