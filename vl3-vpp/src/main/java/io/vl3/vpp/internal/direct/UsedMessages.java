package io.vl3.vpp.internal.direct;

import java.util.ArrayList;
import java.util.List;

/** The messages of VPP that are used; of those with several versions the newest first. */
public final class UsedMessages {

  /** Messages without which nothing can be done. */
  public static final List<List<String>> NEEDED =
      List.of(
          List.of("control_ping"),
          List.of("sw_interface_dump"),
          List.of("sw_interface_tag_add_del"),
          List.of("sw_interface_set_flags"),
          List.of("sw_interface_set_mtu"),
          List.of("sw_interface_add_del_address"),
          List.of("sw_interface_set_unnumbered"),
          List.of("sw_interface_set_table"),
          List.of("sw_interface_get_table"),
          List.of("want_interface_events"),
          List.of("create_loopback"),
          List.of("delete_loopback"),
          List.of("ip_address_dump"),
          List.of("ip_unnumbered_dump"),
          List.of("ip_table_dump"),
          List.of("ip_table_add_del_v2", "ip_table_add_del"),
          List.of("ip_route_add_del"),
          List.of("ip_route_v2_dump"),
          List.of("fib_source_dump"),
          List.of("memif_create_v2", "memif_create"),
          List.of("memif_delete"),
          List.of("memif_dump"),
          List.of("memif_socket_filename_dump"),
          List.of("memif_socket_filename_add_del_v2", "memif_socket_filename_add_del"));

  /** To take an interface of the kernel. */
  static final List<String> HOST = List.of("af_packet_create_v3", "af_packet_create");

  private UsedMessages() {}

  /** Messages for what not every network needs. */
  public static List<List<String>> optional() {
    List<List<String>> all = new ArrayList<>();
    all.add(HOST);
    all.add(List.of("af_packet_delete"));
    all.add(List.of("af_packet_dump"));
    all.add(List.of("sw_interface_set_rx_mode"));
    all.add(List.of("hw_interface_set_mtu"));
    for (NatDialect dialect : NatDialect.values()) {
      dialect.needed().forEach(message -> all.add(List.of(message)));
    }
    all.add(List.of("get_api_json"));
    return all;
  }
}
