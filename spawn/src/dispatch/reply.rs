//! What an action can return.
//!
//! `Result` and `Option` belong to the standard library, and any type may become a message tomorrow, so that one trait cannot
//! be implemented for all three: the compiler could not tell the implementations apart. [`Reply`] therefore has two constants
//! as parameters, and [`Shape`] finds them for a concrete type: an inherent constant, which exists for `Result` or `Option` alone,
//! is preferred to the one of a trait, which exists for everything. The type decides, whatever it is called.
//!
//! [`ReplyCheck`] asks in the same way whether a type can be returned, and answers with one number: each constant in a type is a body
//! that the compiler checks and runs, and so is each that stands in another.

use std::marker::PhantomData;

use crate::actor::Actor;
use crate::dispatch::{Codec, Failure, Outcome};
use crate::error::BoxError;
use crate::flow::{Unchanged, Value};
use crate::message::{Message, TypeName};
use crate::parcel::Parcel;

/// Asks what shape a type has; see the module.
#[derive(Debug)]
pub struct Shape<T>(PhantomData<T>);

/// The answers for every type.
pub trait AnyShape {
    /// Whether it is a `Result`.
    const RESULT: bool = false;
    /// Whether it is an `Option`.
    const OPTION: bool = false;
}

impl<T> AnyShape for Shape<T> {}

impl<T, E> Shape<Result<T, E>> {
    /// It is a `Result`.
    pub const RESULT: bool = true;
}

impl<T> Shape<Option<T>> {
    /// It is an `Option`.
    pub const OPTION: bool = true;
}

impl<T, E> Shape<Result<Option<T>, E>> {
    /// There is one in it.
    pub const OPTION: bool = true;
}

/// Asks whether `T` can be returned from an action of `A`. One of its constants is not zero if it can; their sum is the last
/// parameter of [`Returned`].
#[derive(Debug)]
pub struct ReplyCheck<A, T>(PhantomData<(A, T)>);

/// The answers for every type.
pub trait AnyReplyCheck {
    /// Not as it is.
    const PLAIN: u8 = 0;
    /// Not as an `Option`.
    const OPTION: u8 = 0;
    /// Not as a `Result`.
    const RESULT: u8 = 0;
    /// Not as a `Result` of an `Option`.
    const RESULT_OF_OPTION: u8 = 0;
}

impl<A, T> AnyReplyCheck for ReplyCheck<A, T> {}

impl<A, T: Reply<A, false, false>> ReplyCheck<A, T> {
    /// It can, as it is.
    pub const PLAIN: u8 = 1;
}

impl<A, M> ReplyCheck<A, Option<M>>
where
    Option<M>: Reply<A, false, true>,
{
    /// It can, as an `Option`.
    pub const OPTION: u8 = 2;
}

impl<A, T, E> ReplyCheck<A, Result<T, E>>
where
    Result<T, E>: Reply<A, true, false>,
{
    /// It can, as a `Result`.
    pub const RESULT: u8 = 3;
}

impl<A, M, E> ReplyCheck<A, Result<Option<M>, E>>
where
    Result<Option<M>, E>: Reply<A, true, true>,
{
    /// It can, as a `Result` of an `Option`.
    pub const RESULT_OF_OPTION: u8 = 4;
}

/// Compiles if `T` can be returned from an action of `A`; where it does not, the compiler says why.
pub const fn assert_reply<A, T, const RESULT: bool, const OPTION: bool>()
where
    T: Reply<A, RESULT, OPTION>,
{
}

/// As [`assert_reply`], for `#[init]`, which has nobody to respond to.
pub const fn assert_init<A, T, const RESULT: bool, const OPTION: bool>()
where
    T: Reply<A, RESULT, OPTION>,
    T::Response: NoResponse,
{
}

/// What is left of the response of `#[init]`.
#[diagnostic::on_unimplemented(
    message = "`#[init]` responds with `{Self}`, but nobody called it",
    label = "there is nobody to respond to",
    note = "`#[init]` returns `()`, `Value<()>`, or a `Result` of those"
)]
pub trait NoResponse {}

impl NoResponse for () {}

/// The outcome of `#[init]`, without the response that [`assert_init`] has reported if there is one.
pub fn silent<T: Returns>(value: T::Value) -> Outcome<T::Actor, ()> {
    T::outcome(value).map(drop)
}

/// What a method returns, and the answer of [`ReplyCheck`].
#[derive(Debug)]
pub struct Returned<A, T, const FORM: u8>(PhantomData<(A, T)>);

/// What a response is called.
#[derive(Clone, Copy, Debug)]
pub struct ResponseName {
    pub(crate) name: fn() -> TypeName<'static>,
    /// Whether there may be none.
    pub(crate) is_optional: bool,
}

