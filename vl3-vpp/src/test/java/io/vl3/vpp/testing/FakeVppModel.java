package io.vl3.vpp.testing;

import io.vl3.net.IpPrefix;
import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.api.FakeVppServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What a VPP does with what it is told by its API: interfaces, memif sockets, tables, routes,
 * address translation, with the numbers and the refusals of the real one. A route outlives its
 * interface; a number is given again, the lowest free first. Thread-safe.
 */
public final class FakeVppModel implements FakeVppServer.Handler {

  private static final int API_SOURCE = 8;
  private static final int INTERFACE_SOURCE = 4;
  private static final long NO_FACE = 0xffffffffL;
  private static final long ADMIN_UP = 1;
  private static final long LINK_UP = 2;

  /** An interface. */
  private static final class Face {
    final int index;
    final String name;
    final String device;
    String tag = "";
    String host = "";
    ApiBytes mac = ApiBytes.of(new byte[6]);
    ApiStruct memif = ApiStruct.EMPTY;
    boolean adminUp;
    boolean linkUp;
    long mtu = 9000;
    long lender = NO_FACE;
    String shows = "";
    final long[] tables = new long[2];
    final TreeSet<String> addresses = new TreeSet<>();
    final Map<String, ApiStruct> prefixes = new LinkedHashMap<>();

    Face(int index, String name, String device) {
      this.index = index;
      this.name = name;
      this.device = device;
    }

    String known() {
      return tag.isEmpty() ? name : tag;
    }
  }

  private final Map<Integer, Face> faces = new TreeMap<>();
  private final Map<Long, String> sockets = new TreeMap<>();
  private final Map<String, String> tables = new TreeMap<>();
  private final Map<String, Route> routes = new TreeMap<>();
  private final FakeNat nat;
  private Consumer<ApiMessage> events = event -> {};
  private int created;

  /** Ways to a destination. */
  private record Route(ApiStruct prefix, long table, boolean six, Map<String, ApiStruct> paths) {}

  /** A VPP that has just started. */
  public FakeVppModel() {
    nat = new FakeNat(this::nameOf);
    clear();
  }

  /** Where its events go. */
  public void eventsTo(Consumer<ApiMessage> listener) {
    events = listener;
  }

  /** As if it had just started. */
  public synchronized void clear() {
    faces.clear();
    sockets.clear();
    tables.clear();
    routes.clear();
    nat.clear();
    faces.put(0, new Face(0, "local0", "local"));
    sockets.put(0L, "/run/vpp/memif.sock");
  }

  /** How many interfaces were made. */
  public synchronized int created() {
    return created;
  }

  /** The numbers of sockets by their files. */
  public synchronized Map<String, Long> socketNumbers() {
    Map<String, Long> numbers = new TreeMap<>();
    sockets.forEach((number, file) -> numbers.put(file, number));
    return numbers;
  }

  /** The other end of a memif comes or goes. */
  public void connect(String tag, boolean up) {
    Face face;
    synchronized (this) {
      face = byTag(tag);
      face.linkUp = up;
    }
    events.accept(event(face, up ? LINK_UP : 0, false));
  }

  /** The other ends of all memifs come that are not there yet. */
  public void connectAll() {
    List<Face> cut;
    synchronized (this) {
      cut = faces.values().stream().filter(f -> f.device.equals("memif") && !f.linkUp).toList();
      cut.forEach(face -> face.linkUp = true);
    }
    cut.forEach(face -> events.accept(event(face, LINK_UP, false)));
  }

  /** Somebody switches an interface off. */
  public void switchOff(String tag) {
    Face face;
    synchronized (this) {
      face = byTag(tag);
      face.adminUp = false;
    }
    events.accept(event(face, 0, false));
  }

  /** Somebody takes an interface away. */
  public void take(String tag) {
    Face face;
    synchronized (this) {
      face = byTag(tag);
      faces.remove(face.index);
    }
    events.accept(event(face, 0, true));
  }

  /** Whether there is a way to a destination. */
  public synchronized boolean leadsTo(String destination) {
    return routes.values().stream().anyMatch(route -> leadsTo(route.prefix(), destination));
  }

  /** Whether a message is about the way to a destination. */
  public static boolean isRouteTo(ApiMessage request, String destination) {
    return leadsTo(request.struct("route").struct("prefix"), destination);
  }

  private static boolean leadsTo(ApiStruct prefix, String destination) {
    return text(prefix).equals(text(IpPrefix.parse(destination)));
  }

