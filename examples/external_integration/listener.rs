//! A browser, as far as this example needs one.

use std::net::SocketAddr;

use axum::http::Uri;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use spawn::BoxError;

/// Reads server-sent events.
pub(crate) struct Listener {
    body: axum::body::Body,
    unread: String,
}

impl Listener {
    pub(crate) async fn connect(address: SocketAddr, topic: &str) -> Result<Self, BoxError> {
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
        let uri: Uri = format!("http://{address}/topics/{topic}").parse()?;
        let response = client.get(uri).await?;
        if !response.status().is_success() {
            return Err(format!("{topic}: {}", response.status()).into());
        }
        Ok(Self { body: axum::body::Body::new(response.into_body()), unread: String::new() })
    }

    /// The data of the next event.
    pub(crate) async fn next(&mut self) -> Result<String, BoxError> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let data = data.map(str::to_owned);
                let rest = rest.len();
                self.unread.drain(..self.unread.len() - rest);
                // A comment keeps the connection alive and has no data.
                if let Some(data) = data {
                    return Ok(data);
                }
                continue;
            }
            let frame = self.body.frame().await.ok_or("the stream has ended")??;
            if let Ok(bytes) = frame.into_data() {
                self.unread += str::from_utf8(&bytes)?;
            }
        }
    }
}
