package io.vl3.cli.demo;

/**
 * How big the demonstration is.
 *
 * @param domains nodes, each with its own manager; 1 to 16
 * @param nses NSEs in each domain; 1 to 16
 * @param workloads workloads in each domain; 1 to 200
 */
public record DemoSize(int domains, int nses, int workloads) {

  /** Checks the ranges. */
  public DemoSize {
    check("--domains", domains, 16);
    check("--nses", nses, 16);
    check("--workloads", workloads, 200);
    if (domains * nses > DemoPlan.MOST_NSES) {
      throw new IllegalArgumentException(
          "--domains x --nses: %d (expected: at most %d in all)"
              .formatted(domains * nses, DemoPlan.MOST_NSES));
    }
  }

  /** The workloads of all domains. */
  public int allWorkloads() {
    return domains * workloads;
  }

  /** The ordered pairs of different workloads. */
  public int pairs() {
    return allWorkloads() * (allWorkloads() - 1);
  }

  private static void check(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException("%s: %d (expected: 1..%d)".formatted(option, value, most));
    }
  }
}
