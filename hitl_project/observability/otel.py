"""Spans by OpenTelemetry. Its packages are the extra ``otel``; its own variables say where the spans go."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanProcessor

from approvals import tracing


class OpenTelemetry:
    """Keeps spans in the tracer of a provider."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("hitl")

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, str], carried: Mapping[str, str]) -> Iterator[None]:
        """Keep a span; of what was raised only the type, as a message may hold what is private."""
        parent = propagate.extract(carried) if carried else None
        with self._tracer.start_as_current_span(
            name, parent, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(trace.StatusCode.ERROR)
                raise

    def note(self, attributes: Mapping[str, str]) -> None:
        """Add to the current span."""
        trace.get_current_span().set_attributes(attributes)

    def carried(self) -> dict[str, str]:
        """Return the current span as headers."""
        headers: dict[str, str] = {}
        propagate.inject(headers)
        return {name: value for name, value in headers.items() if name == tracing.NAME}


def start(processor: SpanProcessor | None = None) -> None:
    """Keep spans, and send them in batches to OTEL_EXPORTER_OTLP_ENDPOINT unless there is another processor."""
    named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "hitl"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    tracing.use(OpenTelemetry(provider))
