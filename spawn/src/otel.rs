//! Traces that leave the program, with OTLP.
//!
//! With the feature `otel` the span of each action is a part of the trace of what caused it: the W3C trace context (`traceparent` and
//! `tracestate` in the [`Metadata`](crate::Metadata)) travels with calls, events, effects and scheduled calls, and is stored with them.
//! Any layer of the crate `tracing-opentelemetry` shows them; [`Exporter`] is one that sends them to a collector.
//!
//! ```no_run
//! use tracing_subscriber::prelude::*;
//!
//! # async fn example() -> Result<(), spawn::BoxError> {
//! // To OTEL_EXPORTER_OTLP_ENDPOINT, or http://localhost:4318.
//! let exporter = spawn::otel::Exporter::new("shop")?;
//! let spans = tracing_subscriber::filter::Targets::new().with_target("spawn", tracing::Level::DEBUG);
//! tracing_subscriber::registry().with(exporter.layer().with_filter(spans)).init();
//!
//! // The systems run, and have been shut down.
//! exporter.shutdown().await?;
//! # Ok(()) }
//! ```

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

/// Sends spans to a collector, in batches, from a thread of its own. Dropped, it sends those that it has, and waits for that; better is
/// [`shutdown`](Exporter::shutdown).
#[derive(Debug)]
pub struct Exporter {
    provider: SdkTracerProvider,
}

/// Why spans cannot be exported.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A variable of the environment is not what it has to be.
    #[error("the exporter of traces could not be made; look at the variables OTEL_EXPORTER_OTLP_*")]
    Configuration(#[source] ExporterBuildError),
    /// The last spans could not be sent.
    #[error("the last spans were not sent")]
    Flush(#[source] OTelSdkError),
}

/// How long a collector may take for one batch.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Exporter {
    /// An exporter to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) names, and else to
    /// `http://localhost:4318`: OTLP over HTTP, in protobuf. `service` is the `service.name`, unless `OTEL_SERVICE_NAME` says
    /// another.
    ///
    /// It speaks no TLS: for a collector elsewhere, run one on the machine that passes on what it gets, or make a layer of
    /// `tracing-opentelemetry` with an exporter of your own.
    ///
    /// # Errors
    /// If one of these variables is no URL.
    pub fn new(service: impl Into<String>) -> Result<Self, ExportError> {
        let exporter = SpanExporter::builder().with_http().with_http_client(Client::new()).build();
        let exporter = exporter.map_err(ExportError::Configuration)?;
        let named = std::env::var_os("OTEL_SERVICE_NAME").is_some_and(|name| !name.is_empty());
        let resource = Resource::builder();
        let resource = if named { resource } else { resource.with_service_name(service.into()) };
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_batch_exporter(exporter)
            .build();
        Ok(Self { provider })
    }

    /// The layer that takes the spans, for a subscriber of the crate `tracing-subscriber`. Give it a filter: what it takes it sends.
    pub fn layer<S>(&self) -> OpenTelemetryLayer<S, SdkTracer>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer().with_tracer(self.provider.tracer("spawn"))
    }

    /// Sends what it has; spans that end later are lost. To be called when the systems have been shut down.
    ///
    /// # Errors
    /// [`ExportError::Flush`] if the collector did not take it.
    ///
    /// # Cancel safety
    /// What it has is sent all the same.
    pub async fn shutdown(self) -> Result<(), ExportError> {
        // It waits for the thread that sends. The end of that does not tell how its last batch went.
        let flush = move || self.provider.force_flush().and(self.provider.shutdown());
        let flushed = tokio::task::spawn_blocking(flush).await;
        flushed.unwrap_or(Err(OTelSdkError::AlreadyShutdown)).map_err(ExportError::Flush)
    }
}

/// What the exporter's thread sends with; it may wait.
#[derive(Debug)]
struct Client(ureq::Agent);

impl Client {
    fn new() -> Self {
        // What the collector answers is the exporter's to judge.
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        Self(config.timeout_global(Some(TIMEOUT)).build().into())
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let response = self.0.run(Request::from_parts(head, body.to_vec()))?;
        let (head, mut body) = response.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }
}
