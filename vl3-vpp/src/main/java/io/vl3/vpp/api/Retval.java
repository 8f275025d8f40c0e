package io.vl3.vpp.api;

import java.util.Map;

/** The meaning of VPP's failure numbers, of those that a programmer of links meets. */
final class Retval {

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(-1, "unspecified"),
          Map.entry(-2, "no such interface"),
          Map.entry(-3, "no such routing table"),
          Map.entry(-6, "no such entry"),
          Map.entry(-7, "invalid value"),
          Map.entry(-9, "not implemented"),
          Map.entry(-11, "system call failed"),
          Map.entry(-30, "not for this kind of object, or disabled"),
          Map.entry(-60, "the interface has no such address"),
          Map.entry(-68, "interface with that number exists already"),
          Map.entry(-73, "invalid argument"),
          Map.entry(-74, "in use, or not in this state of the interface"),
          Map.entry(-79, "interface exists already"),
          Map.entry(-81, "exists already"),
          Map.entry(-105, "address in use"),
          Map.entry(-114, "address of an interface"),
          Map.entry(-116, "entry exists already"),
          Map.entry(-126, "unsupported"),
          Map.entry(-127, "address is another interface's already"),
          Map.entry(-151, "not an Ethernet interface"),
          Map.entry(-169, "disabled already"),
          Map.entry(-170, "enabled already"));

  private Retval() {}

  static String words(int retval) {
    String known = WORDS.get(retval);
    return known == null ? "error (%d)".formatted(retval) : "%s (%d)".formatted(known, retval);
  }
}
