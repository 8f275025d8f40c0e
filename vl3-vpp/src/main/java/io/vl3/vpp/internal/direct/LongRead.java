package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.Configurator.Reading;
import java.util.Optional;

/**
 * A read of all that a VPP has, over the connection that others send orders over meanwhile. What
 * they change since it began is noted. Used by one thread.
 */
final class LongRead implements Reading {

  private final VppApi api;
  private final Optional<NatDialect> nat;
  private final Touched since;
  private Optional<Image> read = Optional.empty();
  private Optional<ApiException> failure = Optional.empty();

  LongRead(VppApi api, Optional<NatDialect> nat, Touched since) {
    this.api = api;
    this.nat = nat;
    this.since = since;
  }

  @Override
  public void run() {
    try {
      read = Optional.of(ImageReader.readAmongOthers(api, nat));
    } catch (ApiException why) {
      failure = Optional.of(why);
    }
  }

  /** What was changed since it began. */
  Touched since() {
    return since;
  }

  /** The connection that it reads over. */
  VppApi api() {
    return api;
  }

  /**
   * What it found.
   *
   * @throws ApiException if it failed
   * @throws IllegalStateException if it has not run
   */
  Image found() throws ApiException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return read.orElseThrow(() -> new IllegalStateException("read: not run (expected: run)"));
  }
}
