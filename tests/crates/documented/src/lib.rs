//! A crate whose documentation is built with every warning denied: links in the documentation of an action hold wherever it is copied
//! to, and what the macros add asks for no documentation.

#![deny(missing_docs, rustdoc::all)]

use spawn::prelude::*;

pub mod nested {
    //! Links have to hold from here as well as from where the client is documented.

    use spawn::prelude::*;

    /// What was ordered.
    #[message(name = "documented.Order")]
    pub struct Order {
        /// The id, by which [`Till::pay`] knows it.
        pub id: String,
    }

    /// Takes money.
    #[message(name = "documented.Till")]
    pub struct Till {
        total: i64,
    }

    #[actor]
    impl Till {
        /// Pays an [`Order`], as [`Self::total`] and [`super::Shop`] will tell.
        #[action]
        pub fn pay(&mut self, _order: Order) -> i64 {
            self.total += 1;
            self.total
        }

        /// How much there is, see [`Till::pay`].
        #[action]
        pub fn total(&self) -> i64 {
            self.total
        }
    }
}

/// Sells.
#[message(name = "documented.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    /// Sells something: [`nested::Order`].
    #[action]
    pub fn sell(&mut self, _order: nested::Order) {
        self.orders += 1;
    }
}
