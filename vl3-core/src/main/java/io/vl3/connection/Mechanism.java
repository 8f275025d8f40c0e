package io.vl3.connection;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the two sides of a hop are joined (NSM v1, {@code connection.Mechanism}).
 *
 * @param cls where the two sides are: {@link #LOCAL} or {@link #REMOTE}
 * @param type the kind of link, such as {@link #KERNEL}
 * @param parameters what the kind needs, by key
 */
public record Mechanism(String cls, String type, Map<String, String> parameters) {

  public static final String LOCAL = "LOCAL";
  public static final String REMOTE = "REMOTE";

  /** An interface of the Linux kernel in a network namespace. */
  public static final String KERNEL = "KERNEL";

  /** A shared memory interface between two user space data planes. */
  public static final String MEMIF = "MEMIF";

  /** A tunnel between two nodes (RFC 7348). */
  public static final String VXLAN = "VXLAN";

  /** Key: the network namespace, as {@code file://PATH} or {@code inode://DEV/INO}. */
  public static final String INODE_URL = "inodeURL";

  /** Key: the interface name, at most 15 characters for {@link #KERNEL}. */
  public static final String NAME = "name";

  /** Key: the socket of a {@link #MEMIF}. */
  public static final String SOCKET_FILE = "socketfile";

  /** Key: the link's MTU in bytes. */
  public static final String MTU = "MTU";

  /** Key: the tunnel's address on the caller's node. */
  public static final String SRC_IP = "src_ip";

  /** Key: the tunnel's address on the callee's node. */
  public static final String DST_IP = "dst_ip";

  /** Key: the UDP port of the tunnel on the callee's node. */
  public static final String DST_PORT = "dst_port";

  /** Key: the tunnel's virtual network identifier, 1 to 2^24 - 1. */
  public static final String VNI = "vni";

  /** Copies the parameters. */
  public Mechanism {
    parameters = Map.copyOf(parameters);
  }

  /** A local mechanism of the given type. */
  public static Mechanism local(String type, Map<String, String> parameters) {
    return new Mechanism(LOCAL, type, parameters);
  }

  /** A remote mechanism of the given type. */
  public static Mechanism remote(String type, Map<String, String> parameters) {
    return new Mechanism(REMOTE, type, parameters);
  }

  /** The value of a parameter; empty if it is absent or blank. */
  public Optional<String> parameter(String key) {
    return Optional.ofNullable(parameters.get(key)).filter(value -> !value.isBlank());
  }

  /** This mechanism with one parameter set. */
  public Mechanism with(String key, String value) {
    Map<String, String> changed = new HashMap<>(parameters);
    changed.put(key, value);
    return new Mechanism(cls, type, changed);
  }
}
