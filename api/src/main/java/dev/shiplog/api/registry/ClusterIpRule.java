package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Gives every Service that needs one a cluster IP of its own. What is in use is read from the
 * Services themselves, so an address is free again in the commit that takes it from its Service.
 *
 * <p>Addresses are drawn from the upper part of the range while there are any; the lower part is
 * left to those that are asked for by number, such as that of the cluster's DNS.
 */
public final class ClusterIpRule implements CommitRule {

  private static final String NAME = "service-cluster-ip";
  private static final int LEAST_RESERVED = 16;
  private static final int MOST_RESERVED = 256;
  private static final String FAMILY = "IPv4";

  private final AddressRange range;
  private final int reserved;
  private final IntUnaryOperator choice;

  /**
   * Makes the rule.
   *
   * @param choice from a bound, a number below it: where in the range to start looking
   */
  public ClusterIpRule(AddressRange range, IntUnaryOperator choice) {
    this.range = range;
    this.choice = choice;
    int wanted = Math.clamp(range.size() / 16, LEAST_RESERVED, MOST_RESERVED);
    this.reserved = wanted < range.usable() ? wanted : 0;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(Services.SERVICES);
  }

  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode object) {
    String address = Services.clusterIp(object);
    return address.isEmpty() || address.equals(Services.HEADLESS) ? List.of() : List.of(address);
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (after == null || Services.isExternalName(after)) {
      return;
    }
    requireFamilies(key, after);
    if (Services.isHeadless(after)) {
      return;
    }
    String asked = Services.clusterIp(after);
    if (asked.isEmpty()) {
      set(after, draw(state, key));
    } else if (before == null || !isOwn(before, asked)) {
      requireFree(state, key, asked);
    }
  }

  /** The cluster has addresses of one family. Only what brings its own may be of another. */
  private static void requireFamilies(ObjectKey key, ObjectNode service) {
    JsonNode spec = service.path("spec");
    if (Services.isHeadless(service) && spec.path("selector").isEmpty()) {
      return;
    }
    int index = 0;
    for (JsonNode family : spec.path("ipFamilies")) {
      if (!family.asText().equals(FAMILY)) {
        throw invalid(
            key,
            "spec.ipFamilies[" + index + "]",
            "\"%s\": not configured on this cluster".formatted(family.asText()));
      }
      index++;
    }
    if (spec.path("ipFamilyPolicy").asText("").equals("RequireDualStack")) {
      throw invalid(
          key,
          "spec.ipFamilyPolicy",
          "\"RequireDualStack\": this cluster is not configured for dual-stack services");
    }
  }

  private static boolean isOwn(StoredObject before, String address) {
    return address.equals(before.fields().get("spec.clusterIP"));
  }

  private void requireFree(Snapshot state, ObjectKey key, String address) {
    if (!range.contains(address)) {
      throw refused(key, address, "the provided IP is not in the valid range of cluster IPs");
    }
    if (isTaken(state, address)) {
      throw refused(key, address, "provided IP is already allocated");
    }
  }

  private static boolean isTaken(Snapshot state, String address) {
    return !state.byIndex(Services.SERVICES, NAME, address).isEmpty();
  }

  private String draw(Snapshot state, ObjectKey key) {
    String found = firstFree(state, reserved, range.usable() - reserved);
    if (found == null) {
      found = firstFree(state, 0, reserved);
    }
    if (found == null) {
      throw Failures.internal(
          "failed to allocate a serviceIP for %s: the range is full".formatted(key.text()));
    }
    return found;
  }

  private String firstFree(Snapshot state, int from, int count) {
    if (count <= 0) {
      return null;
    }
    int start = choice.applyAsInt(count);
    for (int i = 0; i < count; i++) {
      String address = range.address(from + (start + i) % count);
      if (!isTaken(state, address)) {
        return address;
      }
    }
    return null;
  }

  private static void set(ObjectNode service, String address) {
    ObjectNode spec = service.withObject("/spec");
    spec.put("clusterIP", address);
    spec.putArray("clusterIPs").add(address);
  }

  private static RuntimeException refused(ObjectKey key, String address, String why) {
    return invalid(
        key,
        "spec.clusterIPs",
        "[\"%s\"]: failed to allocate IP %s: %s".formatted(address, address, why));
  }

  private static RuntimeException invalid(ObjectKey key, String field, String what) {
    return Failures.invalid(
        "",
        "Service",
        key.name(),
        List.of(new StatusCause("FieldValueInvalid", "Invalid value: " + what, field)));
  }
}