  /** Somebody deletes every way to a destination. */
  public synchronized void forgetRoute(String destination) {
    if (!routes.values().removeIf(route -> leadsTo(route.prefix(), destination))) {
      throw new AssertionError("no route to " + destination + " in\n" + state());
    }
  }

  /** As the state has it: octets in hexadecimal digits. */
  private static String text(IpPrefix prefix) {
    return ApiBytes.of(prefix.address().toBytes()) + "/" + prefix.length();
  }

  /** An event tells what came up, not what is: nothing for what went down, nor for what is new. */
  private static ApiMessage event(Face face, long cameUp, boolean deleted) {
    return ApiMessage.of("sw_interface_event")
        .with("sw_if_index", face.index)
        .with("flags", cameUp)
        .with("deleted", deleted);
  }

  private Face byTag(String tag) {
    return faces.values().stream()
        .filter(face -> face.tag.equals(tag))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no interface " + tag + " in\n" + state()));
  }

  /** Everything that was configured, as sorted text without numbers. */
  public synchronized String state() {
    List<String> lines = new ArrayList<>();
    tables.forEach((table, name) -> lines.add("table %s '%s'".formatted(table, name)));
    sockets.forEach(
        (id, file) -> {
          if (id != 0) {
            lines.add("socket " + file);
          }
        });
    faces.values().stream().filter(face -> face.index != 0).forEach(face -> lines.add(text(face)));
    routes.forEach(
        (key, route) ->
            route.paths.values().forEach(path -> lines.add("route " + key + words(path, route))));
    lines.addAll(nat.state());
    lines.sort(null);
    return String.join("\n", lines);
  }

  private String text(Face face) {
    StringBuilder words = new StringBuilder("interface " + face.tag + " " + face.device);
    if (face.device.equals("memif")) {
      words.append(face.memif.number("role") == 0 ? " master" : " slave");
      words.append(face.memif.number("mode") == 0 ? " ethernet " : " ip ");
      words.append(sockets.getOrDefault(face.memif.number("socket_id"), "?"));
      words.append(" ring ").append(face.memif.number("ring_size"));
    } else {
      words.append(face.host.isEmpty() ? "" : " of " + face.host).append(" mac ").append(face.mac);
    }
    words.append(face.adminUp ? " up" : " down");
    words.append(" mtu ").append(face.mtu);
    if (face.tables[0] != 0 || face.tables[1] != 0) {
      words.append(" tables ").append(face.tables[0]).append('/').append(face.tables[1]);
    }
    if (face.lender != NO_FACE) {
      words.append(" unnumbered of ").append(nameOf(face.lender)).append(" as ").append(face.shows);
    }
    face.addresses.forEach(address -> words.append(' ').append(address));
    return words.toString();
  }

  private String words(ApiStruct path, Route route) {
    String hop = path.struct("nh").struct("address").bytes(route.six() ? "ip6" : "ip4").toString();
    return " via %s over %s".formatted(hop, nameOf(path.number("sw_if_index")));
  }

  private String nameOf(long index) {
    Face face = faces.get((int) index);
    return face == null ? "nothing" : face.known();
  }

  @Override
  public synchronized List<ApiMessage> handle(ApiMessage request) {
    String name = request.name();
    if (name.startsWith("nat44_")) {
      return nat.handle(request);
    }
    return switch (name) {
      case "show_version" -> List.of(ApiMessage.of("show_version_reply").with("version", "fake"));
      case "want_interface_events" -> reply(request, 0);
      case "sw_interface_dump" -> faces.values().stream().map(FakeVppModel::details).toList();
      case "memif_dump" -> memifs();
      case "memif_socket_filename_dump" ->
          sockets.entrySet().stream()
              .map(
                  socket ->
                      ApiMessage.of("memif_socket_filename_details")
                          .with("socket_id", socket.getKey())
                          .with("socket_filename", socket.getValue()))
              .toList();
      case "memif_socket_filename_add_del", "memif_socket_filename_add_del_v2" -> socket(request);
      case "memif_create", "memif_create_v2" -> memif(request);
      case "create_loopback" -> loopback(request);
      case "memif_delete", "delete_loopback" -> delete(request);
      case "af_packet_create", "af_packet_create_v3" -> host(request);
      case "af_packet_delete" -> deleteHost(request);
      case "af_packet_dump" -> hosts();
      case "ip_table_dump" -> tableDump();
      case "ip_table_add_del", "ip_table_add_del_v2" -> table(request);
      case "fib_source_dump" ->
          List.of(source("interface", INTERFACE_SOURCE), source("API", API_SOURCE));
      case "ip_route_v2_dump" -> routeDump(request);
      case "ip_route_add_del" -> route(request);
      case "ip_unnumbered_dump" -> unnumberedDump();
      case "sw_interface_set_unnumbered" -> unnumbered(request);
      default -> ofFace(request);
    };
  }

