//! What must compile, without a warning.
//!
//! A module is a case. They are one program, since linking each on its own takes longer than everything else; what needs a crate of
//! its own is in `tests/crates`.

#![deny(warnings)]
#![expect(dead_code, reason = "a definition is enough")]
#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::unused_unit,
    reason = "what the methods do is not the point"
)]

mod actions {
    mod arguments;
    mod init;
    mod routes;
    mod timers;
    mod waiting_or_not;
}

mod actors {
    mod attributes_between;
    mod bare_attribute;
    mod by_macro;
    mod concrete_generic;
    mod conditions;
    mod crate_path;
    mod deprecated;
    mod durations;
    mod empty_parentheses;
    mod every_key;
    mod in_a_function;
    mod kinds;
    mod names;
    mod other_items;
    mod own_traits;
    mod paths;
    mod raw_identifiers;
    mod state_of_an_enum;
    mod stateless;
    mod stateless_enum;
    mod trailing_comma;
    mod two_blocks;
}

mod channels {
    mod alone;
    mod characters;
    mod constants;
    mod identifier;
    mod none;
    mod options;
    mod overlapping;
    mod patterns;
    mod renamed_handler;
    mod spellings;
    mod text;
    mod trailing_comma;
    mod two_handlers;
}

mod messages {
    mod derived_below;
    mod documented;
    mod every_field;
    mod names;
    mod without_fields;
}

mod payloads {
    mod any;
    mod clauses;
    mod enums;
    mod json;
    mod loans;
    mod looks;
    mod own_event;
    mod patterns;
    mod scalars;
    mod with_and_without;
}

mod responses {
    mod every_shape;
    mod options;
    mod own_result;
    mod plain;
    mod results;
    mod values;
}
