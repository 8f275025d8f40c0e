package io.vl3.cli.verify;

import io.vl3.linux.Echo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The largest packet that passes a way and back, with the don't-fragment bit set.
 *
 * @param bytes with the IP header; 0: not even the least passes
 * @param verdict what is said of larger ones
 */
record PathMtu(int bytes, Verdict verdict) {

  /** The fate of a packet that is a byte larger. */
  enum Verdict {
    /** The own interface refuses it: nothing on the way is smaller. */
    WHOLE,
    /** A router on the way says that it is too big: senders adapt. */
    TOLD,
    /** It is lost without a word: senders stall. */
    BLACK_HOLE
  }

  /** Sends a packet of a size, and tells what came of it. */
  interface Sender {
    CompletableFuture<Echo> send(int packetBytes) throws IOException;
  }

  private static final int AT_ONCE = 16;

  /**
   * Finds it; blocks for one timeout of the sender if all is well, for some if not.
   *
   * @param least what every link must carry
   * @param most the own interface's MTU
   */
  static PathMtu find(Sender sender, int least, int most) throws IOException {
    NavigableMap<Integer, Echo> larger = new TreeMap<>();
    int low = 0;
    int high = most;
    List<Integer> sizes = List.of(most);
    while (low < high) {
      low = Math.max(low, tryAll(sender, sizes, larger));
      high = larger.isEmpty() ? high : Math.min(high, larger.firstKey() - 1);
      sizes = between(Math.max(low, least - 1), high);
      if (sizes.isEmpty()) {
        break;
      }
    }
    if (low == most) {
      return new PathMtu(most, Verdict.WHOLE);
    }
    boolean told = !larger.isEmpty() && larger.firstEntry().getValue() instanceof Echo.TooBig;
    return new PathMtu(low, told ? Verdict.TOLD : Verdict.BLACK_HOLE);
  }

  /** The largest that was answered; those above it that were not are noted. */
  private static int tryAll(Sender sender, List<Integer> sizes, NavigableMap<Integer, Echo> larger)
      throws IOException {
    List<CompletableFuture<Echo>> sent = new ArrayList<>();
    for (int size : sizes) {
      sent.add(sender.send(size));
    }
    int answered = 0;
    for (int i = 0; i < sent.size(); i++) {
      Echo echo = sent.get(i).join();
      if (echo instanceof Echo.Answered) {
        answered = sizes.get(i);
        larger.headMap(answered, true).clear();
      } else {
        larger.put(sizes.get(i), echo);
      }
    }
    return answered;
  }

  /** Some sizes above the one and up to the other, evenly apart. */
  private static List<Integer> between(int low, int high) {
    int count = Math.min(AT_ONCE, high - low);
    List<Integer> sizes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      sizes.add(low + (int) ((long) (high - low) * i / count));
    }
    return sizes;
  }
}