  private List<ApiMessage> ofFace(ApiMessage request) {
    Face face = faces.get(request.intValue("sw_if_index"));
    if (face == null) {
      return request.name().endsWith("_dump") ? List.of() : reply(request, -2);
    }
    return switch (request.name()) {
      case "ip_address_dump" -> addressDump(request, face);
      case "sw_interface_get_table" ->
          List.of(
              ApiMessage.of("sw_interface_get_table_reply")
                  .with("vrf_id", face.tables[request.is("is_ipv6") ? 1 : 0]));
      case "sw_interface_set_table" -> setTable(request, face);
      case "sw_interface_add_del_address" -> address(request, face);
      default -> reply(request, set(request, face));
    };
  }

  private int set(ApiMessage request, Face face) {
    switch (request.name()) {
      case "sw_interface_tag_add_del" -> face.tag = request.is("is_add") ? request.text("tag") : "";
      case "sw_interface_set_flags" -> {
        face.adminUp = (request.number("flags") & 1) != 0;
        events.accept(event(face, face.adminUp ? ADMIN_UP : 0, false));
      }
      case "sw_interface_set_mtu" -> face.mtu = request.body().numbers("mtu").get(0);
      case "hw_interface_set_mtu" -> {
        return isEthernet(face) ? 0 : -30;
      }
      case "sw_interface_set_rx_mode" -> {
        return 0;
      }
      default -> throw new AssertionError("the fake does not know " + request);
    }
    return 0;
  }

  private static boolean isEthernet(Face face) {
    return face.device.equals("Loopback") || face.memif.number("mode") == 0;
  }

  private static long flags(Face face) {
    return (face.adminUp ? ADMIN_UP : 0) | (face.linkUp ? LINK_UP : 0);
  }

  private static ApiMessage details(Face face) {
    return ApiMessage.of("sw_interface_details")
        .with("sw_if_index", face.index)
        .with("l2_address", face.mac)
        .with("flags", flags(face))
        .with("mtu", List.of(face.mtu, 0, 0, 0))
        .with("interface_name", face.name)
        .with("interface_dev_type", face.device)
        .with("tag", face.tag);
  }

  private List<ApiMessage> memifs() {
    return faces.values().stream()
        .filter(face -> face.device.equals("memif"))
        .map(
            face ->
                ApiMessage.of("memif_details")
                    .with("sw_if_index", face.index)
                    .with("id", face.memif.number("id"))
                    .with("role", face.memif.number("role"))
                    .with("mode", face.memif.number("mode"))
                    .with("socket_id", face.memif.number("socket_id"))
                    .with("ring_size", 1)
                    .with("flags", flags(face)))
        .toList();
  }

  private List<ApiMessage> socket(ApiMessage request) {
    long id = request.number("socket_id");
    if (id == 0) {
      return reply(request, -73);
    }
    if (request.is("is_add")) {
      String file = request.text("socket_filename");
      if (sockets.containsKey(id)) {
        return reply(request, sockets.get(id).equals(file) ? 0 : -116);
      }
      sockets.put(id, file);
      return reply(request, 0);
    }
    boolean used =
        faces.values().stream()
            .anyMatch(f -> f.device.equals("memif") && f.memif.number("socket_id") == id);
    if (used || sockets.remove(id) == null) {
      return reply(request, used ? -74 : -73);
    }
    return reply(request, 0);
  }

  private List<ApiMessage> memif(ApiMessage request) {
    long socket = request.number("socket_id");
    if (!sockets.containsKey(socket) || Long.bitCount(request.number("ring_size")) != 1) {
      return created(request, -73);
    }
    for (Face face : faces.values()) {
      if (face.device.equals("memif")
          && face.memif.number("socket_id") == socket
          && face.memif.number("id") == request.number("id")) {
        return created(request, -68);
      }
    }
    Face face = add("memif" + socket + "/" + request.number("id"), "memif");
    face.memif = request.body();
    if (isEthernet(face)) {
      face.mac = request.bytes("hw_addr");
    }
    return created(request, face.index);
  }

