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

  /**
   * In a registration: {@code hub} or {@code spoke}, in a network of that topology. A spoke's only
   * peers are hubs.
   */
  public static final String ROLE = "vl3Nse/role";

  /**
   * In a registration: the endpoint is registered in several registries, each of which says
   * otherwise since when. Which of two such endpoints dials is decided by their names.
   */
  public static final String REGISTRIES = "vl3Nse/registries";

  /** The value of {@link #REGISTRIES}. */
  public static final String SEVERAL = "several";

  /** The value of {@link #ROLE} of an endpoint that everybody is linked with. */
  public static final String HUB = "hub";

  /** The value of {@link #ROLE} of an endpoint that is linked with hubs only. */
  public static final String SPOKE = "spoke";

  /** In a spoke's request: whether it wants the hub to be its way to the whole network. */
  public static final String UPLINK = "vl3Nse/uplink";

  private PeerLabels() {}
}
