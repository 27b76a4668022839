//! Lists of actors, as types.

use crate::actor::Actor;
use crate::definition::Definition;

/// A tuple of actors, for [`SystemBuilder::only`](crate::SystemBuilder::only): `(A,)`, `(A, B)`, up to twelve.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of actors",
    note = "write `only::<(OrderProcessor, EmailService)>()`, and `only::<(OrderProcessor,)>()` for one"
)]
pub trait ActorList {
    #[doc(hidden)]
    fn definitions() -> Vec<&'static Definition>;
}

macro_rules! tuples {
    ($($actor:ident)*) => {
        impl<$($actor: Actor),*> ActorList for ($($actor,)*) {
            fn definitions() -> Vec<&'static Definition> {
                vec![$($actor::definition()),*]
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
