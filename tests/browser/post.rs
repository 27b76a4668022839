//! Requests that do not come from the browser.

use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// Posts JSON, with an idempotency key if there is one, and gives the status and the answer; `None` if there is no answer.
///
/// # Panics
/// If the answer is no JSON.
pub async fn post(address: &str, key: Option<&str>, body: &Value) -> Option<(u16, Value)> {
    let mut request = http::Request::post(address).header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let request = request.body(body.to_string()).unwrap();
    // A connection of its own, so that none is left of a server that was killed.
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.ok()?;
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.ok()?.to_bytes();
    Some((status, serde_json::from_slice(&bytes).unwrap()))
}
