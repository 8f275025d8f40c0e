package io.vl3.dataplane;

import io.vl3.failure.Reason;

/** The fake keeps the contract, so that tests with it mean something. */
class FakeDataPlaneTest extends DataPlaneContract {

  private final FakeDataPlane fake = new FakeDataPlane();

  @Override
  protected DataPlane open() {
    return fake;
  }

  @Override
  protected Link link(String key, int variant) {
    return Links.link(key, variant == 0 ? "10.0.0.1/32" : "10.0.0.2/32");
  }

  @Override
  protected String state() {
    return fake.state();
  }

  @Override
  protected Link poisoned(String key) {
    fake.fail(new LinkKey(key), Reason.UNAVAILABLE, "no such thing");
    return link(key, 0);
  }
}
