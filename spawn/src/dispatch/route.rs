//! From an event to the instance that it is for.

use std::borrow::Cow;
use std::sync::Arc;

/// What can name an instance of an unnamed actor: the field that `#[action(route = order_id)]` names is one, or what its closure
/// returns.
///
/// Text and whole numbers are; implement it for a type of ids of your own.
///
/// # Examples
///
/// ```
/// use std::borrow::Cow;
///
/// use spawn::InstanceId;
///
/// struct OrderNumber { year: u16, number: u32 }
///
/// impl InstanceId for OrderNumber {
///     fn instance_id(&self) -> Cow<'_, str> {
///         format!("{}-{}", self.year, self.number).into()
///     }
/// }
///
/// assert_eq!(OrderNumber { year: 2026, number: 42 }.instance_id(), "2026-42");
/// assert_eq!(42_u64.instance_id(), "42");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot name an instance",
    label = "not an id",
    note = "an id is text or a whole number; `route = |event| ..` makes one of anything else"
)]
pub trait InstanceId {
    /// The id, as [`System::actor_by_id`](crate::System::actor_by_id) takes it: 1 to 512 bytes without control characters.
    fn instance_id(&self) -> Cow<'_, str>;
}

macro_rules! texts {
    ($($ty:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl InstanceId for $ty {
            fn instance_id(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }
        }
    )*};
}

macro_rules! numbers {
    ($($ty:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl InstanceId for $ty {
            fn instance_id(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )*};
}

texts!(str, String, Box<str>, Arc<str>, Cow<'_, str>);
numbers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

#[diagnostic::do_not_recommend]
impl<T: InstanceId + ?Sized> InstanceId for &T {
    fn instance_id(&self) -> Cow<'_, str> {
        (**self).instance_id()
    }
}

/// `route = order_id`
pub fn instance_of<T: InstanceId + ?Sized>(id: &T) -> String {
    id.instance_id().into_owned()
}

/// `route = |event| ..`
pub fn instance_by<'e, P, T: InstanceId>(event: &'e P, route: impl FnOnce(&'e P) -> T) -> String {
    instance_of(&route(event))
}
