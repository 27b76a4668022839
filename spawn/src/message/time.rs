//! Times: `SystemTime` as `google.protobuf.Timestamp`, `Duration` as `google.protobuf.Duration`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType};

use super::describe::Kind;
use super::field::malformed;
use super::shape;
use super::value::Value;

const NANOS: i128 = 1_000_000_000;

/// Both of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Parts {
    seconds: i64,
    nanos: i32,
}

impl Parts {
    /// The parts of a time in nanoseconds; those of the second are not negative. What is too far away ends where the encoding does.
    fn of(nanos: i128) -> Self {
        let end = if nanos < 0 { i64::MIN } else { i64::MAX };
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).unwrap_or(end);
        Self { seconds, nanos: i32::try_from(nanos.rem_euclid(NANOS)).unwrap_or(0) }
    }

    fn in_nanos(self) -> i128 {
        i128::from(self.seconds) * NANOS + i128::from(self.nanos)
    }
}

impl prost::Message for Parts {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        if self.seconds != 0 {
            encoding::int64::encode(1, &self.seconds, buffer);
        }
        if self.nanos != 0 {
            encoding::int32::encode(2, &self.nanos, buffer);
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => encoding::int64::merge(wire, &mut self.seconds, buffer, context),
            2 => encoding::int32::merge(wire, &mut self.nanos, buffer, context),
            _ => encoding::skip_field(wire, tag, buffer, context),
        }
    }

    fn encoded_len(&self) -> usize {
        let seconds =
            if self.seconds == 0 { 0 } else { encoding::int64::encoded_len(1, &self.seconds) };
        let nanos = if self.nanos == 0 { 0 } else { encoding::int32::encoded_len(2, &self.nanos) };
        seconds + nanos
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A time that is a number of nanoseconds.
trait Time: Sized {
    /// What the number is counted from.
    const START: Self;
    /// What is said of a number that the type cannot hold.
    const OUT_OF_RANGE: &'static str;

    fn to_nanos(&self) -> i128;

    fn at(nanos: i128) -> Option<Self>;
}

impl Time for SystemTime {
    const START: Self = UNIX_EPOCH;
    const OUT_OF_RANGE: &'static str = "a time that is too far away for a `SystemTime`";

    fn to_nanos(&self) -> i128 {
        match self.duration_since(UNIX_EPOCH) {
            Ok(after) => after.to_nanos(),
            Err(before) => -before.duration().to_nanos(),
        }
    }

    fn at(nanos: i128) -> Option<Self> {
        let distance = Duration::from_nanos_u128(nanos.unsigned_abs());
        if nanos < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

impl Time for Duration {
    const START: Self = Self::ZERO;
    const OUT_OF_RANGE: &'static str = "a negative duration, which a `Duration` cannot be";

    fn to_nanos(&self) -> i128 {
        // They are less than 2^94.
        i128::try_from(self.as_nanos()).unwrap_or(i128::MAX)
    }

    fn at(nanos: i128) -> Option<Self> {
        u128::try_from(nanos).ok().map(Self::from_nanos_u128)
    }
}

macro_rules! times {
    ($($time:ty: $kind:ident;)*) => {$(
        impl Value<{ shape::SCALAR }> for $time {
            const KIND: Kind = Kind::$kind;

            fn absent() -> Self {
                Self::START
            }

            fn encode(&self, tag: u32, buffer: &mut impl BufMut) {
                encoding::message::encode(tag, &Parts::of(self.to_nanos()), buffer);
            }

            fn merge(
                &mut self,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                let mut parts = Parts::of(self.to_nanos());
                encoding::message::merge(wire, &mut parts, buffer, context)?;
                *self = Self::at(parts.in_nanos())
                    .ok_or_else(|| malformed(Self::OUT_OF_RANGE))?;
                Ok(())
            }

            fn length(&self, tag: u32) -> usize {
                encoding::message::encoded_len(tag, &Parts::of(self.to_nanos()))
            }

            fn is_default(&self) -> bool {
                *self == Self::START
            }
        }
    )*};
}

times! {
    SystemTime: Timestamp;
    Duration: Duration;
}
