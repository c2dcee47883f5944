package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Services;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Gives every Service that needs one a cluster IP of its own, and makes the IPAddress of it in the
 * same commit. What is in use is read from the Services themselves, so an address is free again in
 * the commit that takes it from its Service; IPAddresses that are for something else keep theirs.
 */
public final class ClusterIpRule implements CommitRule {

  private static final String FAMILY = "IPv4";

  private final AddressSpace space;
  private final AddressBook book;

  /**
   * Makes the rule.
   *
   * @param configured the range of the cluster for as long as there is no ServiceCIDR of it
   * @param choice from a bound, a number below it: where in a range to start looking
   * @param clock tells when an IPAddress was made
   */
  public ClusterIpRule(AddressRange configured, IntUnaryOperator choice, InstantSource clock) {
    this.space = new AddressSpace(configured, choice);
    this.book = new AddressBook(clock);
  }

  @Override
  public String name() {
    return IpAddresses.INDEX;
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(Services.SERVICES) || resource.equals(IpAddresses.RESOURCE);
  }

  @Override
  public boolean completes(StorageResource resource) {
    return resource.equals(Services.SERVICES);
  }

  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode object) {
    if (resource.equals(IpAddresses.RESOURCE)) {
      return IpAddresses.holders(object);
    }
    String address = Services.address(object);
    return address.isEmpty() ? List.of() : List.of(address);
  }

  @Override
  public List<Amendment> amend(Snapshot state, List<Changed> changes) {
    return book.following(state, changes);
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    boolean service = key.resource().equals(Services.SERVICES);
    if (!service || after == null || Services.isExternalName(after)) {
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
    if (!space.contains(state, address)) {
      throw refused(key, address, "the provided IP is not in the valid range of cluster IPs");
    }
    if (AddressSpace.isTaken(state, address)) {
      throw refused(key, address, "provided IP is already allocated");
    }
  }

  private String draw(Snapshot state, ObjectKey key) {
    return space
        .free(state)
        .orElseThrow(() ->
            Failures.internal(
                "failed to allocate a serviceIP for %s: the range is full; a ServiceCIDR adds another"
                    .formatted(key.text())));
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
