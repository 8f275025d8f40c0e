package io.vl3.cli.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vl3.cli.http.Reply;
import io.vl3.cli.http.Request;
import io.vl3.cli.http.Site;
import io.vl3.cli.probe.Probes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The figures of a registry, at {@code /metrics}, in the text format that is asked for, and the
 * probes beside it.
 */
final class Figures implements Site {

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;
  private final Probes probes;

  Figures(PrometheusRegistry registry, Probes probes) {
    this.registry = registry;
    this.probes = probes;
  }

  @Override
  public Reply get(Request request) {
    return request.path().equals("/metrics")
        ? scrape(request.accept())
        : probes
            .get(request.path())
            .orElseGet(() -> Reply.text(404, "expected: /metrics, /livez, /readyz or /startupz\n"));
  }

  private Reply scrape(String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Reply(200, writer.getContentType(), ByteBuffer.wrap(text.toByteArray()));
  }
}
