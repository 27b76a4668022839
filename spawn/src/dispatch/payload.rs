//! What a clause can take.

use std::any::TypeId;

use crate::error::Result;
use crate::event::Event;
use crate::message::{Message, TypeName};
use crate::parcel::Parcel;

/// What an action can take by value: a [`Message`], or an [`Event`] or [`Parcel`] to take any. A handler of `channels` can look at it by reference.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the payload of an action",
    label = "not a payload",
    note = "a payload is a message: put `#[message(name = \"package.Name\")]` on the struct; an enumeration is a field of one",
    note = "`Json<T>` takes any `T` that is `Serialize + DeserializeOwned + Clone`",
    note = "`Event` and `Parcel` take any message; the context is taken by reference, as `&Context`",
    note = "a handler of `channels` that takes nothing by value looks at its event: that is its last parameter"
)]
pub trait Payload: Sized + Send + 'static {
    #[doc(hidden)]
    const ACCEPTS: Accepts;

    #[doc(hidden)]
    fn unpack(input: Input) -> Result<Self>;

    /// As `unpack`, from an event that others get as well.
    #[doc(hidden)]
    fn heard(event: &Event) -> Result<Self>;

    /// As `heard`, for somebody who only looks at it.
    #[doc(hidden)]
    fn look<T>(event: &Event, look: impl FnOnce(&Self) -> T) -> Result<T>;

    #[doc(hidden)]
    fn into_parcel(self) -> Parcel;
}

/// Which messages a clause takes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Accepts {
    /// The one of this type.
    Only(TypeId, fn() -> TypeName<'static>),
    /// Every one.
    All,
}

/// A payload on its way to a clause that was chosen at run time.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Input {
    /// From a call.
    Parcel(Parcel),
    /// From a channel.
    Event(Event),
}

impl Input {
    /// The message.
    pub(crate) fn parcel(&self) -> &Parcel {
        match self {
            Self::Parcel(parcel) => parcel,
            Self::Event(event) => event.payload(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Message + 'static> Payload for M {
    const ACCEPTS: Accepts = Accepts::Only(TypeId::of::<M>(), M::FORM.type_name);

    fn unpack(input: Input) -> Result<Self> {
        match input {
            Input::Parcel(parcel) => parcel.into_message(),
            Input::Event(event) => event.into_message(),
        }
    }

    fn heard(event: &Event) -> Result<Self> {
        event.payload().decode()
    }

    #[inline]
    fn look<T>(event: &Event, look: impl FnOnce(&Self) -> T) -> Result<T> {
        match event.downcast_ref() {
            Some(message) => Ok(look(message)),
            None => event.decode().map(|message| look(&message)),
        }
    }

    fn into_parcel(self) -> Parcel {
        Parcel::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl Payload for Event {
    const ACCEPTS: Accepts = Accepts::All;

    fn unpack(input: Input) -> Result<Self> {
        Ok(match input {
            Input::Parcel(parcel) => Self::direct(parcel),
            Input::Event(event) => event,
        })
    }

    #[inline]
    fn heard(event: &Event) -> Result<Self> {
        Ok(event.near())
    }

    #[inline]
    fn look<T>(event: &Event, look: impl FnOnce(&Self) -> T) -> Result<T> {
        Ok(look(event))
    }

    fn into_parcel(self) -> Parcel {
        self.payload().clone()
    }
}

#[diagnostic::do_not_recommend]
impl Payload for Parcel {
    const ACCEPTS: Accepts = Accepts::All;

    fn unpack(input: Input) -> Result<Self> {
        Ok(match input {
            Input::Parcel(parcel) => parcel,
            Input::Event(event) => event.payload().clone(),
        })
    }

    fn heard(event: &Event) -> Result<Self> {
        Ok(event.payload().clone())
    }

    fn look<T>(event: &Event, look: impl FnOnce(&Self) -> T) -> Result<T> {
        Ok(look(event.payload()))
    }

    fn into_parcel(self) -> Parcel {
        self
    }
}
