package io.vl3.ipam;

/** Aligned runs of 2^order ones in a word of 64 bits, order 0 to 6. */
final class Runs {

  /** By order: where aligned runs may start. */
  private static final long[] STARTS = {
    -1L,
    0x5555_5555_5555_5555L,
    0x1111_1111_1111_1111L,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L,
    0x0000_0001_0000_0001L,
    1L
  };

  private Runs() {}

  /** The run of the order that starts at a bit. */
  static long run(int start, int order) {
    return order == 6 ? -1L : ((1L << (1 << order)) - 1) << start;
  }

  /** The bits at which runs of the order start. */
  static long starts(long word, int order) {
    long starts = word;
    for (int half = 0; half < order; half++) {
      starts &= starts >>> (1 << half);
    }
    return starts & STARTS[order];
  }

  /** The largest order of a run; -1 for a word without ones. */
  static int largest(long word) {
    int order = -1;
    long starts = word;
    while (starts != 0) {
      order++;
      if (order == 6) {
        return order;
      }
      starts &= starts >>> (1 << order) & STARTS[order + 1];
    }
    return order;
  }
}
