package io.vl3.transport.internal.unix;

import io.grpc.ManagedChannel;
import io.vl3.transport.identity.TestAuthority;

/** Descriptors travel below TLS, beside its bytes. */
class TlsFilePassingTest extends FilePassingTest {

  private final TestAuthority authority = new TestAuthority("test");

  @Override
  ManagedChannel open() throws Exception {
    transport.start(url, transport.secured(authority.source("/nse")), service);
    return transport.open(url, transport.secured(authority.source("/client")));
  }
}
