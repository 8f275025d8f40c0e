package io.vl3.vpp;

import io.vl3.dataplane.LinkKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * The sockets that an endpoint's MEMIF links listen on: one per live link, by numbered names, of
 * which the lowest free one is taken. Through an agent VPP keeps a name for ever, so names are used
 * again, but none that an interface still has.
 *
 * <p>Thread-safe; does not block.
 */
final class MemifSockets {

  /** sun_path of linux/un.h. */
  private static final int LONGEST = 108;

  private static final String LONGEST_NUMBER = "1234567";

  private final String begin;
  private final String end;
  private final String vppBegin;
  private final BiPredicate<String, LinkKey> isAnothers;
  private final BitSet taken = new BitSet();

  private MemifSockets(
      String begin, String end, String vppBegin, BiPredicate<String, LinkKey> isAnothers) {
    this.begin = begin;
    this.end = end;
    this.vppBegin = vppBegin;
    this.isAnothers = isAnothers;
    int bytes = (vppBegin + LONGEST_NUMBER + end).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST) {
      throw new IllegalArgumentException(
          "socket name: %s%s%s (expected: at most %d bytes)"
              .formatted(vppBegin, LONGEST_NUMBER, end, LONGEST));
    }
  }

  /**
   * A socket.
   *
   * @param number its number
   * @param told the name in a mechanism
   * @param vpp the name that VPP uses
   */
  record Socket(int number, String told, String vpp) {}

  /**
   * Files {@code DIRECTORY/ENDPOINT-N.sock}; a mechanism names the whole path.
   *
   * @param isAnothers whether VPP has an interface of another link of ours with that socket
   */
  static MemifSockets files(
      Path directory, String endpoint, BiPredicate<String, LinkKey> isAnothers) {
    String begin = directory.resolve(plain(endpoint) + "-").toString();
    return new MemifSockets(begin, ".sock", begin, isAnothers);
  }

  /**
   * Files {@code DIRECTORY/ENDPOINT-N.sock}; a mechanism names the file alone, because both sides
   * know the directory, as in NSM 0.2's workspace.
   *
   * @param isAnothers whether VPP has an interface of another link of ours with that socket
   */
  static MemifSockets namesWithin(
      Path directory, String endpoint, BiPredicate<String, LinkKey> isAnothers) {
    String name = plain(endpoint) + "-";
    return new MemifSockets(name, ".sock", directory.resolve(name).toString(), isAnothers);
  }

  /**
   * Names without files in VPP's network namespace, as NSM v1 has them: {@code @vl3/ENDPOINT-N}.
   *
   * @param isAnothers whether VPP has an interface of another link of ours with that socket
   */
  static MemifSockets abstractNames(String endpoint, BiPredicate<String, LinkKey> isAnothers) {
    String name = "vl3/" + plain(endpoint) + "-";
    return new MemifSockets("@" + name, "", "abstract:" + name, isAnothers);
  }

  /** Takes the lowest number that no link has. */
  synchronized Socket take(LinkKey key) {
    int number = taken.nextClearBit(0);
    while (isAnothers.test(socket(number).vpp(), key)) {
      number = taken.nextClearBit(number + 1);
    }
    taken.set(number);
    return socket(number);
  }

  /**
   * Takes the socket that a connection had before this process started; empty if another link has
   * it.
   */
  synchronized Optional<Socket> takeAgain(String told, LinkKey key) {
    Optional<Integer> number =
        numberOf(told)
            .filter(n -> !taken.get(n))
            .filter(n -> !isAnothers.test(socket(n).vpp(), key));
    number.ifPresent(taken::set);
    return number.map(this::socket);
  }

  /** The same by the name that VPP uses. */
  synchronized Optional<Socket> takeStanding(String vpp, LinkKey key) {
    boolean ours =
        vpp.startsWith(vppBegin)
            && vpp.endsWith(end)
            && vpp.length() > vppBegin.length() + end.length();
    return ours
        ? takeAgain(begin + vpp.substring(vppBegin.length(), vpp.length()), key)
        : Optional.empty();
  }

  /** Gives one back; idempotent. */
  synchronized void free(Socket socket) {
    taken.clear(socket.number());
  }

  /** How many are taken. */
  synchronized int size() {
    return taken.cardinality();
  }

  private Socket socket(int number) {
    return new Socket(number, begin + number + end, vppBegin + number + end);
  }

  private Optional<Integer> numberOf(String told) {
    if (!told.startsWith(begin)
        || !told.endsWith(end)
        || told.length() <= begin.length() + end.length()) {
      return Optional.empty();
    }
    String number = told.substring(begin.length(), told.length() - end.length());
    return number.matches("0|[1-9][0-9]{0,5}")
        ? Optional.of(Integer.parseInt(number))
        : Optional.empty();
  }

  private static String plain(String endpoint) {
    return endpoint.replaceAll("[^A-Za-z0-9_.-]", "-");
  }
}
