package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.net.IpFamily;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.direct.Image.Table;
import io.vl3.vpp.internal.direct.Image.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what VPP has: first what needs no numbers, then of each interface of ours its addresses and
 * table. Of routes those that came by the API; all others are VPP's own. VPP answers in order: it
 * is asked for all at once, or, if others ask as well, for little at a time, so that they wait for
 * no more than that.
 */
final class ImageReader {

  private static final int PIECE = 64;
  private static final int ADMIN_UP = 1;
  private static final int LINK_UP = 2;
  private static final int DROP = 2;
  private static final int TCP = 6;
  private static final long EVERYTHING = 0xffffffffL;
  private static final String SOURCE = "API";
  private static final String HOST_DUMP = "af_packet_dump";

  private final VppApi api;
  private final int dumpsAtOnce;
  private final int questionsAtOnce;
  private final Image image = new Image();

  private ImageReader(VppApi api, int dumpsAtOnce, int questionsAtOnce) {
    this.api = api;
    this.dumpsAtOnce = dumpsAtOnce;
    this.questionsAtOnce = questionsAtOnce;
  }

  /**
   * Reads while nobody else asks.
   *
   * @param nat the translation's dialect; empty: it is not looked at
   */
  static Image read(VppApi api, Optional<NatDialect> nat) throws ApiException {
    return new ImageReader(api, Integer.MAX_VALUE, Integer.MAX_VALUE).read(nat);
  }

  /** Reads while others ask. */
  static Image readAmongOthers(VppApi api, Optional<NatDialect> nat) throws ApiException {
    return new ImageReader(api, 1, PIECE).read(nat);
  }

  private Image read(Optional<NatDialect> nat) throws ApiException {
    readFaces();
    readDetails();
    readWays();
    if (nat.isPresent()) {
      readTranslation(nat.get());
    }
    return image;
  }

  private void readFaces() throws ApiException {
    List<List<ApiMessage>> dumps =
        dumps(
            List.of(
                ApiMessage.of("sw_interface_dump"),
                ApiMessage.of("memif_socket_filename_dump"),
                ApiMessage.of("memif_dump"),
                ApiMessage.of("ip_table_dump"),
                ApiMessage.of("ip_unnumbered_dump").with("sw_if_index", EVERYTHING)));
    dumps.get(0).forEach(this::addFace);
    dumps.get(1).forEach(s -> image.addSocket(s.number("socket_id"), s.text("socket_filename")));
    dumps.get(2).forEach(this::addMemif);
    if (api.has(HOST_DUMP)) {
      api.dump(ApiMessage.of(HOST_DUMP)).forEach(this::addHost);
    }
    dumps.get(3).forEach(details -> addTable(details.struct("table")));
    for (ApiMessage unnumbered : dumps.get(4)) {
      image
          .face(unnumbered.intValue("sw_if_index"))
          .ifPresent(face -> image.lend(Optional.of(unnumbered.intValue("ip_sw_if_index")), face));
    }
  }

  private void addFace(ApiMessage details) {
    Face face =
        new Face(
            details.intValue("sw_if_index"),
            Face.Kind.of(details.text("interface_dev_type")),
            details.text("interface_name"),
            details.text("tag"));
    long flags = details.number("flags");
    face.flags((flags & ADMIN_UP) != 0, (flags & LINK_UP) != 0);
    face.mac(details.bytes("l2_address").toString());
    face.mtuBytes(details.body().numbers("mtu").get(0).intValue());
    image.add(face);
  }

  private void addMemif(ApiMessage details) {
    String socket = image.sockets().file(details.number("socket_id"));
    image
        .face(details.intValue("sw_if_index"))
        .ifPresent(
            face ->
                image.memif(
                    face,
                    new Face.Memif(
                        details.number("id"),
                        details.number("role") == 0,
                        details.number("mode") == 0,
                        socket)));
  }

  private void addHost(ApiMessage details) {
    image
        .face(details.intValue("sw_if_index"))
        .ifPresent(face -> face.device(details.text("host_if_name")));
  }

