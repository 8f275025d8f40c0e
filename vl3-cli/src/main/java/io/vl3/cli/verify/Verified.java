package io.vl3.cli.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.vl3.cli.pairs.Pair;
import io.vl3.cli.verify.Ways.Skipped;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of it, as its JSON shows it.
 *
 * @param pairs pings between workloads
 * @param links pings between the two ends of each link
 * @param mtus the largest packets that pass, of each way that is pinged
 * @param names names looked up by the workloads' own resolvers
 * @param rates throughput between workloads, if it was asked for
 * @param skipped what was not tried, and why
 */
@JsonPropertyOrder({"pairs", "links", "mtus", "names", "rates", "skipped"})
public record Verified(
    List<Pair> pairs,
    List<Pair> links,
    List<MtuCheck> mtus,
    List<NameCheck> names,
    List<Rate> rates,
    List<Skipped> skipped) {

  /** Copies the lists. */
  public Verified {
    pairs = List.copyOf(pairs);
    links = List.copyOf(links);
    mtus = List.copyOf(mtus);
    names = List.copyOf(names);
    rates = List.copyOf(rates);
    skipped = List.copyOf(skipped);
  }

  /** Whether everything that was tried is as it should be. */
  @JsonIgnore
  public boolean isWell() {
    return Stream.of(
            pairs.stream().map(Pair::ok),
            links.stream().map(Pair::ok),
            mtus.stream().map(MtuCheck::ok),
            names.stream().map(NameCheck::ok),
            rates.stream().map(Rate::ok))
        .allMatch(part -> part.allMatch(Boolean::booleanValue));
  }

  /** Whether there was nothing to try. */
  @JsonIgnore
  public boolean isEmpty() {
    return pairs.isEmpty() && links.isEmpty();
  }
}
