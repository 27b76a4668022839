//! Who may ask.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::{failure::Failure, page, view};

/// What a request has to have.
#[derive(Debug)]
pub(super) struct Guard {
    token: Option<String>,
    /// Beside those of this machine.
    hosts: Vec<String>,
}

/// Says who made a request: a browser says so of its own accord, and no page can make it say something else.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Guard {
    pub(super) fn new(token: Option<String>, hosts: Vec<String>) -> Self {
        Self { token, hosts }
    }

    fn check(&self, request: &Request) -> Result<(), Failure> {
        let path = request.uri().path();
        if matches!(path, "/live" | "/ready") {
            return Ok(());
        }
        let headers = request.headers();
        if let Some(token) = &self.token {
            // The files of the page ask for the token, and have nothing in them.
            return if page::is_file(path) { Ok(()) } else { check_token(headers, token) };
        }
        let host = self.check_host(request)?;
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(());
        }
        check_origin(headers, host)
    }

    /// The request names a host that is allowed: a name of another site that leads here is not.
    fn check_host<'r>(&self, request: &'r Request) -> Result<&'r str, Failure> {
        let authority = text(request.headers(), &header::HOST)
            .or_else(|| request.uri().authority().map(Authority::as_str));
        let authority = authority.ok_or_else(|| refused("the request names no host"))?;
        let host = without_port(authority);
        let allowed = self.hosts.iter().any(|it| it.eq_ignore_ascii_case(host));
        if allowed || is_local(host) {
            return Ok(authority);
        }
        Err(refused(format!(
            "the host {host:?} is not one of this machine; allow it with `.host(..)`, or set a token"
        )))
    }
}

/// What changes something comes from the page, or from no browser.
fn check_origin(headers: &HeaderMap, host: &str) -> Result<(), Failure> {
    let site = text(headers, &SITE);
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(refused("the request comes from another site"));
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let authority = origin.to_str().ok().and_then(|it| it.split_once("://")).map(|(_, it)| it);
    if authority.is_some_and(|it| it.eq_ignore_ascii_case(host)) {
        return Ok(());
    }
    Err(refused("the request comes from another origin"))
}

fn check_token(headers: &HeaderMap, token: &str) -> Result<(), Failure> {
    let given = text(headers, &header::AUTHORIZATION).and_then(|it| it.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let given = given.map_or("", |(_, given)| given.trim());
    if !token.is_empty() && bool::from(given.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(());
    }
    let message = "the request needs the header `Authorization: Bearer <token>`";
    Err(Failure::new(StatusCode::UNAUTHORIZED, "unauthorized", message))
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "forbidden", message)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// The host of `host:port`, `host`, `[::1]:port` or `[::1]`.
fn without_port(authority: &str) -> &str {
    if let Some((host, _)) = authority.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return host;
    }
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

fn is_local(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Lets a request through, or answers in its place.
pub(super) async fn check(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match guard.check(&request) {
        Ok(()) => next.run(request).await,
        Err(failure) => {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                let (who, path) = (view::who(request.extensions()), request.uri().path());
                let why = &failure.message;
                tracing::warn!(target: "spawn::admin", who, path, why, "a request was refused");
            }
            let is_token = failure.status == StatusCode::UNAUTHORIZED;
            let mut response = failure.into_response();
            if is_token {
                let challenge = header::HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    let no_store = header::HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

#[cfg(test)]
mod tests {
    use super::{is_local, without_port};

    #[test]
    fn a_host_is_local_by_its_name_or_its_number() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "localhost.",
            "127.0.0.1:9640",
            "127.8.8.8",
            "[::1]:1",
            "[::1]",
        ] {
            assert!(is_local(without_port(host)), "{host}");
        }
        for host in [
            "",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "0.0.0.0",
            "10.0.0.1",
            "[::2]:1",
            "::1",
        ] {
            assert!(!is_local(without_port(host)), "{host}");
        }
    }
}