  private void addTable(ApiStruct table) {
    int id = table.intValue("table_id");
    if (id != 0) {
      IpFamily family = table.is("is_ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
      image.add(new Table(id, family), table.text("name"));
    }
  }

  /** Of interfaces that carry a tag: others' addresses are nobody's business here. */
  private void readDetails() throws ApiException {
    List<Face> faces = image.faces().stream().filter(Face::isTagged).toList();
    List<Face> numbered = faces.stream().filter(face -> face.lender().isEmpty()).toList();
    List<ApiMessage> questions = new ArrayList<>();
    for (Face face : numbered) {
      questions.add(of(face, "ip_address_dump").with("is_ipv6", false));
      questions.add(of(face, "ip_address_dump").with("is_ipv6", true));
    }
    List<List<ApiMessage>> addresses = inPieces(questions, questionsAtOnce, api::dumps);
    for (int i = 0; i < addresses.size(); i++) {
      Face face = numbered.get(i / 2);
      addresses
          .get(i)
          .forEach(
              a -> face.addresses().add(IpValues.interfaceAddress(a.struct("prefix")).toString()));
    }
    if (!image.tables().isEmpty()) {
      readTables(faces);
    }
  }

  private void readTables(List<Face> faces) throws ApiException {
    List<ApiMessage> questions = new ArrayList<>();
    for (Face face : faces) {
      questions.add(of(face, "sw_interface_get_table").with("is_ipv6", false));
      questions.add(of(face, "sw_interface_get_table").with("is_ipv6", true));
    }
    List<ApiMessage> answers = inPieces(questions, questionsAtOnce, api::all);
    for (int i = 0; i < faces.size(); i++) {
      int four = answers.get(2 * i).intValue("vrf_id");
      int six = answers.get(2 * i + 1).intValue("vrf_id");
      faces.get(i).table(four != 0 ? four : six);
    }
  }

  /** Dumps of which each may be long. */
  private List<List<ApiMessage>> dumps(List<ApiMessage> questions) throws ApiException {
    return inPieces(questions, dumpsAtOnce, api::dumps);
  }

  private static <T> List<T> inPieces(List<ApiMessage> questions, int atOnce, Asker<T> asker)
      throws ApiException {
    List<T> answers = new ArrayList<>();
    for (int from = 0; from < questions.size(); ) {
      int to = from + Math.min(atOnce, questions.size() - from);
      answers.addAll(asker.ask(questions.subList(from, to)));
      from = to;
    }
    return answers;
  }

  @FunctionalInterface
  private interface Asker<T> {
    List<T> ask(List<ApiMessage> questions) throws ApiException;
  }

  private static ApiMessage of(Face face, String message) {
    return ApiMessage.of(message).with("sw_if_index", face.index());
  }

  private void readWays() throws ApiException {
    int source = source();
    List<Table> tables = new ArrayList<>(image.tables().keySet());
    tables.add(new Table(0, IpFamily.IPV4));
    tables.add(new Table(0, IpFamily.IPV6));
    List<ApiMessage> questions = new ArrayList<>();
    for (Table table : tables) {
      questions.add(
          ApiMessage.of("ip_route_v2_dump")
              .with("src", source)
              .with(
                  "table",
                  ApiStruct.of("table_id", table.id())
                      .with("is_ip6", table.family() == IpFamily.IPV6)));
    }
    for (List<ApiMessage> routes : dumps(questions)) {
      for (ApiMessage route : routes) {
        addWays(route.struct("route"));
      }
    }
  }

  private void addWays(ApiStruct route) {
    var destination = IpValues.destination(route.struct("prefix"));
    for (ApiStruct path : route.structs("paths")) {
      image.add(
          new Way(
              route.intValue("table_id"),
              destination,
              path.intValue("sw_if_index"),
              IpValues.address(path.struct("nh").struct("address"), destination.family()),
              path.number("type") == DROP));
    }
  }

  /** The number under which VPP files what came by its API. */
  private int source() throws ApiException {
    return api.dump(ApiMessage.of("fib_source_dump")).stream()
        .map(details -> details.struct("src"))
        .filter(source -> source.text("name").equals(SOURCE))
        .map(source -> source.intValue("id"))
        .findFirst()
        .orElse(0);
  }

  private void readTranslation(NatDialect dialect) throws ApiException {
    ApiMessage config = api.request(dialect.question("show_running_config"));
    if (config.number("sessions") == 0) {
      return;
    }
    add(Item.of(Nat44Global.newBuilder().setForwarding(config.is("forwarding_enabled")).build()));
    List<List<ApiMessage>> dumps =
        dumps(
            List.of(
                dialect.question("address_dump"),
                dialect.question("interface_dump"),
                dialect.question("static_mapping_dump")));
    for (ApiMessage address : dumps.get(0)) {
      add(
          Item.of(
              Nat44AddressPool.newBuilder()
                  .setFirstIp(IpValues.address(address.bytes("ip_address")).toString())
                  .setVrfId(address.intValue("vrf_id"))
                  .build()));
    }
    dumps.get(1).forEach(face -> addFace(dialect, face));
    dumps.get(2).forEach(this::addMapping);
  }

  private void addFace(NatDialect dialect, ApiMessage details) {
    long flags = details.number("flags");
    image
        .face(details.intValue("sw_if_index"))
        .ifPresent(
            face ->
                add(
                    Item.of(
                        Nat44Interface.newBuilder()
                            .setName(face.name())
                            .setNatInside((flags & dialect.inside()) != 0)
                            .setNatOutside((flags & dialect.outside()) != 0)
                            .build())));
  }

  private void addMapping(ApiMessage details) {
    add(
        Item.of(
            DNat44.newBuilder()
                .setLabel(label(details))
                .addStMappings(
                    DNat44.StaticMapping.newBuilder()
                        .setProtocol(
                            details.number("protocol") == TCP
                                ? DNat44.Protocol.TCP
                                : DNat44.Protocol.UDP)
                        .setExternalIp(
                            IpValues.address(details.bytes("external_ip_address")).toString())
                        .setExternalPort(details.intValue("external_port"))
                        .addLocalIps(
                            DNat44.StaticMapping.LocalIP.newBuilder()
                                .setVrfId(details.intValue("vrf_id"))
                                .setLocalIp(
                                    IpValues.address(details.bytes("local_ip_address")).toString())
                                .setLocalPort(details.intValue("local_port"))))
                .build()));
  }

  /** Without a tag it is another's, known by what it maps. */
  private static String label(ApiMessage details) {
    return details.text("tag").isEmpty()
        ? "%s:%d"
            .formatted(
                IpValues.address(details.bytes("external_ip_address")),
                details.intValue("external_port"))
        : details.text("tag");
  }

  private void add(Item item) {
    image.translate(item);
  }
}
