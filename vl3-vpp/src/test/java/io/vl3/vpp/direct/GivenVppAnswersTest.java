package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiStruct;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.testing.FakeVppModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real VPP and the fake answer requests with the same numbers, refusals above all. */
@EnabledIfSystemProperty(named = GivenVpp.SOCKET, matches = ".+", disabledReason = GivenVpp.NONE)
class GivenVppAnswersTest {

  private static final int NOBODY = 4000;
  private static final String FILE = "/run/vl3/memif/answers";

  @TempDir Path directory;

  @Test
  void realAndFake_answerTheSame() throws Exception {
    List<String> real;
    String version;
    try (GivenVpp vpp = GivenVpp.byProperties()) {
      version = vpp.version();
      real = new Talk(vpp, version).all();
    }
    try (FakeVppServer server =
            FakeVppServer.start(directory.resolve("api.sock"), version, new FakeVppModel());
        GivenVpp vpp =
            GivenVpp.at(server.socket(), FakeVppServer.describe(directory.resolve("d"), version))) {
      assertThat(real).isEqualTo(new Talk(vpp, version).all());
    }
  }

  /** Requests and what became of them. */
  private static final class Talk {
    private final GivenVpp vpp;
    private final String version;
    private final List<String> heard = new ArrayList<>();

    Talk(GivenVpp vpp, String version) {
      this.vpp = vpp;
      this.version = version;
    }

    List<String> all() throws ApiException {
      sockets();
      addresses();
      tables();
      routes();
      translation("nat44_ed_plugin_enable_disable", "nat44_");
      translation("nat44_ei_plugin_enable_disable", "nat44_ei_");
      heard.add(vpp.state());
      return heard;
    }

    private void sockets() throws ApiException {
      ask("socket 0", socket(0, FILE, true));
      ask("socket", socket(77, FILE, true));
      ask("socket again", socket(77, FILE, true));
      ask("socket with another file", socket(77, FILE + "2", true));
      ask("no socket", memif(78, 512, 0));
      ask("odd ring", memif(77, 500, 0));
      int face = ask("memif", memif(77, 512, 0)).intValue("sw_if_index");
      ask("memif again", memif(77, 512, 0));
      ask("no frames", of("hw_interface_set_mtu", face).with("mtu", 1300));
      ask("packets", of("sw_interface_set_mtu", face).with("mtu", List.of(1300, 0, 0, 0)));
      ask("socket in use goes", socket(77, FILE, false));
      ask("memif goes as a loopback", of("delete_loopback", face));
      ask("memif goes", of("memif_delete", face));
      ask("memif is gone", of("memif_delete", NOBODY));
      ask("socket goes", socket(77, FILE, false));
      ask("socket is gone", socket(77, FILE, false));
    }

    private void addresses() throws ApiException {
      int one = loopback(1);
      int two = loopback(2);
      ask("loopback goes as a memif", of("memif_delete", one));
      ask("address", address(one, 1, true));
      ask("address again", address(one, 1, true));
      ask("another's address", address(two, 1, true));
      ask("no address", address(one, 2, false));
      ask("nobody's address", address(NOBODY, 3, true));
      ask("shows", unnumbered(one, two, true));
      ask("shows again", unnumbered(one, two, true));
      ask("shows nobody's", unnumbered(NOBODY, two, true));
      ask("nobody shows", unnumbered(one, NOBODY, true));
      ask("shows no more", unnumbered(one, two, false));
      ask("address goes", address(one, 1, false));
      ask("name of nobody", of("sw_interface_tag_add_del", NOBODY).with("tag", "x"));
      ask("flags of nobody", of("sw_interface_set_flags", NOBODY).with("flags", 1));
      ask("loopback goes", of("delete_loopback", one));
      ask("loopback goes", of("delete_loopback", two));
      ask("loopback is gone", of("delete_loopback", NOBODY));
    }

    private void tables() throws ApiException {
      int face = loopback(1);
      int other = loopback(2);
      ask("no table", table(99, false));
      ask("to no table", toTable(face, 99));
      ask("table", table(99, true));
      ask("table again", table(99, true));
      ask("address", address(face, 1, true));
      ask("to a table with an address", toTable(face, 99));
      ask("other to a table", toTable(other, 99));
      ask("shows that of another table", unnumbered(face, other, true));
      ask("the same address in the other table", address(other, 1, true));
      ask("address goes", address(other, 1, false));
      ask("other back", toTable(other, 0));
      ask("table goes", table(99, false));
      ask("loopback goes", of("delete_loopback", face));
      ask("loopback goes", of("delete_loopback", other));
    }

    private void routes() throws ApiException {
      int face = loopback(1);
      ask("route", route(0, face, true));
      ask("route again", route(0, face, true));
      ask("route of no table", route(99, face, true));
      ask("route over nobody", route(0, NOBODY, true));
      ask("route goes", route(0, face, false));
      ask("route is gone", route(0, face, false));
      ask("loopback goes", of("delete_loopback", face));
    }

