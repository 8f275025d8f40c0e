package io.vl3.cli.config;

/**
 * What carries the packets.
 *
 * @param type the kind
 * @param address the vpp-agent's host:port
 */
public record DataPlaneConfig(Type type, String address) {

  /** Where the original's agent listens. */
  public static final String STANDARD_ADDRESS = "localhost:9113";

  /** The kinds of data plane. */
  public enum Type {
    /** The Linux kernel. */
    KERNEL("kernel"),
    /** VPP through ligato's vpp-agent. */
    VPP_AGENT("vpp-agent"),
    /** None: addresses are given, nothing is programmed. */
    NONE("none");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** As the file spells it. */
    public String word() {
      return word;
    }

    static Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException("type: " + word);
    }
  }
}
