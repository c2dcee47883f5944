package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a ServiceCIDR says.
 *
 * @param ranges those of its ranges that Services can get addresses from
 * @param ready whether nothing says that it is not
 * @param ending whether it is being deleted
 */
record ServiceCidr(String name, List<AddressRange> ranges, boolean ready, boolean ending) {

  static final StorageResource RESOURCE = StorageResource.of("servicecidrs", "networking.k8s.io");

  /** The one that is made of the server's settings. */
  static final ObjectKey DEFAULT = new ObjectKey(RESOURCE, "", "kubernetes");

  static final String READY = "Ready";

  static ServiceCidr of(StoredObject stored) {
    ObjectNode tree = stored.content();
    List<AddressRange> ranges =
        Trees.texts(tree, "spec", "cidrs").stream()
            .map(AddressRange::find)
            .flatMap(Optional::stream)
            .toList();
    return new ServiceCidr(
        stored.key().name(),
        ranges,
        isReady(tree),
        !Trees.absent(tree, "metadata", "deletionTimestamp"));
  }

  static List<ServiceCidr> all(Snapshot state) {
    List<ServiceCidr> all = new ArrayList<>();
    state.list(RESOURCE, "", "").forEachRemaining(stored -> all.add(of(stored)));
    return all;
  }

  /**
   * The ranges to take addresses from, the cluster's own first.
   *
   * @param configured the cluster's own for as long as there is no object of it
   */
  static List<AddressRange> open(Snapshot state, AddressRange configured) {
    List<AddressRange> ranges = new ArrayList<>();
    if (state.get(DEFAULT).isEmpty()) {
      ranges.add(configured);
    }
    for (ServiceCidr cidr : all(state)) {
      if (cidr.ready() && !cidr.ending()) {
        ranges.addAll(cidr.name().equals(DEFAULT.name()) ? 0 : ranges.size(), cidr.ranges());
      }
    }
    return ranges;
  }

  boolean contains(String address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** One that nobody has looked at yet can be used. */
  private static boolean isReady(ObjectNode tree) {
    for (JsonNode condition : Trees.objects(tree, "status", "conditions")) {
      if (Trees.text(condition, "type").equals(READY)) {
        return Trees.text(condition, "status").equals("True");
      }
    }
    return true;
  }
}
