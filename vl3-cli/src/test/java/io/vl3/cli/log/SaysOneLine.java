package io.vl3.cli.log;

import org.slf4j.LoggerFactory;

/** A process that logs something, for {@link LogSetupTest}. */
final class SaysOneLine {

  private SaysOneLine() {}

  public static void main(String[] arguments) {
    LoggerFactory.getLogger("io.vl3.Own").warn("away");
    LoggerFactory.getLogger("io.vl3.Own").info("a detail");
    LoggerFactory.getLogger("io.grpc.netty.Handler").warn("inner life");
  }
}
