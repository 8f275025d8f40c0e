package io.vl3.ipam;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.function.Consumer;

/**
 * The free addresses of a prefix, as a tree of 64-way nodes over the bits of an address. Finding
 * the lowest free block, taking and giving back cost a step per six bits, however full it is. Where
 * all is free or all is taken there are no nodes. Not thread-safe.
 *
 * <p>A block is its first address, as two longs, and its order: the number of host bits. A node of
 * level n has 64 slots of order 6n. Below level 1 a slot is the 64 bits of a word.
 */
final class FreeTree {

  private static final int FAN = 6;

  private final int bits;
  private final int top;
  private final IpPrefix all;
  private final FreeNode root;
  private final FreeNode[] spares;
  private long foundHigh;
  private long foundLow;
  private long steps;

  /** A tree in which all addresses of the prefix are free. */
  FreeTree(IpPrefix all) {
    this.all = all;
    bits = all.family().bits();
    int order = bits - all.length();
    top = Math.max(1, (order + FAN - 1) / FAN - 1);
    spares = new FreeNode[top + 1];
    root = new FreeNode(top);
    root.setAll(false);
    give(all.first().high(), all.first().low(), order);
  }

  long foundHigh() {
    return foundHigh;
  }

  long foundLow() {
    return foundLow;
  }

  /** How many nodes were looked at so far: what its calls have cost. */
  long steps() {
    return steps;
  }

  /** Finds the lowest free block of the order. */
  boolean findLowest(int order) {
    return lowestIn(root, top, order, baseHigh(), baseLow());
  }

  /** Finds the lowest free block of the order that starts at the given address or after it. */
  boolean findFrom(int order, long high, long low) {
    return lowestFrom(root, top, order, baseHigh(), baseLow(), high, low);
  }

  /** Takes a block that is free. */
  void take(long high, long low, int order) {
    take(root, top, high, low, order);
  }

  /** Gives back a block that is taken. */
  void give(long high, long low, int order) {
    give(root, top, high, low, order);
  }

  /** Whether all of the block is free. */
  boolean isFree(long high, long low, int order) {
    return is(true, high, low, order);
  }

  /** Whether all of the block is taken. */
  boolean isTaken(long high, long low, int order) {
    return is(false, high, low, order);
  }

  /** Names free blocks that together are all that is free, lowest first. */
  void forEachFree(Consumer<IpPrefix> action) {
    forEachFree(root, top, baseHigh(), baseLow(), action);
  }

  private boolean lowestIn(FreeNode start, int startLevel, int order, long high, long low) {
    FreeNode node = start;
    int level = startLevel;
    long highSoFar = high;
    long lowSoFar = low;
    while (true) {
      steps++;
      boolean ofSlots = order >= FAN * level;
      long candidates = ofSlots ? Runs.starts(node.free, order - FAN * level) : node.offers[order];
      if (candidates == 0) {
        return false;
      }
      int slot = Long.numberOfTrailingZeros(candidates);
      highSoFar |= highBits(slot, level);
      lowSoFar |= lowBits(slot, level);
      if (ofSlots || (node.free >>> slot & 1) != 0) {
        return found(highSoFar, lowSoFar);
      }
      if (level == 1) {
        long runs = Runs.starts(node.words[slot], order);
        return found(highSoFar, lowSoFar | Long.numberOfTrailingZeros(runs));
      }
      node = node.children[slot];
      level--;
    }
  }

  private boolean lowestFrom(
      FreeNode node, int level, int order, long high, long low, long fromHigh, long fromLow) {
    steps++;
    int first = slot(fromHigh, fromLow, level);
    if (order >= FAN * level) {
      long runs = Runs.starts(node.free, order - FAN * level) & -1L << first;
      int slot = Long.numberOfTrailingZeros(runs);
      return runs != 0 && found(high | highBits(slot, level), low | lowBits(slot, level));
    }
    long candidates = node.offers[order] & -1L << first;
    if ((candidates >>> first & 1) != 0) {
      if ((node.free >>> first & 1) != 0) {
        return found(fromHigh, fromLow);
      }
      if (partFrom(node, first, level, order, high, low, fromHigh, fromLow)) {
        return true;
      }
      candidates &= ~(1L << first);
    }
    if (candidates == 0) {
      return false;
    }
    int slot = Long.numberOfTrailingZeros(candidates);
    return lowestOfSlot(
        node, slot, level, order, high | highBits(slot, level), low | lowBits(slot, level));
  }

  /** The search in the slot where the bound lies. */
  private boolean partFrom(
      FreeNode node,
      int slot,
      int level,
      int order,
      long high,
      long low,
      long fromHigh,
      long fromLow) {
    long slotHigh = high | highBits(slot, level);
    long slotLow = low | lowBits(slot, level);
    if (level > 1) {
      return lowestFrom(
          node.children[slot], level - 1, order, slotHigh, slotLow, fromHigh, fromLow);
    }
    long runs = Runs.starts(node.words[slot], order) & -1L << slot(fromHigh, fromLow, 0);
    return runs != 0 && found(slotHigh, slotLow | Long.numberOfTrailingZeros(runs));
  }

