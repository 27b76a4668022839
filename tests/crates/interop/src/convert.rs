//! What is the same, field by field.

use std::time::{Duration, SystemTime};

use crate::{generated, ours};

impl From<ours::Status> for i32 {
    fn from(status: ours::Status) -> Self {
        let status = match status {
            ours::Status::Unspecified => generated::Status::Unspecified,
            ours::Status::Paid => generated::Status::Paid,
            ours::Status::Late => generated::Status::Late,
            ours::Status::Lost => generated::Status::Lost,
        };
        status.into()
    }
}

fn timestamp(time: SystemTime) -> prost_types::Timestamp {
    time.into()
}

fn duration(duration: Duration) -> prost_types::Duration {
    duration.try_into().unwrap()
}

impl From<ours::Line> for generated::Line {
    fn from(line: ours::Line) -> Self {
        Self { sku: line.sku, quantity: line.quantity }
    }
}

impl From<ours::Scalars> for generated::Scalars {
    fn from(it: ours::Scalars) -> Self {
        Self {
            text: it.text,
            flag: it.flag,
            small: it.small,
            large: it.large,
            unsigned: it.unsigned,
            huge: it.huge,
            signed: it.signed,
            signed_large: it.signed_large,
            fixed_unsigned: it.fixed_unsigned,
            fixed_huge: it.fixed_huge,
            fixed_small: it.fixed_small,
            fixed_large: it.fixed_large,
            single: it.single,
            double: it.double,
            bytes: it.bytes,
            shared: it.shared.to_vec(),
            status: it.status.into(),
        }
    }
}

impl From<ours::Optionals> for generated::Optionals {
    fn from(it: ours::Optionals) -> Self {
        Self {
            flag: it.flag,
            large: it.large,
            signed: it.signed,
            fixed_huge: it.fixed_huge,
            double: it.double,
            text: it.text,
            bytes: it.bytes,
            status: it.status.map(Into::into),
            line: it.line.map(Into::into),
            at: it.at.map(timestamp),
            took: it.took.map(duration),
        }
    }
}

impl From<ours::Repeated> for generated::Repeated {
    fn from(it: ours::Repeated) -> Self {
        Self {
            flags: it.flags,
            small: it.small,
            signed: it.signed,
            fixed_unsigned: it.fixed_unsigned,
            fixed_large: it.fixed_large,
            doubles: it.doubles,
            texts: it.texts,
            bytes: it.bytes,
            statuses: it.statuses.into_iter().map(Into::into).collect(),
            lines: it.lines.into_iter().map(Into::into).collect(),
            times: it.times.into_iter().map(timestamp).collect(),
            durations: it.durations.into_iter().map(duration).collect(),
        }
    }
}

impl From<ours::Maps> for generated::Maps {
    fn from(it: ours::Maps) -> Self {
        Self {
            numbers: it.numbers,
            texts: it.texts,
            doubles: it.doubles,
            lines: it.lines.into_iter().map(|(key, line)| (key, line.into())).collect(),
            statuses: it.statuses.into_iter().map(|(key, status)| (key, status.into())).collect(),
            signed: it.signed,
            fixed: it.fixed,
            bytes: it.bytes,
            times: it.times.into_iter().map(|(key, time)| (key, timestamp(time))).collect(),
        }
    }
}

impl From<ours::Payment> for generated::order::Payment {
    fn from(payment: ours::Payment) -> Self {
        match payment {
            ours::Payment::Goods(line) => Self::Goods(line.into()),
            ours::Payment::Cash(cents) => Self::Cash(cents),
            ours::Payment::Voucher(code) => Self::Voucher(code),
            ours::Payment::Free => Self::Free(()),
            ours::Payment::Status(status) => Self::Status(status.into()),
            ours::Payment::Token(token) => Self::Token(token),
            ours::Payment::Later(time) => Self::Later(timestamp(time)),
            ours::Payment::Exchange(order) => Self::Exchange(Box::new((*order).into())),
        }
    }
}

impl From<ours::Contact> for generated::order::Contact {
    fn from(contact: ours::Contact) -> Self {
        match contact {
            ours::Contact::Mail(mail) => Self::Mail(mail),
            ours::Contact::Phone(phone) => Self::Phone(phone),
        }
    }
}

impl From<ours::Contact> for generated::Contact {
    fn from(contact: ours::Contact) -> Self {
        let contact = match contact {
            ours::Contact::Mail(mail) => generated::contact::Contact::Mail(mail),
            ours::Contact::Phone(phone) => generated::contact::Contact::Phone(phone),
        };
        Self { contact: Some(contact) }
    }
}

impl From<ours::Order> for generated::Order {
    fn from(it: ours::Order) -> Self {
        Self {
            id: it.id,
            payment: it.payment.map(Into::into),
            // A message that is no `Option` is left out if it is the default.
            line: (it.line != ours::Line::default()).then(|| it.line.into()),
            contact: it.contact.map(Into::into),
            parent: it.parent.map(|parent| Box::new((*parent).into())),
            contacts: it.contacts.into_iter().map(Into::into).collect(),
            at: it.at,
        }
    }
}
