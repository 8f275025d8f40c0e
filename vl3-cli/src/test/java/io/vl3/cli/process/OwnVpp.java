package io.vl3.cli.process;

import java.nio.file.Path;

/** The VPP of one NSE, a fake, and the way to it: by its agent, or by its own API. */
interface OwnVpp extends AutoCloseable {

  /** Those of {@code vl3 run}. */
  enum Way {
    AGENT,
    DIRECT;

    OwnVpp start(Path directory) throws Exception {
      return this == AGENT ? OwnAgent.start() : OwnApi.start(directory);
    }
  }

  /** The lines below {@code dataplane:} in the configuration that name it, each ended. */
  String dataplane();

  /** What is configured, as sorted text. */
  String state();

  /** How many interfaces were made. */
  int created();

  /** Whether a route leads to a prefix. */
  boolean leadsTo(String prefix);

  /** The other ends of all memifs are there from now on. */
  void connectAll();

  /** Somebody deletes the route to a prefix; from now on it is refused. */
  void loseRoute(String prefix);

  /** Every route is taken again. */
  void takeRoutes();

  @Override
  void close();
}
