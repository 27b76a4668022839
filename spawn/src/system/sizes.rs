//! The limits of a system, as they are given to its builder.

use super::SystemBuilder;

impl SystemBuilder {
    /// How many bytes the payload of an event, an effect, a scheduled call or a kept answer may have where it is saved, and that of
    /// a call by name where it comes as bytes; 4 MiB without it. One that has more is an error of the kind
    /// [`TooLarge`](crate::ErrorKind::TooLarge), and the action that it comes from changes nothing.
    ///
    /// What is saved already is read whatever its size. Payloads that stay in the process, of typed calls and transient channels, are
    /// never encoded, and have no limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use spawn::prelude::*;
    ///
    /// let builder = System::builder("shop").payload_limit(64 << 10).state_limit(1 << 20);
    /// ```
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.sizes.payload = bytes;
        self
    }

    /// How many bytes the state of a durable actor may have; 16 MiB without it. An action that makes it larger fails with
    /// [`TooLarge`](crate::ErrorKind::TooLarge) and changes nothing. A larger one that is saved already is loaded, and can be made smaller.
    pub fn state_limit(mut self, bytes: usize) -> Self {
        self.sizes.state = bytes;
        self
    }
}
