package io.vl3.cli.http;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client's channel that is writable or not as the test has it. */
final class SlowChannel extends EmbeddedChannel {

  private boolean writable = true;
  private final List<String> taken = new ArrayList<>();

  void writable(boolean now) {
    writable = now;
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  /** What was written, in order. */
  List<String> taken() {
    for (HttpContent content = readOutbound(); content != null; content = readOutbound()) {
      taken.add(content.content().toString(StandardCharsets.UTF_8));
      content.release();
    }
    return taken;
  }
}
