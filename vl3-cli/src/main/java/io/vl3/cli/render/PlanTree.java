package io.vl3.cli.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.vl3.ipam.IpamPlan;
import io.vl3.ipam.IpamPlan.EndpointPlan;
import io.vl3.ipam.IpamPlan.Overlap;
import io.vl3.ipam.IpamPlan.Workload;
import java.util.List;

/** An address plan as JSON or YAML; docs/configuration.md documents the record. */
public final class PlanTree {

  /** The version of the record; it changes when a field goes or changes its meaning. */
  static final int VERSION = 1;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PlanTree() {}

  /** The plans as JSON. */
  public static String json(List<ServicePlan> plans) {
    return tree(plans).toPrettyString() + "\n";
  }

  /** The plans as YAML, the same record. */
  public static String yaml(List<ServicePlan> plans) {
    YAMLFactory factory =
        YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();
    try {
      return new ObjectMapper(factory).writeValueAsString(tree(plans));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values", e);
    }
  }

  private static ObjectNode tree(List<ServicePlan> plans) {
    ObjectNode root = NODES.objectNode();
    root.put("version", VERSION);
    root.put("works", plans.stream().allMatch(service -> service.plan().works()));
    ArrayNode services = root.putArray("services");
    plans.forEach(plan -> services.add(service(plan)));
    return root;
  }

  private static ObjectNode service(ServicePlan service) {
    IpamPlan plan = service.plan();
    ObjectNode node = NODES.objectNode();
    node.put("service", service.service());
    texts(node.putArray("pools"), service.pools());
    node.put("addressing", service.addressing());
    node.put("prefixFrom", service.rule());
    node.put("planned", service.planned());
    node.put("capacity", plan.capacity());
    node.put("workloads", PlanText.total(plan));
    ArrayNode endpoints = node.putArray("endpoints");
    plan.endpoints().forEach(endpoint -> endpoints.add(endpoint(endpoint)));
    ArrayNode overlaps = node.putArray("overlaps");
    plan.overlaps().forEach(overlap -> overlaps.add(overlap(overlap)));
    texts(node.putArray("problems"), plan.problems());
    return node;
  }

  private static ObjectNode endpoint(EndpointPlan endpoint) {
    ObjectNode node = NODES.objectNode();
    node.put("number", endpoint.number());
    texts(node.putArray("prefixes"), endpoint.prefixes());
    node.put("workloads", endpoint.workloads());
    node.put("lostToExclusions", endpoint.lostToExclusions());
    node.put("paddingAddresses", endpoint.paddingAddresses());
    node.put("legacyPeerBlocks", endpoint.legacyPeerBlocks());
    ArrayNode first = node.putArray("first");
    endpoint.first().forEach(workload -> first.add(workload(workload)));
    return node;
  }

  private static ObjectNode workload(Workload workload) {
    ObjectNode node = NODES.objectNode();
    texts(node.putArray("client"), workload.client());
    texts(node.putArray("endpoint"), workload.endpoint());
    return node;
  }

  private static ObjectNode overlap(Overlap overlap) {
    return NODES
        .objectNode()
        .put("what", overlap.what())
        .put("network", overlap.network().toString())
        .put("with", overlap.with())
        .put("other", overlap.other().toString());
  }

  private static void texts(ArrayNode array, List<?> values) {
    values.forEach(value -> array.add(value.toString()));
  }
}