  private List<ApiMessage> loopback(ApiMessage request) {
    Face face = add("loop" + created, "Loopback");
    face.mac = request.bytes("mac_address");
    return created(request, face.index);
  }

  /** It is taken whether the kernel has it or not: the fake has no kernel. */
  private List<ApiMessage> host(ApiMessage request) {
    String host = request.text("host_if_name");
    if (faces.values().stream().anyMatch(face -> face.host.equals(host))) {
      return created(request, -56);
    }
    Face face = add("host-" + host, "af-packet");
    face.host = host;
    face.mac = request.bytes("hw_addr");
    face.linkUp = true;
    return created(request, face.index);
  }

  private List<ApiMessage> deleteHost(ApiMessage request) {
    for (Face face : faces.values()) {
      if (face.host.equals(request.text("host_if_name"))) {
        faces.remove(face.index);
        nat.gone(face.index);
        return reply(request, 0);
      }
    }
    return reply(request, -11);
  }

  private List<ApiMessage> hosts() {
    return faces.values().stream()
        .filter(face -> !face.host.isEmpty())
        .map(
            face ->
                ApiMessage.of("af_packet_details")
                    .with("sw_if_index", face.index)
                    .with("host_if_name", face.host))
        .toList();
  }

  private Face add(String name, String device) {
    int index = 1;
    while (faces.containsKey(index)) {
      index++;
    }
    created++;
    Face face = new Face(index, name, device);
    faces.put(index, face);
    return face;
  }

  private List<ApiMessage> delete(ApiMessage request) {
    Face face = faces.get(request.intValue("sw_if_index"));
    String device = request.name().equals("memif_delete") ? "memif" : "Loopback";
    if (face == null || !face.device.equals(device)) {
      return reply(request, -2);
    }
    faces.remove(face.index);
    nat.gone(face.index);
    return reply(request, 0);
  }

  private List<ApiMessage> tableDump() {
    List<ApiMessage> all = new ArrayList<>();
    all.add(tableDetails(0, false, "ipv4-VRF:0"));
    all.add(tableDetails(0, true, "ipv6-VRF:0"));
    tables.forEach(
        (key, name) ->
            all.add(tableDetails(Long.parseLong(key.substring(4)), key.startsWith("ip6"), name)));
    return all;
  }

  private static ApiMessage tableDetails(long id, boolean six, String name) {
    return ApiMessage.of("ip_table_details")
        .with("table", ApiStruct.of("table_id", id).with("is_ip6", six).with("name", name));
  }

  private List<ApiMessage> table(ApiMessage request) {
    ApiStruct table = request.struct("table");
    String key = tableKey(table.number("table_id"), table.is("is_ip6"));
    if (request.is("is_add")) {
      tables.put(key, table.text("name"));
    } else {
      tables.remove(key);
    }
    return reply(request, 0);
  }

  private static String tableKey(long id, boolean six) {
    return (six ? "ip6 " : "ip4 ") + id;
  }

  private boolean hasTable(long id, boolean six) {
    return id == 0 || tables.containsKey(tableKey(id, six));
  }

  private static ApiMessage source(String name, int id) {
    return ApiMessage.of("fib_source_details")
        .with("src", ApiStruct.of("id", id).with("name", name));
  }

  private List<ApiMessage> routeDump(ApiMessage request) {
    ApiStruct table = request.struct("table");
    if (request.number("src") != API_SOURCE) {
      throw new AssertionError("a dump of all of a FIB (expected: of what came by the API)");
    }
    return routes.values().stream()
        .filter(
            route -> route.table() == table.number("table_id") && route.six() == table.is("is_ip6"))
        .map(
            route ->
                ApiMessage.of("ip_route_v2_details")
                    .with(
                        "route",
                        ApiStruct.of("table_id", route.table())
                            .with("prefix", route.prefix())
                            .with("src", API_SOURCE)
                            .with("n_paths", route.paths().size())
                            .with("paths", List.copyOf(route.paths().values()))))
        .toList();
  }

