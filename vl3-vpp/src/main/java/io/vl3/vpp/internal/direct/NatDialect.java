package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiMessage;
import java.util.List;

/**
 * The two plugins of VPP that translate addresses, which have the same messages under other names:
 * nat44_ed (endpoint dependent) and nat44_ei (endpoint independent).
 */
enum NatDialect {
  ED("nat44_ed_plugin_enable_disable", "nat44_", 0x20, 0x10),
  EI("nat44_ei_plugin_enable_disable", "nat44_ei_", 0x10, 0x20);

  /** Not its second version, a field of which VPP 22.10 reads otherwise than later ones. */
  private static final String MAPPING = "add_del_static_mapping";

  private final String enabling;
  private final String begin;
  private final int inside;
  private final int outside;

  NatDialect(String enabling, String begin, int inside, int outside) {
    this.enabling = enabling;
    this.begin = begin;
    this.inside = inside;
    this.outside = outside;
  }

  /** The message that switches it on and off. */
  ApiMessage enable(boolean on) {
    return ApiMessage.of(enabling).with("enable", on);
  }

  String enabling() {
    return enabling;
  }

  ApiMessage question(String what) {
    return ApiMessage.of(begin + what);
  }

  /** The message that maps a port. */
  ApiMessage mapping() {
    return question(MAPPING);
  }

  /** The flag of an interface inside. */
  int inside() {
    return inside;
  }

  /** The flag of an interface outside. */
  int outside() {
    return outside;
  }

  /** Messages without which it is of no use. */
  List<String> needed() {
    return List.of(
        enabling,
        begin + "show_running_config",
        begin + "address_dump",
        begin + "interface_dump",
        begin + "static_mapping_dump",
        begin + "add_del_address_range",
        begin + "interface_add_del_feature",
        begin + MAPPING);
  }
}