impl ResponseName {
    const fn of<M: Message>() -> Self {
        Self { name: M::FORM.type_name, is_optional: false }
    }

    const fn or_nothing(self) -> Self {
        Self { is_optional: true, ..self }
    }
}

/// What the runtime does with what a method returns.
pub trait Returns {
    /// The actor.
    type Actor;
    /// What the method returns.
    type Value;
    /// What the caller gets.
    type Response: Send + 'static;

    /// What that is called.
    const RESPONSE: ResponseName;

    /// Takes the value apart.
    fn outcome(value: Self::Value) -> Outcome<Self::Actor, Self::Response>;

    /// Packs a response for a caller who called by name.
    fn pack(response: Self::Response) -> Parcel;

    /// Packs a response to be kept.
    fn keep(response: &Self::Response) -> Parcel;

    /// Unpacks a response that was kept.
    ///
    /// # Errors
    /// If it is none.
    fn unpack(parcel: Parcel) -> crate::error::Result<Self::Response>;
}

/// How the response of a method is kept.
pub const fn codec<T: Returns>() -> Codec<Response<T>> {
    Codec { pack: T::keep, unpack: T::unpack }
}

/// `#[init]` has no response to keep.
pub const fn silent_codec() -> Codec<()> {
    Codec { pack: |()| Parcel::new(()), unpack: |_| Ok(()) }
}

/// What a caller of a method gets.
pub type Response<T> = <T as Returns>::Response;

macro_rules! returns {
    ($form:literal, $result:literal, $option:literal) => {
        impl<A, T: Reply<A, $result, $option>> Returns for Returned<A, T, $form> {
            type Actor = A;
            type Value = T;
            type Response = T::Response;

            const RESPONSE: ResponseName = T::RESPONSE;

            fn outcome(value: T) -> Outcome<A, T::Response> {
                value.into_outcome()
            }

            fn pack(response: T::Response) -> Parcel {
                T::pack(response)
            }

            fn keep(response: &T::Response) -> Parcel {
                T::keep(response)
            }

            fn unpack(parcel: Parcel) -> crate::error::Result<T::Response> {
                T::unpack(parcel)
            }
        }
    };
}

returns!(1, false, false);
returns!(2, false, true);
returns!(3, true, false);
returns!(4, true, true);

/// Never runs: [`assert_reply`] reports the type, and this keeps the rest of the program from being reported as well.
impl<A, T> Returns for Returned<A, T, 0> {
    type Actor = A;
    type Value = T;
    type Response = ();

    const RESPONSE: ResponseName = ResponseName::of::<()>();

    fn outcome(_: T) -> Outcome<A, ()> {
        Outcome::done(())
    }

    fn pack((): ()) -> Parcel {
        Parcel::new(())
    }

    fn keep((): &()) -> Parcel {
        Parcel::new(())
    }

    fn unpack(_: Parcel) -> crate::error::Result<()> {
        Ok(())
    }
}

/// The [`Returned`] of a type, with the answer that holds for it.
#[doc(hidden)]
#[macro_export]
macro_rules! returned {
    ($actor:ty, $ty:ty) => {
        $crate::__private::Returned<
            $actor,
            $ty,
            {
                <$crate::__private::ReplyCheck<$actor, $ty>>::PLAIN
                    + <$crate::__private::ReplyCheck<$actor, $ty>>::OPTION
                    + <$crate::__private::ReplyCheck<$actor, $ty>>::RESULT
                    + <$crate::__private::ReplyCheck<$actor, $ty>>::RESULT_OF_OPTION
            },
        >
    };
}

/// What an action can return: nothing, a message, a [`Value`], an `Option` of a message, or a `Result` of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from an action",
    label = "not a response",
    note = "an action returns `()`, a message, `Value<R>`, `Option<R>`, or a `Result` of those",
    note = "`Json<T>` is a message for any `T` that is `Serialize + DeserializeOwned + Clone`",
    note = "the error of a `Result` implements `std::error::Error`, or is an `ActionError`",
    note = "a new state is the actor's own: `Value<R, Self>`"
)]
pub trait Reply<A, const RESULT: bool, const OPTION: bool> {
    /// What the caller gets.
    type Response: Send + 'static;

    #[doc(hidden)]
    const RESPONSE: ResponseName;

    #[doc(hidden)]
    fn into_outcome(self) -> Outcome<A, Self::Response>;

    #[doc(hidden)]
    fn pack(response: Self::Response) -> Parcel;

    #[doc(hidden)]
    fn keep(response: &Self::Response) -> Parcel;