    private void translation(String enabling, String begin) throws ApiException {
      int face = loopback(1);
      ApiMessage pool =
          ApiMessage.of(begin + "add_del_address_range")
              .with("first_ip_address", ip(9))
              .with("last_ip_address", ip(9))
              .with("vrf_id", 0xffffffffL);
      ApiMessage inside =
          of(begin + "interface_add_del_feature", face)
              .with("flags", begin.equals("nat44_") ? 0x20 : 0x10);
      switchAgain("off already", ApiMessage.of(enabling).with("enable", false));
      ask("on", ApiMessage.of(enabling).with("enable", true));
      switchAgain("on already", ApiMessage.of(enabling).with("enable", true));
      ask("no pool", pool.with("is_add", false));
      ask("pool", pool.with("is_add", true));
      ask("pool again", pool.with("is_add", true));
      ask("inside", inside.with("is_add", true));
      ask("inside again", inside.with("is_add", true));
      ask("no mapping", mapping(begin, 80, false));
      ask("mapping", mapping(begin, 80, true));
      ask("mapping again", mapping(begin, 80, true));
      ask("mapping of the same inside", mapping(begin, 81, true));
      ask("mapping goes", mapping(begin, 80, false));
      ask("inside no more", inside.with("is_add", false));
      ask("not inside", inside.with("is_add", false));
      ask("pool goes", pool.with("is_add", false));
      ask("off", ApiMessage.of(enabling).with("enable", false));
      ask("loopback goes", of("delete_loopback", face));
    }

    private ApiMessage ask(String what, ApiMessage request) throws ApiException {
      ApiMessage answer = vpp.ask(request);
      heard.add("%s: %s: %d".formatted(what, request.name(), answer.retval()));
      return answer;
    }

    /** VPP 22.10 answers 1 or 0, later ones refuse; nothing depends on which. */
    private void switchAgain(String what, ApiMessage request) throws ApiException {
      if (version.equals("22.10")) {
        var unused = vpp.ask(request);
      } else {
        ask(what, request);
      }
    }

    private int loopback(int n) throws ApiException {
      return ask(
              "loopback",
              ApiMessage.of("create_loopback")
                  .with("mac_address", new byte[] {2, 0, 0, 0, 0, (byte) n}))
          .intValue("sw_if_index");
    }

    private static ApiMessage of(String name, int face) {
      ApiMessage message = ApiMessage.of(name).with("sw_if_index", face);
      return name.equals("sw_interface_tag_add_del") ? message.with("is_add", true) : message;
    }

    private ApiMessage socket(int id, String file, boolean add) {
      return newest("memif_socket_filename_add_del")
          .with("is_add", add)
          .with("socket_id", id)
          .with("socket_filename", file);
    }

    /** In its second version where there is one. */
    private ApiMessage newest(String name) {
      return ApiMessage.of(vpp.has(name + "_v2") ? name + "_v2" : name);
    }

    private ApiMessage memif(int socket, int ring, int id) {
      return newest("memif_create")
          .with("role", 1)
          .with("mode", 1)
          .with("rx_queues", 1)
          .with("tx_queues", 1)
          .with("id", id)
          .with("socket_id", socket)
          .with("ring_size", ring)
          .with("hw_addr", new byte[6])
          .with("secret", "");
    }

    private static ApiMessage address(int face, int last, boolean add) {
      return of("sw_interface_add_del_address", face)
          .with("is_add", add)
          .with("del_all", false)
          .with("prefix", prefix(last));
    }

    private static ApiMessage unnumbered(int lender, int face, boolean add) {
      return ApiMessage.of("sw_interface_set_unnumbered")
          .with("sw_if_index", lender)
          .with("unnumbered_sw_if_index", face)
          .with("is_add", add);
    }

    private static ApiMessage table(int id, boolean add) {
      return ApiMessage.of("ip_table_add_del")
          .with("is_add", add)
          .with(
              "table", ApiStruct.of("table_id", id).with("is_ip6", false).with("name", "answers"));
    }

    private static ApiMessage toTable(int face, int table) {
      return of("sw_interface_set_table", face).with("is_ipv6", false).with("vrf_id", table);
    }

    private static ApiMessage route(int table, int face, boolean add) {
      ApiStruct path =
          ApiStruct.of("sw_if_index", face)
              .with("proto", 0)
              .with("weight", 1)
              .with("type", 0)
              .with("nh", ApiStruct.of("address", ApiStruct.of("ip4", ip(7))));
      return ApiMessage.of("ip_route_add_del")
          .with("is_add", add)
          .with("is_multipath", true)
          .with(
              "route",
              ApiStruct.of("table_id", table)
                  .with("prefix", prefix(8))
                  .with("paths", List.of(path)));
    }

    private static ApiMessage mapping(String begin, int outside, boolean add) {
      return ApiMessage.of(begin + "add_del_static_mapping")
          .with("is_add", add)
          .with("local_ip_address", ip(5))
          .with("external_ip_address", ip(9))
          .with("protocol", 6)
          .with("local_port", 80)
          .with("external_port", outside)
          .with("external_sw_if_index", 0xffffffffL)
          .with("vrf_id", 0)
          .with("tag", "answers");
    }

    private static ApiStruct prefix(int last) {
      return ApiStruct.of(
              "address", ApiStruct.of("af", 0).with("un", ApiStruct.of("ip4", ip(last))))
          .with("len", 32);
    }

    private static ApiBytes ip(int last) {
      return ApiBytes.of(new byte[] {10, 99, 0, (byte) last});
    }
  }
}
