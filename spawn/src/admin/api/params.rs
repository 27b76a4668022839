//! What a request says.

use std::collections::HashMap;
use std::fmt::Display;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;

use super::super::Handle;
use super::super::failure::Failure;
use super::super::view;

/// How many entries a page has, unless said otherwise.
pub(super) const PAGE: usize = 50;

/// How many it may have.
const MOST: usize = 500;

/// The pairs of the query.
#[derive(Debug)]
pub(super) struct Params(HashMap<String, String>);

impl FromRequestParts<Handle> for Params {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Handle) -> Result<Self, Failure> {
        let Query(pairs) =
            Query::try_from_uri(&parts.uri).map_err(|error| Failure::bad(error.body_text()))?;
        Ok(Self(pairs))
    }
}

impl Params {
    /// Without the ones that are empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Failure> {
        self.text(name).map(|text| number(name, text)).transpose()
    }

    pub(super) fn limit(&self) -> Result<usize, Failure> {
        let limit = self.number("limit")?.unwrap_or(PAGE as u64);
        usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| Failure::bad(format!("`limit` is 1 to {MOST}, not {limit}")))
    }
}

fn number(name: &str, text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::bad(format!("`{name}` is a whole number, not {text:?}")))
}

/// The number in a path.
#[derive(Debug)]
pub(super) struct Id(pub(super) u64);

impl FromRequestParts<Handle> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, handle: &Handle) -> Result<Self, Failure> {
        let text = Path::<String>::from_request_parts(parts, handle).await;
        let Path(text) = text.map_err(|error| Failure::bad(error.body_text()))?;
        number("id", &text).map(Self)
    }
}

/// Who makes a request that changes something.
#[derive(Debug)]
pub(super) struct Who(String);

impl FromRequestParts<Handle> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Handle) -> Result<Self, Self::Rejection> {
        Ok(Self(view::who(&parts.extensions)))
    }
}

impl Who {
    /// Logs what was done to the thing with this id, and what came of it.
    pub(super) fn did<T>(
        &self,
        what: &'static str,
        id: impl Display,
        outcome: Result<T, Failure>,
    ) -> Result<T, Failure> {
        let who = &self.0;
        match &outcome {
            Ok(_) => tracing::info!(target: "spawn::admin", what, %id, who, result = "done"),
            Err(failure) => {
                let result = &failure.message;
                tracing::info!(target: "spawn::admin", what, %id, who, result);
            }
        }
        outcome
    }
}