    #[doc(hidden)]
    fn unpack(parcel: Parcel) -> crate::error::Result<Self::Response>;
}

/// What can be returned without a `Result` around it.
pub trait Plain<A, const OPTION: bool> {
    /// What the caller gets.
    type Response: Send + 'static;

    #[doc(hidden)]
    const RESPONSE: ResponseName;

    #[doc(hidden)]
    fn into_outcome(self) -> Outcome<A, Self::Response>;

    #[doc(hidden)]
    fn pack(response: Self::Response) -> Parcel;

    #[doc(hidden)]
    fn keep(response: &Self::Response) -> Parcel;

    #[doc(hidden)]
    fn unpack(parcel: Parcel) -> crate::error::Result<Self::Response>;
}

#[diagnostic::do_not_recommend]
impl<A, T: Plain<A, OPTION>, const OPTION: bool> Reply<A, false, OPTION> for T {
    type Response = T::Response;

    const RESPONSE: ResponseName = T::RESPONSE;

    fn into_outcome(self) -> Outcome<A, T::Response> {
        Plain::into_outcome(self)
    }

    fn pack(response: T::Response) -> Parcel {
        T::pack(response)
    }

    fn keep(response: &T::Response) -> Parcel {
        T::keep(response)
    }

    fn unpack(parcel: Parcel) -> crate::error::Result<T::Response> {
        T::unpack(parcel)
    }
}

#[diagnostic::do_not_recommend]
impl<A, T, E, const OPTION: bool> Reply<A, true, OPTION> for Result<T, E>
where
    T: Plain<A, OPTION>,
    E: Into<BoxError>,
{
    type Response = T::Response;

    const RESPONSE: ResponseName = T::RESPONSE;

    fn into_outcome(self) -> Outcome<A, T::Response> {
        match self {
            Ok(value) => value.into_outcome(),
            Err(error) => Outcome::failed(Failure::Returned(error.into())),
        }
    }

    fn pack(response: T::Response) -> Parcel {
        T::pack(response)
    }

    fn keep(response: &T::Response) -> Parcel {
        T::keep(response)
    }

    fn unpack(parcel: Parcel) -> crate::error::Result<T::Response> {
        T::unpack(parcel)
    }
}

#[diagnostic::do_not_recommend]
impl<A, M: Message + 'static> Plain<A, false> for M {
    type Response = M;

    const RESPONSE: ResponseName = ResponseName::of::<M>();

    fn into_outcome(self) -> Outcome<A, M> {
        Outcome::done(self)
    }

    fn pack(response: M) -> Parcel {
        Parcel::new(response)
    }

    fn keep(response: &M) -> Parcel {
        Parcel::new(response.clone())
    }

    fn unpack(parcel: Parcel) -> crate::error::Result<M> {
        parcel.into_message()
    }
}

#[diagnostic::do_not_recommend]
impl<A, M: Message + 'static> Plain<A, true> for Option<M> {
    type Response = Option<M>;

    const RESPONSE: ResponseName = ResponseName::of::<M>().or_nothing();

    fn into_outcome(self) -> Outcome<A, Self> {
        Outcome::done(self)
    }

    fn pack(response: Self) -> Parcel {
        response.map_or_else(|| Parcel::new(()), Parcel::new)
    }

    fn keep(response: &Self) -> Parcel {
        <Self as Plain<A, true>>::pack(response.clone())
    }

    fn unpack(parcel: Parcel) -> crate::error::Result<Self> {
        if parcel.is::<M>() { parcel.into_message().map(Some) } else { Ok(None) }
    }
}

#[diagnostic::do_not_recommend]
impl<A, R: Message + 'static, S: NextState<A>> Plain<A, false> for Value<R, S> {
    type Response = R;

    const RESPONSE: ResponseName = ResponseName::of::<R>();

    fn into_outcome(self) -> Outcome<A, R> {
        Outcome { response: Ok(self.answer), state: self.state.into_next(), flow: self.flow }
    }

    fn pack(response: R) -> Parcel {
        Parcel::new(response)
    }

    fn keep(response: &R) -> Parcel {
        Parcel::new(response.clone())
    }

    fn unpack(parcel: Parcel) -> crate::error::Result<R> {
        parcel.into_message()
    }
}

/// What [`Value::state`] can be given: the actor's own type.
pub trait NextState<A> {
    #[doc(hidden)]
    fn into_next(self) -> Option<A>;
}

impl<A> NextState<A> for Unchanged {
    fn into_next(self) -> Option<A> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<A: Actor> NextState<A> for A {
    fn into_next(self) -> Option<A> {
        Some(self)
    }
}
