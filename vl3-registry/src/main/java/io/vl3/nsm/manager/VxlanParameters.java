package io.vl3.nsm.manager;

import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpAddress;

/** Reads the parameters of a VXLAN mechanism. */
final class VxlanParameters {

  private VxlanParameters() {}

  static IpAddress address(Mechanism mechanism, String key, String whose) throws EndpointException {
    String text = mechanism.parameter(key).orElse("");
    return IpAddress.tryParse(text)
        .orElseThrow(() -> KernelParameters.invalid(whose, key, text, "an IP address"));
  }

  static int number(Mechanism mechanism, String key, int max, String whose)
      throws EndpointException {
    String text = mechanism.parameter(key).orElse("");
    if (text.matches("[1-9][0-9]{0,7}") && Integer.parseInt(text) <= max) {
      return Integer.parseInt(text);
    }
    throw KernelParameters.invalid(whose, key, text, "1.." + max);
  }

  static int vni(Mechanism mechanism, String whose) throws EndpointException {
    return number(mechanism, Mechanism.VNI, VniPool.MAX, whose);
  }
}
