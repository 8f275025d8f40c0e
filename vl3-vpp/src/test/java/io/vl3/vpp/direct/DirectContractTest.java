package io.vl3.vpp.direct;

import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.DataPlaneContract;
import io.vl3.dataplane.Link;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The programmer keeps the contract on a VPP of each version. */
class DirectContractTest {

  @Nested
  class On2210 extends OnVersion {
    On2210() {
      super("22.10");
    }
  }

  @Nested
  class On2306 extends OnVersion {
    On2306() {
      super("23.06");
    }
  }

  @Nested
  class On2606 extends OnVersion {
    On2606() {
      super("26.06");
    }
  }

  @Nested
  @EnabledIfSystemProperty(named = GivenVpp.SOCKET, matches = ".+", disabledReason = GivenVpp.NONE)
  class OnAGivenVpp extends DataPlaneContract {
    private static final VppSettings SETTINGS = VppSettings.of("contract");
    private GivenVpp vpp;

    @Override
    protected DataPlane open() throws Exception {
      if (vpp == null) {
        vpp = GivenVpp.byProperties();
        vpp.clear(SETTINGS);
      }
      return vpp.open(SETTINGS);
    }

    @Override
    protected Link link(String key, int variant) {
      return numbered(key, variant);
    }

    @Override
    protected String state() throws Exception {
      return vpp.state();
    }

    /** It has the address of link "a". */
    @Override
    protected Link poisoned(String key) {
      return SomeLinks.numbered(key, 'a', List.of());
    }

    @AfterEach
    void stop() {
      vpp.close();
    }
  }

  private static Link numbered(String key, int variant) {
    return SomeLinks.numbered(
        key, key.charAt(0), variant == 0 ? List.of() : List.of("10.9.0.0/16"));
  }

  /** The programmer on a version. */
  abstract static class OnVersion extends DataPlaneContract {
    private final DirectRig rig;

    OnVersion(String version) {
      rig = new DirectRig(version);
    }

    @Override
    protected DataPlane open() {
      return rig.open(VppSettings.of("contract"));
    }

    @Override
    protected Link link(String key, int variant) {
      return numbered(key, variant);
    }

    @Override
    protected String state() {
      return rig.model.state();
    }

    @Override
    protected Link poisoned(String key) {
      rig.server.refuse(
          "sw_interface_tag_add_del",
          request -> request.text("tag").endsWith("." + key) ? Optional.of(-6) : Optional.empty());
      return SomeLinks.numbered(key, 99, List.of());
    }

    @AfterEach
    void stop() {
      rig.close();
    }
  }
}
