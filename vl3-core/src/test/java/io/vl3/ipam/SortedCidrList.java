package io.vl3.ipam;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A pool as a list of the free prefixes, kept as CIDR texts and sorted, the narrowest first: taking
 * one splits the first that is wide enough, giving one back sorts it in and merges neighbours until
 * none are left. This is how the original's pool worked; {@link CidrListBenchmark} compares with
 * it. IPv4 only.
 */
final class SortedCidrList {

  private static final Comparator<String> NARROWEST_FIRST =
      Comparator.comparing(SortedCidrList::length)
          .reversed()
          .thenComparing(SortedCidrList::address);

  private List<String> free = new ArrayList<>();

  SortedCidrList(String pool) {
    free.add(pool);
  }

  /** The first prefix of that length; empty text if there is none. */
  String take(int length) {
    for (int i = 0; i < free.size(); i++) {
      if (length(free.get(i)) <= length) {
        return split(free.remove(i), length);
      }
    }
    return "";
  }

  /** Makes a prefix free again. */
  void give(String prefix) {
    free.add(prefix);
    free.sort(NARROWEST_FIRST);
    for (List<String> merged = merged(free); merged.size() < free.size(); merged = merged(free)) {
      free = merged;
    }
  }

  /** How many prefixes are in the list. */
  int size() {
    return free.size();
  }

  private String split(String prefix, int length) {
    String left = prefix;
    while (length(left) < length) {
      int half = length(left) + 1;
      long address = address(left);
      free.add(text(address + (1L << (32 - half)), half));
      left = text(address, half);
    }
    free.sort(NARROWEST_FIRST);
    return left;
  }

  /** One pass over the sorted list: two halves of one prefix become that prefix. */
  private static List<String> merged(List<String> sorted) {
    List<String> merged = new ArrayList<>(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      String one = sorted.get(i);
      if (i + 1 < sorted.size() && halves(one, sorted.get(i + 1))) {
        merged.add(text(address(one), length(one) - 1));
        i++;
      } else {
        merged.add(one);
      }
    }
    merged.sort(NARROWEST_FIRST);
    return merged;
  }

  private static boolean halves(String lower, String upper) {
    int length = length(lower);
    long size = 1L << (32 - length);
    return length == length(upper)
        && address(lower) % (2 * size) == 0
        && address(upper) == address(lower) + size;
  }

  private static int length(String prefix) {
    return Integer.parseInt(prefix, prefix.indexOf('/') + 1, prefix.length(), 10);
  }

  private static long address(String prefix) {
    long address = 0;
    int from = 0;
    for (int i = 0; i < 4; i++) {
      int to = prefix.indexOf(i < 3 ? '.' : '/', from);
      address = address << 8 | Integer.parseInt(prefix, from, to, 10);
      from = to + 1;
    }
    return address;
  }

  private static String text(long address, int length) {
    return (address >> 24)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255)
        + "/"
        + length;
  }
}
