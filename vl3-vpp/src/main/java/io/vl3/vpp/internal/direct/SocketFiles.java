package io.vl3.vpp.internal.direct;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.zip.CRC32;

/**
 * Files of memif sockets by the numbers that VPP knows them by, and how many interfaces have each.
 * Every question takes the same time, however many there are. Not thread-safe.
 */
final class SocketFiles {

  /** Others number from 1; a number above all that they give is seldom met by two. */
  private static final long FIRST = 1L << 30;

  private static final long NUMBERS = 1L << 30;

  private final Map<Long, String> files = new HashMap<>();
  private final Map<String, TreeSet<Long>> numbers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  void put(long number, String file) {
    remove(number);
    files.put(number, file);
    numbers.computeIfAbsent(file, none -> new TreeSet<>()).add(number);
  }

  /** Whether all numbers but these have the same files here and there. */
  boolean isAs(SocketFiles others, Set<Long> except) {
    return Image.same(files, others.files, except);
  }

  /** Takes numbers of others with their files. */
  void take(SocketFiles others, LongPredicate which) {
    others.files.forEach(
        (number, file) -> {
          if (which.test(number)) {
            put(number, file);
          }
        });
  }

  void remove(long number) {
    String file = files.remove(number);
    if (file != null) {
      numbers.computeIfPresent(
          file,
          (same, all) -> {
            all.remove(number);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** The file of a number; empty text if it has none. */
  String file(long number) {
    return files.getOrDefault(number, "");
  }

  /** The lowest number of a file. */
  Optional<Long> number(String file) {
    return Optional.ofNullable(numbers.get(file)).map(TreeSet::first);
  }

  /**
   * A number without a file, which follows from the name of the file that is to have it. Who else
   * gives VPP sockets may have taken any number since they were read.
   */
  long free(String file) {
    CRC32 crc = new CRC32();
    crc.update(file.getBytes(StandardCharsets.UTF_8));
    long number = crc.getValue() % NUMBERS;
    while (files.containsKey(FIRST + number)) {
      number = (number + 1) % NUMBERS;
    }
    return FIRST + number;
  }

  /** All files. */
  Set<String> all() {
    return Set.copyOf(numbers.keySet());
  }

  /** An interface has the file. */
  void use(String file) {
    uses.merge(file, 1, Integer::sum);
  }

  /** An interface has it no more. */
  void leave(String file) {
    uses.computeIfPresent(file, (same, n) -> n == 1 ? null : n - 1);
  }

  /** Whether any interface has it. */
  boolean isUsed(String file) {
    return uses.containsKey(file);
  }
}
