package io.vl3.vpp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.failure.Reason;
import org.junit.jupiter.api.Test;

class KeyErrorsTest {

  private static final Item ONE = face("vl3.a.b.web-1");
  private static final Item OTHER = face("vl3.a.b.web-10");
  private static final Item ROUTE =
      Item.of(
          Route.newBuilder()
              .setDstNetwork("10.9.0.0/16")
              .setOutgoingInterface("vl3.a.b.web-1")
              .build());
  private static final String LIST =
      "KeyErrors: [config/vpp/v2/route/if/vl3.a.b.web-1/vrf/0/dst/10.9.0.0/16 (CREATE): fields a,"
          + " b: bad, vpp/interface/vl3.a.b.web-1/address/static/10.0.0.1/32 (CREATE):"
          + " VPPApiError: Unspecified Error (-1), config/vpp/v2/interfaces/vl3.a.b.web-10"
          + " (UPDATE): VPPApiError: Value exist (-81)]";

  @Test
  void errorOfAnObject_endsWhereTheNextBegins() {
    assertThat(KeyErrors.of(LIST, ROUTE)).hasValue("fields a, b: bad");
    assertThat(KeyErrors.of(LIST, OTHER)).hasValue("VPPApiError: Value exist (-81)");
  }

  @Test
  void errorOfAPart_belongsToItsInterface_andNamesThePart() {
    assertThat(KeyErrors.of(LIST, ONE))
        .hasValue("address/static/10.0.0.1/32: VPPApiError: Unspecified Error (-1)");
    assertThat(KeyErrors.ofKey(LIST, ONE.key())).isEmpty();
  }

  @Test
  void objectThatIsNotInTheList_hasNoError() {
    assertThat(KeyErrors.of(LIST, face("web-1"))).isEmpty();
    assertThat(KeyErrors.of("VPP is not connected", ONE)).isEmpty();
  }

  @Test
  void whatStandsAgainstOthers_isAConflict_butOnlyAnObjectThatIsThereExists() {
    String address = "sw_interface_add_del_address: address in use (-105)";
    String others = "sw_interface_add_del_address: address is another interface's already (-127)";
    String there = "VPPApiError: Value exist (-81)";
    assertThat(KeyErrors.reason(address)).isEqualTo(Reason.CONFLICT);
    assertThat(KeyErrors.reason(others)).isEqualTo(Reason.CONFLICT);
    assertThat(KeyErrors.reason(there)).isEqualTo(Reason.CONFLICT);
    assertThat(KeyErrors.existsAlready(there)).isTrue();
    assertThat(KeyErrors.existsAlready(address)).isFalse();
    assertThat(KeyErrors.existsAlready(others)).isFalse();
    assertThat(KeyErrors.reason("no such interface (-2)")).isEqualTo(Reason.UNAVAILABLE);
  }

  private static Item face(String name) {
    return Item.of(Interface.newBuilder().setName(name).build());
  }
}
