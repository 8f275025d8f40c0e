package io.vl3.vpp.testing;

import io.vl3.vpp.api.ApiMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The address translation of a {@link FakeVppModel}, of either plugin. Used under its lock. */
final class FakeNat {

  private static final int SESSIONS = 64512;

  private final LongFunction<String> names;
  private final Map<String, ApiMessage> pools = new TreeMap<>();
  private final Map<Long, Long> faces = new TreeMap<>();
  private final Map<String, ApiMessage> mappings = new TreeMap<>();
  private String enabled = "";

  FakeNat(LongFunction<String> names) {
    this.names = names;
  }

  void clear() {
    pools.clear();
    faces.clear();
    mappings.clear();
    enabled = "";
  }

  void gone(int face) {
    faces.remove((long) face);
  }

  List<String> state() {
    List<String> lines = new ArrayList<>();
    if (!enabled.isEmpty()) {
      lines.add("nat " + enabled);
    }
    pools.keySet().forEach(pool -> lines.add("nat pool " + pool));
    faces.forEach(
        (face, flags) -> lines.add("nat interface %s %d".formatted(names.apply(face), flags)));
    mappings.forEach(
        (key, m) -> lines.add("nat mapping %s to %s '%s'".formatted(key, local(m), m.text("tag"))));
    return lines;
  }

  private static String local(ApiMessage mapping) {
    return mapping.bytes("local_ip_address") + ":" + mapping.number("local_port");
  }

  List<ApiMessage> handle(ApiMessage request) {
    String begin = request.name().startsWith("nat44_ei_") ? "nat44_ei_" : "nat44_";
    String what = request.name().substring(begin.length());
    boolean needs = what.contains("add_del");
    if (needs && enabled.isEmpty()) {
      return FakeVppModel.reply(request, -169);
    }
    return switch (what) {
      case "ed_plugin_enable_disable", "plugin_enable_disable" -> enable(request, begin);
      case "show_running_config" ->
          List.of(
              ApiMessage.of(request.name() + "_reply")
                  .with("sessions", enabled.equals(begin) ? SESSIONS : 0));
      case "add_del_address_range" -> pool(request);
      case "address_dump" ->
          details(
              begin + "address_details",
              pools.values(),
              pool ->
                  Map.of(
                      "ip_address",
                      pool.bytes("first_ip_address"),
                      "vrf_id",
                      pool.number("vrf_id")));
      case "interface_add_del_feature" -> face(request);
      case "interface_dump" ->
          faces.entrySet().stream()
              .map(
                  face ->
                      ApiMessage.of(begin + "interface_details")
                          .with("sw_if_index", face.getKey())
                          .with("flags", face.getValue()))
              .toList();
      case "add_del_static_mapping", "add_del_static_mapping_v2" -> mapping(request);
      case "static_mapping_dump" ->
          details(begin + "static_mapping_details", mappings.values(), FakeNat::shown);
      default -> throw new AssertionError("the fake does not know " + request);
    };
  }

  private static Map<String, Object> shown(ApiMessage mapping) {
    Map<String, Object> values = new LinkedHashMap<>(mapping.body().values());
    values
        .keySet()
        .retainAll(
            List.of(
                "local_ip_address",
                "external_ip_address",
                "protocol",
                "local_port",
                "external_port",
                "external_sw_if_index",
                "vrf_id",
                "tag"));
    return values;
  }

  private List<ApiMessage> details(
      String name,
      java.util.Collection<ApiMessage> entries,
      java.util.function.Function<ApiMessage, Map<String, Object>> values) {
    List<ApiMessage> all = new ArrayList<>();
    for (ApiMessage entry : entries) {
      ApiMessage details = ApiMessage.of(name);
      for (Map.Entry<String, Object> value : values.apply(entry).entrySet()) {
        details = details.with(value.getKey(), value.getValue());
      }
      all.add(details);
    }
    return all;
  }

  private List<ApiMessage> enable(ApiMessage request, String begin) {
    boolean on = request.is("enable");
    if (on != enabled.isEmpty()) {
      return FakeVppModel.reply(request, on ? -170 : -169);
    }
    clear();
    enabled = on ? begin : "";
    return FakeVppModel.reply(request, 0);
  }

  private List<ApiMessage> pool(ApiMessage request) {
    String key = request.bytes("first_ip_address") + " vrf " + request.number("vrf_id");
    if (request.is("is_add")) {
      return FakeVppModel.reply(request, pools.putIfAbsent(key, request) == null ? 0 : -81);
    }
    return FakeVppModel.reply(request, pools.remove(key) != null ? 0 : -6);
  }

  private List<ApiMessage> face(ApiMessage request) {
    long face = request.number("sw_if_index");
    if (request.is("is_add")) {
      if (names.apply(face).equals("nothing")) {
        return FakeVppModel.reply(request, -2);
      }
      faces.put(face, request.number("flags"));
      return FakeVppModel.reply(request, 0);
    }
    return FakeVppModel.reply(request, faces.remove(face) != null ? 0 : -6);
  }

  private List<ApiMessage> mapping(ApiMessage request) {
    String key =
        "%d %s:%d"
            .formatted(
                request.number("protocol"),
                request.bytes("external_ip_address"),
                request.number("external_port"));
    if (request.is("is_add")) {
      boolean inside = mappings.values().stream().anyMatch(m -> local(m).equals(local(request)));
      boolean taken = inside || mappings.containsKey(key);
      mappings.putIfAbsent(key, request);
      return FakeVppModel.reply(request, taken ? -81 : 0);
    }
    return FakeVppModel.reply(request, mappings.remove(key) != null ? 0 : -6);
  }
}
