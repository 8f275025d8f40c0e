package io.vl3.ipam;

import io.vl3.net.IpPrefix;

/**
 * How full an own prefix is, in addresses. They are counted as floating point numbers, as a /64 has
 * more than fit into a long: exact up to 2^53.
 *
 * @param prefix the own prefix
 * @param addresses how many it has
 * @param taken how many of them are given out, or rest after that; blocks count whole
 * @param resting how many of the taken ones rest
 * @param excluded how many of them are never given out
 */
public record PoolStatus(
    IpPrefix prefix, double addresses, double taken, double resting, double excluded) {

  /** The share of it that is taken or excluded, 0 to 1. */
  public double fill() {
    return (taken + excluded) / addresses;
  }
}
