//! Tells a partner by HTTP.

use axum::http::{Request, Uri, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

use crate::shop::OrderCreated;

// ANCHOR: webhook
/// POSTs each order. It has a name: how far it is lasts, so that it goes on there after a restart.
pub(crate) struct WebhookNotifier {
    url: Uri,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl WebhookNotifier {
    pub(crate) fn new(url: Uri) -> Self {
        Self { url, client: Client::builder(TokioExecutor::new()).build_http() }
    }
}

impl Subscriber for WebhookNotifier {
    fn channels(&self) -> Vec<String> {
        vec!["order.*".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("webhook_notifier".to_owned())
    }

    /// After an error the same event comes again after a pause, and those behind it wait, so that the partner has them in order.
    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let OrderCreated { order_id, user_id } = event.decode()?;
        let body = json!({ "order_id": order_id, "user_id": user_id }).to_string();
        let request = Request::post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            // By which the partner knows an event that it has had: a lost answer brings it again.
            .header("idempotency-key", event.id().to_string())
            .body(Full::from(body))?;
        let status = self.client.request(request).await?.status();
        if status.is_success() {
            return Ok(());
        }
        let error = format!("{}: {status}", self.url);
        if status.is_client_error() {
            // Sent again, it would be refused again: straight to the dead letters.
            return Err(ActionError::new("refused", error).fatal().into());
        }
        Err(error.into())
    }
}
// ANCHOR_END: webhook
