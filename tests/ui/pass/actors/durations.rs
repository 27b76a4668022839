//! Durations of every unit.
// style: B11

use spawn::prelude::*;

macro_rules! actors {
    ($($name:ident $written:literal $millis:literal)*) => {$(
        #[derive(Default)]
        struct $name;

        #[actor(stateful = false, ask_timeout = $written)]
        impl $name {}
    )*

    #[test]
    fn units_are_from_milliseconds_to_days() {
        $(assert_eq!($name::definition().ask_timeout().as_millis(), $millis);)*
    }};
}

actors! {
    Millis "250ms" 250
    Seconds "30s" 30_000
    Minutes "2m" 120_000
    Hours "1h" 3_600_000
    Days "2d" 172_800_000
    Underscores "1_000ms" 1_000
    Number 30_000 30_000
}
