package io.vl3.registry;

/** The labels by which vL3 endpoints know each other. */
public final class PeerLabels {

  /** In a peer's request: its endpoint name, without domain. */
  public static final String NAME = "vl3Nse/nseSource/endpointName";

  /**
   * In a registration, and in a peer's request: one run of one endpoint, as random text. Tells a
   * peer that was started again from one that only refreshed its registration, and two endpoints of
   * one name in two domains apart. Endpoints that others built have none.
   */
  public static final String INSTANCE = "vl3Nse/instance";

  private PeerLabels() {}
}