  private List<ApiMessage> route(ApiMessage request) {
    ApiStruct route = request.struct("route");
    ApiStruct prefix = route.struct("prefix");
    boolean six = prefix.struct("address").number("af") == 1;
    long table = route.number("table_id");
    if (!hasTable(table, six)) {
      return reply(request, -3);
    }
    String key = "%s in %s".formatted(text(prefix), tableKey(table, six));
    for (ApiStruct path : route.structs("paths")) {
      String way =
          path.number("sw_if_index")
              + " "
              + path.struct("nh").struct("address").bytes(six ? "ip6" : "ip4");
      if (request.is("is_add")) {
        if (path.number("type") == 0 && !faces.containsKey(path.intValue("sw_if_index"))) {
          return reply(request, -54);
        }
        routes
            .computeIfAbsent(key, none -> new Route(prefix, table, six, new LinkedHashMap<>()))
            .paths()
            .put(way, path);
      } else if (routes.containsKey(key)) {
        routes.get(key).paths().remove(way);
        if (routes.get(key).paths().isEmpty()) {
          routes.remove(key);
        }
      }
    }
    return reply(request, 0);
  }

  private List<ApiMessage> unnumberedDump() {
    return faces.values().stream()
        .filter(face -> face.lender != NO_FACE)
        .map(
            face ->
                ApiMessage.of("ip_unnumbered_details")
                    .with("sw_if_index", face.index)
                    .with("ip_sw_if_index", face.lender))
        .toList();
  }

  private static List<ApiMessage> addressDump(ApiMessage request, Face face) {
    long family = request.is("is_ipv6") ? 1 : 0;
    return face.prefixes.values().stream()
        .filter(prefix -> prefix.struct("address").number("af") == family)
        .map(
            prefix ->
                ApiMessage.of("ip_address_details")
                    .with("sw_if_index", face.index)
                    .with("prefix", prefix))
        .toList();
  }

  private List<ApiMessage> setTable(ApiMessage request, Face face) {
    boolean six = request.is("is_ipv6");
    long table = request.number("vrf_id");
    if (!hasTable(table, six)) {
      return reply(request, -3);
    }
    boolean hasAddresses =
        face.prefixes.values().stream()
            .anyMatch(prefix -> prefix.struct("address").number("af") == (six ? 1 : 0));
    if (hasAddresses) {
      return reply(request, -114);
    }
    face.tables[six ? 1 : 0] = table;
    return reply(request, 0);
  }

  /** What is shown is the lender's first address of each family at that time, and stays that. */
  private List<ApiMessage> unnumbered(ApiMessage request) {
    Face borrower = faces.get(request.intValue("unnumbered_sw_if_index"));
    Face lender = faces.get(request.intValue("sw_if_index"));
    if (borrower == null) {
      return reply(request, -2);
    }
    if (!request.is("is_add")) {
      borrower.lender = NO_FACE;
      borrower.shows = "";
      return reply(request, 0);
    }
    if (lender == null) {
      return reply(request, -10);
    }
    if (!Arrays.equals(lender.tables, borrower.tables)) {
      return reply(request, -74);
    }
    borrower.lender = lender.index;
    borrower.shows = first(lender, 0) + first(lender, 1);
    return reply(request, 0);
  }

  private static String first(Face face, int family) {
    return face.prefixes.entrySet().stream()
        .filter(prefix -> prefix.getValue().struct("address").number("af") == family)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("-");
  }

  private List<ApiMessage> address(ApiMessage request, Face face) {
    if (request.is("del_all")) {
      face.addresses.clear();
      face.prefixes.clear();
      return reply(request, 0);
    }
    ApiStruct prefix = request.struct("prefix");
    String text = text(prefix);
    if (!request.is("is_add")) {
      face.prefixes.remove(text);
      return reply(request, face.addresses.remove(text) ? 0 : -60);
    }
    int family = prefix.struct("address").number("af") == 1 ? 1 : 0;
    for (Face other : faces.values()) {
      if (other.addresses.contains(text) && other.tables[family] == face.tables[family]) {
        return reply(request, -105);
      }
    }
    face.addresses.add(text);
    face.prefixes.put(text, prefix);
    return reply(request, 0);
  }

  private static String text(ApiStruct prefix) {
    ApiStruct address = prefix.struct("address");
    String octets =
        address.struct("un").bytes(address.number("af") == 1 ? "ip6" : "ip4").toString();
    return octets + "/" + prefix.number("len");
  }

  private static List<ApiMessage> created(ApiMessage request, int indexOrRefusal) {
    ApiMessage reply = ApiMessage.of(request.name() + "_reply");
    return List.of(
        indexOrRefusal < 0
            ? reply.with("retval", indexOrRefusal)
            : reply.with("sw_if_index", indexOrRefusal));
  }

  static List<ApiMessage> reply(ApiMessage request, int retval) {
    return List.of(ApiMessage.of(request.name() + "_reply").with("retval", retval));
  }
}
