package io.vl3.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.net.IpAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ResolvConfTest {

  @Test
  void servers_areTheFirstThree_withoutWhatIsNone() {
    assertThat(
            ResolvConf.servers(
                """
                # nameserver 10.0.0.9
                search my-vl3
                nameserver 10.60.0.2
                 nameserver\tfd00::2
                nameserver fe80::1%eth0
                nameserver nonsense
                nameserver
                options timeout:1
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                """))
        .containsExactly(
            IpAddress.parse("10.60.0.2"), IpAddress.parse("fd00::2"), IpAddress.parse("10.0.0.3"));
  }

  @Test
  void file_isThatOfTheProcess_orOfTheMachine() {
    assertThat(ResolvConf.file(Path.of("/proc/17/ns/net")))
        .isEqualTo(Path.of("/proc/17/root/etc/resolv.conf"));
    assertThat(ResolvConf.file(Path.of("/run/netns/nobody-has-this-one")))
        .isEqualTo(Path.of("/etc/resolv.conf"));
    assertThat(ResolvConf.file(Path.of("/somewhere/else"))).isEqualTo(Path.of("/etc/resolv.conf"));
  }
}
