package io.vl3.cli.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vl3.cli.http.Reply;
import io.vl3.cli.http.Request;
import io.vl3.cli.http.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The figures of a registry, at {@code /metrics}, in the text format that is asked for. */
final class Figures implements Site {

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;

  Figures(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Reply get(Request request) {
    return request.path().equals("/metrics")
        ? scrape(request.accept())
        : Reply.text(404, "nothing is there; figures are at /metrics");
  }

  private Reply scrape(String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Reply(200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
  }
}
