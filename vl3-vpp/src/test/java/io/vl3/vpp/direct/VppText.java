package io.vl3.vpp.direct;

import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.api.VppApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a VPP has, asked by its API, as sorted text without what VPP numbers or negotiates. */
final class VppText {

  private static final long ALL = 0xffffffffL;

  private final VppApi api;
  private final List<String> lines = new ArrayList<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Map<Long, String> sockets = new HashMap<>();

  private VppText(VppApi api) {
    this.api = api;
  }

  static String read(VppApi api) throws ApiException {
    VppText text = new VppText(api);
    text.readSockets();
    text.readFaces();
    text.readTables();
    text.readTranslation("nat44_");
    text.readTranslation("nat44_ei_");
    text.lines.sort(null);
    return String.join("\n", text.lines);
  }

  private void readSockets() throws ApiException {
    for (ApiMessage socket : api.dump(ApiMessage.of("memif_socket_filename_dump"))) {
      if (socket.number("socket_id") != 0) {
        sockets.put(socket.number("socket_id"), socket.text("socket_filename"));
        lines.add("socket " + socket.text("socket_filename"));
      }
    }
  }

  private void readFaces() throws ApiException {
    Map<Long, String> memifs = new HashMap<>();
    for (ApiMessage memif : api.dump(ApiMessage.of("memif_dump"))) {
      memifs.put(
          memif.number("sw_if_index"),
          " %s %s %s id %d"
              .formatted(
                  memif.number("role") == 0 ? "master" : "slave",
                  memif.number("mode") == 0 ? "ethernet" : "ip",
                  sockets.get(memif.number("socket_id")),
                  memif.number("id")));
    }
    List<ApiMessage> faces = api.dump(ApiMessage.of("sw_interface_dump"));
    faces.forEach(face -> names.put(face.number("sw_if_index"), name(face)));
    for (ApiMessage face : faces) {
      long index = face.number("sw_if_index");
      if (index != 0) {
        lines.add(
            "interface %s %s%s%s mtu %s mac %s tables %d/%d%s"
                .formatted(
                    name(face),
                    face.text("interface_dev_type"),
                    memifs.getOrDefault(index, ""),
                    (face.number("flags") & 1) != 0 ? " up" : " down",
                    face.body().numbers("mtu"),
                    face.bytes("l2_address"),
                    table(index, false),
                    table(index, true),
                    addresses(index)));
      }
    }
    for (ApiMessage borrower :
        api.dump(ApiMessage.of("ip_unnumbered_dump").with("sw_if_index", ALL))) {
      lines.add(
          "unnumbered %s of %s"
              .formatted(
                  names.get(borrower.number("sw_if_index")),
                  names.get(borrower.number("ip_sw_if_index"))));
    }
  }

  private static String name(ApiMessage face) {
    return face.text("tag").isEmpty() ? face.text("interface_name") : face.text("tag");
  }

  private long table(long index, boolean six) throws ApiException {
    return api.request(
            ApiMessage.of("sw_interface_get_table").with("sw_if_index", index).with("is_ipv6", six))
        .number("vrf_id");
  }

  private String addresses(long index) throws ApiException {
    StringBuilder words = new StringBuilder();
    for (boolean six : new boolean[] {false, true}) {
      api
          .dump(ApiMessage.of("ip_address_dump").with("sw_if_index", index).with("is_ipv6", six))
          .stream()
          .map(address -> " " + prefix(address.struct("prefix")))
          .sorted()
          .forEach(words::append);
    }
    return words.toString();
  }

  private static String prefix(ApiStruct prefix) {
    ApiStruct address = prefix.struct("address");
    return octets(address.struct("un"), address.number("af") == 1) + "/" + prefix.number("len");
  }

  private static String octets(ApiStruct union, boolean six) {
    return union.bytes(six ? "ip6" : "ip4").toString();
  }

  private void readTables() throws ApiException {
    long source = -1;
    for (ApiMessage details : api.dump(ApiMessage.of("fib_source_dump"))) {
      source =
          details.struct("src").text("name").equals("API")
              ? details.struct("src").number("id")
              : source;
    }
    for (ApiMessage details : api.dump(ApiMessage.of("ip_table_dump"))) {
      ApiStruct table = details.struct("table");
      if (table.number("table_id") != 0) {
        lines.add(
            "table %s %d '%s'"
                .formatted(
                    table.is("is_ip6") ? "ip6" : "ip4",
                    table.number("table_id"),
                    table.text("name")));
      }
      for (ApiMessage route :
          api.dump(
              ApiMessage.of("ip_route_v2_dump").with("src", source).with("table", key(table)))) {
        readRoute(route.struct("route"), table.is("is_ip6"));
      }
    }
  }

  private static ApiStruct key(ApiStruct table) {
    return ApiStruct.of("table_id", table.number("table_id")).with("is_ip6", table.is("is_ip6"));
  }

  private void readRoute(ApiStruct route, boolean six) {
    for (ApiStruct path : route.structs("paths")) {
      lines.add(
          "route %s in %s %d via %s over %s, type %d proto %d weight %d"
              .formatted(
                  prefix(route.struct("prefix")),
                  six ? "ip6" : "ip4",
                  route.number("table_id"),
                  octets(path.struct("nh").struct("address"), six),
                  names.getOrDefault(path.number("sw_if_index"), "nothing"),
                  path.number("type"),
                  path.number("proto"),
                  path.number("weight")));
    }
  }

  private void readTranslation(String begin) throws ApiException {
    String config = begin + "show_running_config";
    if (!api.has(config) || api.request(ApiMessage.of(config)).number("sessions") == 0) {
      return;
    }
    lines.add("nat " + begin);
    for (ApiMessage pool : api.dump(ApiMessage.of(begin + "address_dump"))) {
      lines.add("nat pool %s vrf %d".formatted(pool.bytes("ip_address"), pool.number("vrf_id")));
    }
    for (ApiMessage face : api.dump(ApiMessage.of(begin + "interface_dump"))) {
      lines.add(
          "nat interface %s %d"
              .formatted(names.get(face.number("sw_if_index")), face.number("flags")));
    }
    for (ApiMessage mapping : api.dump(ApiMessage.of(begin + "static_mapping_dump"))) {
      lines.add(
          "nat mapping %d %s:%d to %s:%d vrf %d flags %d '%s'"
              .formatted(
                  mapping.number("protocol"),
                  mapping.bytes("external_ip_address"),
                  mapping.number("external_port"),
                  mapping.bytes("local_ip_address"),
                  mapping.number("local_port"),
                  mapping.number("vrf_id"),
                  mapping.number("flags"),
                  mapping.text("tag")));
    }
  }
}