  private boolean lowestOfSlot(FreeNode node, int slot, int level, int order, long high, long low) {
    if ((node.free >>> slot & 1) != 0) {
      return found(high, low);
    }
    if (level > 1) {
      return lowestIn(node.children[slot], level - 1, order, high, low);
    }
    return found(high, low | Long.numberOfTrailingZeros(Runs.starts(node.words[slot], order)));
  }

  private boolean found(long high, long low) {
    foundHigh = high;
    foundLow = low;
    return true;
  }

  private void take(FreeNode node, int level, long high, long low, int order) {
    steps++;
    int slot = slot(high, low, level);
    if (order >= FAN * level) {
      node.setSlots(Runs.run(slot, order - FAN * level), false);
      return;
    }
    if ((node.free >>> slot & 1) != 0) {
      split(node, slot, level, true);
    }
    if (level == 1) {
      node.words[slot] &= ~Runs.run(slot(high, low, 0), order);
      node.offer(slot, Runs.largest(node.words[slot]));
      return;
    }
    FreeNode child = node.children[slot];
    take(child, level - 1, high, low, order);
    int largest = child.largest();
    node.offer(slot, largest);
    if (largest < 0) {
      drop(node, slot, level);
    }
  }

  private void give(FreeNode node, int level, long high, long low, int order) {
    steps++;
    int slot = slot(high, low, level);
    if (order >= FAN * level) {
      node.setSlots(Runs.run(slot, order - FAN * level), true);
      return;
    }
    if ((node.offers[0] >>> slot & 1) == 0) {
      split(node, slot, level, false);
    }
    if (level == 1) {
      node.words[slot] |= Runs.run(slot(high, low, 0), order);
      int largest = Runs.largest(node.words[slot]);
      node.offer(slot, largest);
      node.free |= largest == FAN ? 1L << slot : 0;
      return;
    }
    FreeNode child = node.children[slot];
    give(child, level - 1, high, low, order);
    node.offer(slot, child.largest());
    if (child.free == -1) {
      node.free |= 1L << slot;
      drop(node, slot, level);
    }
  }

  /** Opens a slot that was wholly free or wholly taken. */
  private void split(FreeNode node, int slot, int level, boolean free) {
    node.free &= ~(1L << slot);
    if (level == 1) {
      node.words[slot] = free ? -1 : 0;
      return;
    }
    FreeNode child = spares[level - 1];
    spares[level - 1] = null;
    if (child == null) {
      child = new FreeNode(level - 1);
    }
    child.setAll(free);
    node.children[slot] = child;
  }

  /** Forgets a child; one per level is kept, so that a slot on the edge does not make garbage. */
  private void drop(FreeNode node, int slot, int level) {
    spares[level - 1] = node.children[slot];
    node.children[slot] = null;
  }

  private boolean is(boolean free, long high, long low, int order) {
    FreeNode node = root;
    for (int level = top; ; level--) {
      steps++;
      int slot = slot(high, low, level);
      if (order >= FAN * level) {
        long run = Runs.run(slot, order - FAN * level);
        return ((free ? node.free : ~node.offers[0]) & run) == run;
      }
      if ((node.free >>> slot & 1) != 0) {
        return free;
      }
      if ((node.offers[0] >>> slot & 1) == 0) {
        return !free;
      }
      if (level == 1) {
        long run = Runs.run(slot(high, low, 0), order);
        return ((free ? node.words[slot] : ~node.words[slot]) & run) == run;
      }
      node = node.children[slot];
    }
  }

  private void forEachFree(
      FreeNode node, int level, long high, long low, Consumer<IpPrefix> action) {
    for (long left = node.offers[0]; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      long slotHigh = high | highBits(slot, level);
      long slotLow = low | lowBits(slot, level);
      if ((node.free >>> slot & 1) != 0) {
        action.accept(block(slotHigh, slotLow, FAN * level));
      } else if (level > 1) {
        forEachFree(node.children[slot], level - 1, slotHigh, slotLow, action);
      } else {
        for (long word = node.words[slot]; word != 0; word &= word - 1) {
          action.accept(block(slotHigh, slotLow | Long.numberOfTrailingZeros(word), 0));
        }
      }
    }
  }

  private IpPrefix block(long high, long low, int order) {
    return new IpPrefix(new IpAddress(all.family(), high, low), bits - order);
  }

  /** The bits above the root's slots, which all addresses share. */
  private long baseHigh() {
    return all.first().high() & ~mask(FAN * (top + 1) - 64);
  }

  private long baseLow() {
    return all.first().low() & ~mask(FAN * (top + 1));
  }

  private static long mask(int lowBits) {
    return lowBits <= 0 ? 0 : lowBits >= 64 ? -1 : (1L << lowBits) - 1;
  }

  private static int slot(long high, long low, int level) {
    int shift = FAN * level;
    if (shift >= 64) {
      return (int) (high >>> (shift - 64)) & 63;
    }
    long value = low >>> shift;
    return (int) (shift > 58 ? value | high << (64 - shift) : value) & 63;
  }

  private static long highBits(int slot, int level) {
    int shift = FAN * level;
    if (shift >= 64) {
      return (long) slot << (shift - 64);
    }
    return shift > 58 ? (long) slot >>> (64 - shift) : 0;
  }

  private static long lowBits(int slot, int level) {
    int shift = FAN * level;
    return shift >= 64 ? 0 : (long) slot << shift;
  }
}
