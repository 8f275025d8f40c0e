package io.vl3.ipam;

import java.util.Arrays;

/** A node of {@link FreeTree}: 64 slots, each free, taken, or opened into a child or a word. */
final class FreeNode {

  private static final long[] NO_WORDS = {};
  private static final FreeNode[] NO_CHILDREN = {};

  /** The slots that are wholly free. */
  long free;

  /** By order below a slot's own: the slots that hold a free block of that order. */
  final long[] offers;

  /** At level 1: the free addresses of opened slots. */
  final long[] words;

  /** Above level 1: the children of opened slots. */
  final FreeNode[] children;

  FreeNode(int level) {
    offers = new long[6 * level];
    words = level == 1 ? new long[64] : NO_WORDS;
    children = level == 1 ? NO_CHILDREN : new FreeNode[64];
  }

  void setAll(boolean isFree) {
    free = isFree ? -1 : 0;
    Arrays.fill(offers, free);
  }

  void setSlots(long slots, boolean isFree) {
    free = isFree ? free | slots : free & ~slots;
    for (int order = 0; order < offers.length; order++) {
      offers[order] = isFree ? offers[order] | slots : offers[order] & ~slots;
    }
  }

  /** Notes the largest order that an opened slot holds; -1 for nothing. */
  void offer(int slot, int largest) {
    long bit = 1L << slot;
    for (int o = largest + 1; o < offers.length && (offers[o] & bit) != 0; o++) {
      offers[o] &= ~bit;
    }
    for (int o = Math.min(largest, offers.length - 1); o >= 0 && (offers[o] & bit) == 0; o--) {
      offers[o] |= bit;
    }
  }

  /** The largest order of a free block in this node; -1 if nothing is free. */
  int largest() {
    if (free != 0) {
      return offers.length + Runs.largest(free);
    }
    int order = offers.length - 1;
    while (order >= 0 && offers[order] == 0) {
      order--;
    }
    return order;
  }
}
