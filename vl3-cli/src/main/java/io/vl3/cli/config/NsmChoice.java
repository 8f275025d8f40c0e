package io.vl3.cli.config;

/**
 * Which Network Service Mesh is used.
 *
 * @param api the kind
 * @param address the manager's URL; empty for the embedded one and for 0.2
 * @param why what decided, for people
 */
public record NsmChoice(Api api, String address, String why) {

  /** The kinds of NSM. */
  public enum Api {
    /** The machine's own manager. */
    EMBEDDED("the machine's embedded manager"),
    /** A manager with the v1 API. */
    V1("NSM v1"),
    /** A manager with the 0.2 API. */
    V0_2("NSM 0.2");

    private final String title;

    Api(String title) {
      this.title = title;
    }

    /** As people read it. */
    public String title() {
      return title;
    }
  }

  /** {@code title [at address] (why)}. */
  @Override
  public String toString() {
    return api.title() + (address.isEmpty() ? "" : " at " + address) + " (" + why + ")";
  }
}
