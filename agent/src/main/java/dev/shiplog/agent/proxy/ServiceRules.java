package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.TableSource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules of all services, view after view. Only services that a view changed are compiled again,
 * and only what this changed is told to the kernel. Used by one thread.
 */
public final class ServiceRules implements TableSource<ServiceView> {

  private final ProxySettings settings;
  private final RuleSetCompiler compiler = new RuleSetCompiler();
  private final Map<String, SortedMap<String, EndpointSlice>> slices = new HashMap<>();
  private final Map<String, List<ServicePortRule>> rules = new HashMap<>();
  private ServiceView seen = ServiceView.EMPTY;
  private Place place;
  private LiveTable table;

  public ServiceRules(ProxySettings settings) {
    this.settings = settings;
    forget();
  }

  private record Applied(LiveTable table, String change) implements Step {

    @Override
    public NftTable whole() {
      return table.whole();
    }
  }

  @Override
  public Step step(ServiceView view) {
    boolean done = false;
    try {
      Set<String> changed = takeIn(view);
      changed.forEach(this::compile);
      Step step = new Applied(table, table.takeScript());
      done = true;
      return step;
    } finally {
      if (!done) {
        forget();
      }
    }
  }

  /** After a bug in the middle of a step nothing of what is known can be built on. */
  private void forget() {
    seen = ServiceView.EMPTY;
    place = new Place(settings.nodeName(), "");
    table = new LiveTable(ProxyTable.frame(settings));
    slices.clear();
    rules.clear();
  }

  /** Which services may have other rules by this view. */
  private Set<String> takeIn(ServiceView view) {
    Set<String> changed = new TreeSet<>();
    Differences.between(seen.services(), view.services(), (key, _, _) -> changed.add(key));
    Differences.between(
        seen.slices(),
        view.slices(),
        (key, before, now) -> {
          if (before != null) {
            changed.add(forgetSlice(key, before));
          }
          if (now != null) {
            changed.add(addSlice(key, now));
          }
        });
    seen = view;
    Place here = Place.of(settings.nodeName(), view);
    if (!here.equals(place)) {
      place = here;
      changed.addAll(view.services().keySet());
    }
    return changed;
  }

  private String forgetSlice(String key, EndpointSlice slice) {
    String service = RuleSetCompiler.serviceOf(key, slice);
    slices.computeIfPresent(
        service,
        (_, some) -> {
          some.remove(key);
          return some.isEmpty() ? null : some;
        });
    return service;
  }

  private String addSlice(String key, EndpointSlice slice) {
    String service = RuleSetCompiler.serviceOf(key, slice);
    if (RuleSetCompiler.isForIpv4(slice)) {
      slices.computeIfAbsent(service, _ -> new TreeMap<>()).put(key, slice);
    }
    return service;
  }

  private List<EndpointSlice> slicesOf(String service) {
    SortedMap<String, EndpointSlice> some = slices.get(service);
    return some == null ? List.of() : List.copyOf(some.values());
  }

  private void compile(String key) {
    Service service = seen.services().get(key);
    List<ServicePortRule> before = rules.getOrDefault(key, List.of());
    List<ServicePortRule> now =
        service == null ? List.of() : compiler.compile(key, service, slicesOf(key), place);
    if (now.equals(before)) {
      return;
    }
    if (now.isEmpty()) {
      rules.remove(key);
    } else {
      rules.put(key, now);
    }
    table.put(key, now.isEmpty() ? ServiceFragment.NOTHING : FragmentMaker.make(now));
  }
}
