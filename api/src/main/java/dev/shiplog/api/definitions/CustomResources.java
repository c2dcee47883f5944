package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.VersionConverter;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The catalogue of everything that is served, custom resources included, as it follows from the
 * definitions this server has applied: whoever sees in a definition that it is established finds
 * its resource here. Any thread; a changed definition is read once, by whoever comes first.
 */
public final class CustomResources implements Supplier<ResourceCatalogue> {

  private final ResourceCatalogue builtIn;
  private final Supplier<Snapshot> state;
  private final Webhooks webhooks;
  private volatile Served served;

  /**
   * Makes a catalogue.
   *
   * @param webhooks through which objects are converted where their definition says so
   */
  public CustomResources(ResourceCatalogue builtIn, Supplier<Snapshot> state, Webhooks webhooks) {
    this.builtIn = builtIn;
    this.state = state;
    this.webhooks = webhooks;
    this.served = new Served(0, Map.of(), builtIn);
  }

  /** One definition at one revision, read. */
  private record Read(long revision, List<ResourceType> types) {}

  /** What was served as of a revision of the definitions. */
  private record Served(long revision, Map<String, Read> byUid, ResourceCatalogue catalogue) {}

  @Override
  public ResourceCatalogue get() {
    Snapshot now;
    try {
      now = state.get();
    } catch (ApiFailure starting) {
      return builtIn;
    }
    Served known = served;
    return now.lastRevision(Definition.RESOURCE) <= known.revision()
        ? known.catalogue()
        : read(now);
  }

  /** Where objects of the definitions in a state are kept, served or not. */
  public static Collection<StorageResource> stored(Snapshot state) {
    List<StorageResource> resources = new ArrayList<>();
    state
        .list(Definition.RESOURCE, "", "")
        .forEachRemaining(object -> resources.add(new Definition(object.tree()).storage()));
    return resources;
  }

  private synchronized ResourceCatalogue read(Snapshot now) {
    long revision = now.lastRevision(Definition.RESOURCE);
    if (revision > served.revision()) {
      Map<String, Read> byUid = new HashMap<>();
      Iterator<StoredObject> definitions = now.list(Definition.RESOURCE, "", "");
      while (definitions.hasNext()) {
        StoredObject definition = definitions.next();
        byUid.put(definition.uid(), read(definition));
      }
      served = new Served(revision, byUid, catalogue(byUid.values()));
    }
    return served.catalogue();
  }

  private Read read(StoredObject definition) {
    Read known = served.byUid().get(definition.uid());
    return known != null && known.revision() == definition.revision()
        ? known
        : new Read(
            definition.revision(), new Definition(definition.tree()).served(this::converter));
  }

  private VersionConverter converter(JsonNode webhook, String kind) {
    return new WebhookConversion(webhook, kind, webhooks, state);
  }

  private ResourceCatalogue catalogue(Collection<Read> definitions) {
    Map<String, List<ResourceType>> byGroup = new TreeMap<>();
    for (Read definition : definitions) {
      for (ResourceType type : definition.types()) {
        boolean taken = builtIn.find(type.group(), type.version(), type.plural()).isPresent();
        if (!taken) {
          byGroup.computeIfAbsent(type.group(), g -> new ArrayList<>()).add(type);
        }
      }
    }
    List<ResourceType> all = new ArrayList<>(builtIn.all());
    byGroup
        .values()
        .forEach(types -> {
          types.sort((one, other) -> one.plural().compareTo(other.plural()));
          all.addAll(types);
        });
    return new ResourceCatalogue(groups(byGroup), all);
  }

  private List<ApiGroup> groups(Map<String, List<ResourceType>> custom) {
    Map<String, ApiGroup> groups = new java.util.LinkedHashMap<>();
    builtIn.groups().forEach(group -> groups.put(group.name(), group));
    custom.forEach((name, types) -> {
      TreeSet<String> versions = new TreeSet<>(VersionOrder::compare);
      types.forEach(type -> versions.add(type.version()));
      ApiGroup known = groups.get(name);
      List<String> all = new ArrayList<>(known == null ? List.of() : known.versions());
      versions.stream().filter(version -> !all.contains(version)).forEach(all::add);
      groups.put(name, new ApiGroup(name, all));
    });
    return List.copyOf(groups.values());
  }
}
